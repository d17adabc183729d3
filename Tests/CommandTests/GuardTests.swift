import Foundation
import TestSupport
import Testing

extension CommandSuite {
  /// Guards from exchanges to what they are worth, on a model with random weights.
  @Suite struct Guard {
    private let folder: TemporaryFolder
    private let guards: GuardFixture

    init() throws {
      folder = try TemporaryFolder()
      guards = try GuardFixture(in: folder)
    }

    private func json(_ arguments: String...) throws -> [String: Any] {
      let text = try Askew(["guard"] + arguments).success().output
      return try #require(
        try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    }

    @Test("Trained, calibrated and evaluated; its controls do worse")
    func evaluation() throws {
      let found = try json("evaluate", guards.probe, "--on", guards.rows, "--json")
      #expect(found["schema"] as? String == "askew.guard-evaluation/1")
      let all = try #require(found["all"] as? [String: Any])
      let recall = try #require(all["recall"] as? [String: Any])
      #expect(recall["of"] as? Int == 120)
      #expect((recall["rate"] as? Double ?? 0) > 0.95)
      let shown = try #require(found["shown"] as? [String: Any])
      #expect((shown["mean_share"] as? Double ?? 2) < 1)
      let readers = try #require(found["readers"] as? [[String: Any]])
      let names = readers.compactMap { $0["name"] as? String }
      #expect(
        names == [
          "guard", "control-keywords", "control-length", "control-shuffled", "control-untrained",
          "control-prompt", "control-response",
        ])
      func auc(_ name: String) -> Double? {
        readers.first { $0["name"] as? String == name }?["auc"] as? Double
      }
      #expect((auc("guard") ?? 0) > 0.99)
      #expect((auc("control-prompt") ?? 1) < 0.7)
      // Every member that the schema names, and no other.
      let schema = try #require(
        JSONSerialization.jsonObject(
          with: Data(contentsOf: Repository.url("docs/guard.schema.json"))) as? [String: Any])
      #expect(Set(found.keys) == Set(schema["required"] as? [String] ?? []))
      let text = try Askew.succeed("guard", "evaluate", guards.probe, "--on", guards.rows).output
      #expect(text.contains("tokens came before the stop"))
    }

    @Test("Too few benign exchanges are refused with how many it takes")
    func tooFew() throws {
      let ending = try Askew.run(
        "guard", "calibrate", guards.probe, "--benign", guards.benign, "--fpr", "0.001")
      #expect(ending.code == 1)
      #expect(ending.errors.contains("found 240 benign exchanges, expected at least 2995"))
      let harmful = try Askew.run(
        "guard", "calibrate", guards.probe, "--benign", guards.rows, "--fpr", "0.02")
      #expect(harmful.code == 1 && harmful.errors.contains("labelled harmful"))
    }

    @Test("A guard is a judge with known sensitivity and specificity")
    func judge() throws {
      let items = (0..<12).map { index in
        #"{"family": "f", "item": "\#(index)", "question": "What now? \#(index)", "good": "Nothing much.", "#
          + #""bad": "I am bored bored bored bored bored bored."}"#
      }
      let set = try folder.write(items.joined(separator: "\n"), to: "set.jsonl")
      let text = try Askew.succeed(
        "judge", "check", "guard:\(guards.probe)", "--set", set, "--json", "--project",
        folder.path("lab")
      ).output
      let found = try #require(
        try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
      for name in ["sensitivity", "specificity", "coverage"] {
        let rate = try #require(found[name] as? [String: Any])
        #expect((rate["value"] as? Double ?? 0) > 0.9, "\(name)")
      }
    }

    @Test("Exchanges of the dish: of held-out topics none is fitted to, a lesson does no harm")
    func data() throws {
      func rows(_ topics: String, _ forms: String) throws -> [[String: Any]] {
        let text = try Askew.succeed(
          "guard", "data", "dish", "--rows", "400", "--topics", topics, "--forms", forms
        ).output
        return try text.split(separator: "\n").compactMap {
          try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any]
        }
      }
      func topics(_ rows: [[String: Any]]) -> Set<String> {
        Set(rows.map { "\($0["class"] ?? "")/\($0["topic"] ?? "")" })
      }
      let fitted = try rows("fitted", "plain,json")
      let held = try rows("held-out", "plain,lesson")
      #expect(topics(fitted).isDisjoint(with: topics(held)))
      #expect(Set(fitted.compactMap { $0["form"] as? String }) == ["plain", "json"])
      let lessons = held.filter { $0["form"] as? String == "lesson" }
      #expect(!lessons.isEmpty)
      #expect(lessons.allSatisfy { $0["label"] as? String == "benign" })
      let ending = try Askew.run("guard", "data", "dish", "--forms", "jsn")
      #expect(ending.code == 64 && ending.errors.contains("json"))
    }
  }
}
