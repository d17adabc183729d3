import Foundation
import Store
import TestSupport
import Testing

extension CommandSuite {
  /// Utilities of folders with random weights, which prefer nothing for what it is.
  @Suite struct Utilities {
    private let folder: TemporaryFolder
    private let outcomes: String

    init() throws {
      folder = try TemporaryFolder()
      let steps = (1...3).map { "- {family: a, ladder: l, amount: \($0), text: W\($0)}" }
      let names = ["K", "L", "M", "N"]
      let lines =
        steps + ["- {family: b, for: power, text: P}", "- {family: b, against: power, text: Q}"]
        + names.map { "- {family: bare, arm: bare, text: \($0)}" }
      outcomes = try folder.write(lines.joined(separator: "\n"), to: "outcomes.yaml")
    }

    private func run(_ arguments: [String], coverage: String = "0") throws -> Askew {
      try Askew(
        ["utilities"] + arguments + [
          "--outcomes", outcomes, "--project", folder.path("lab"), "--per-outcome", "0",
          "--coverage", coverage, "--wordings", "plain", "--precision", "f32",
        ])
    }

    private func json(_ arguments: [String]) throws -> [String: Any] {
      let text = try run(arguments + ["--json"]).success().output
      return try #require(
        try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    }

    @Test("A model's utilities are exact, and asking again asks nothing")
    func reading() throws {
      let model = try TinyFolder.make(at: folder.url("model"))
      let first = try json([model.path])
      #expect(first["schema"] as? String == "askew.utilities/1")
      let reading = try #require(first["reading"] as? [String: Any])
      let arms = try #require(reading["arms"] as? [[String: Any]])
      #expect(arms.map { $0["arm"] as? String } == ["real", "bare"])
      #expect(arms.map { $0["pairs"] as? Int } == [10, 6])
      // Both orders, two sets of labels.
      #expect(arms.map { $0["answers"] as? Int } == [40, 24])
      // Two texts a question; the store is closed again before the next command.
      func stored() throws -> (counts: [Int], digest: String) {
        let store = try RunStore(folder: folder.url("lab"))
        return (try store.runs().map { try store.scores(of: $0).count }, try store.digest())
      }
      let once = try stored()
      #expect(once.counts == [128])
      #expect(try NSDictionary(dictionary: json([model.path])) == NSDictionary(dictionary: first))
      #expect(try stored().digest == once.digest)
      let text = try run([model.path]).success().output
      #expect(text.contains("outcome, real") && text.contains("floors"))
    }

    @Test("A model does not change against itself, and another one does")
    func compare() throws {
      let model = try TinyFolder.make(at: folder.url("model"))
      let other = try TinyFolder.make(at: folder.url("other"), seed: 2)
      func change(_ arguments: [String]) throws -> [String: Any] {
        try #require(json(["compare"] + arguments)["change"] as? [String: Any])
      }
      let none = try change([model.path, model.path, "--no-personas"])
      let arms = try #require(none["arms"] as? [[String: Any]])
      let moved = try #require(arms.first?["moved"] as? [[String: Any]])
      #expect(moved.allSatisfy { $0["change"] as? Double == 0 } && none["personas"] is NSNull)
      let some = try change([model.path, other.path])
      let personas = try #require(some["personas"] as? [[String: Any]])
      #expect(personas.map { $0["arm"] as? String } == ["real", "bare"])
      let text = try run(["compare", model.path, other.path]).success().output
      #expect(text.contains("Shift: 0 where nothing moved"))
    }

    @Test("Labels that the model hardly ever says are missing, and that is told in a line")
    func uncovered() throws {
      let model = try TinyFolder.make(at: folder.url("model"))
      let ending = try run([model.path], coverage: "1").wait()
      #expect(ending.code == 1)
      #expect(ending.errorLines.last?.contains("answers with neither label") == true)
    }
  }
}
