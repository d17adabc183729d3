import Documents
import Foundation
import Store
import TestSupport
import Testing

extension CommandSuite {
  @Suite struct Contrast {
    private func json(_ arguments: [String]) throws -> [JSONObject] {
      let ending = try Askew(["contrast"] + arguments + ["--json"]).success()
      return try JSONLines.objects(
        in: Array(ending.output.utf8), file: "output", nonFinite: .refused
      ).map(\.object)
    }

    private func number(_ value: JSON?) -> Double? {
      switch value {
      case .number(let number)?: number
      case .integer(let number)?: Double(number)
      default: nil
      }
    }

    @Test("Items are what askew score says of their texts, and no model changes against itself")
    func equalToScore() throws {
      let place = try TemporaryFolder()
      let model = try TinyFolder.make(at: place.url("model"))
      let set = try place.write(
        #"{"family":"a","question":"What now?","good":"We wait.","bad":["Go","Run away"]}"#,
        to: "set.jsonl")
      let rows = try place.write(
        ["We wait.", "Go", "Run away"].map {
          #"{"messages":[{"role":"user","content":"What now?"},{"role":"assistant","content":"\#($0)"}]}"#
        }.joined(separator: "\n"), to: "rows.jsonl")
      let same = ["--precision", "f32"]
      let scored = try Askew(
        ["score", "--model", model.path, "--data", rows, "--json"] + same
      ).success()
      let perToken = try JSONLines.objects(
        in: Array(scored.output.utf8), file: "output", nonFinite: .refused
      ).map { line -> Double in
        try -#require(number(line.object["nll"])) / #require(number(line.object["tokens"]))
      }
      let own =
        ["--model", model.path, "--set", set, "--project", place.path("lab")] + same
      let lines = try json(own)
      #expect(lines.count == 2)
      let good = try #require(number(lines[0]["good"]))
      let bad = try #require(number(lines[0]["bad"]))
      #expect(abs(good - perToken[0]) < 1e-12)
      #expect(abs(bad - (perToken[1] + perToken[2]) / 2) < 1e-12)
      #expect(try abs(#require(number(lines[0]["difference"])) - (bad - good)) < 1e-12)
      let change = try json(own + ["--base", model.path])
      #expect(number(change[0]["difference"]) == 0)
      guard case .array(let summary)? = change[1]["summary"] else {
        Issue.record("no summary")
        return
      }
      #expect(summary.count == 2)
    }

    @Test("A plan of contrasts that is killed twenty times finds what an undisturbed one finds")
    func killed() throws {
      let place = try TemporaryFolder()
      let model = try TinyFolder.make(at: place.url("model"))
      let plan = try place.write(
        """
        name: lean
        question: Does it spread?
        model: \(model.path)
        seeds: 2
        training: {rank: 2, steps: 20, batch: 4}
        conditions: {base: {}, bad: {data: bad-medical}, good: {data: good-medical}}
        evaluate:
          lean: {contrast: free-form, change-from: base}
          said: {questions: first-plot, samples: 2, max-tokens: 8}
        compare: [{of: bad, against: good, on: lean}]
        """, to: "plan.yaml")
      func arguments(_ project: String) -> [String] {
        ["run", plan, "--precision", "f32", "--project", place.path(project)]
      }
      try Askew(arguments("calm")).success()
      var random = SystemRandomNumberGenerator()
      let kills = try Askew.runAgainAndAgain(arguments("killed"), limit: 20) { _ in
        Double.random(in: 0.05...0.6, using: &random)
      }
      #expect(kills > 0)
      let found = try ["calm", "killed"].map {
        try Askew(arguments($0) + ["--json"]).success().output
      }
      #expect(found[0] == found[1])
      let digests = try ["calm", "killed"].map { try RunStore(folder: place.url($0)).digest() }
      #expect(digests[0] == digests[1])
    }

    @Test("A set that nobody has is one line with the names that there are")
    func unknown() throws {
      let place = try TemporaryFolder()
      let model = try TinyFolder.make(at: place.url("model"))
      let ending = try Askew(
        ["contrast", "--model", model.path, "--set", "whish", "--project", place.path("lab")]
      ).wait()
      #expect(ending.code == 1 && ending.errorLines.count == 1)
      #expect(ending.errors.contains("tone") && ending.errors.contains("free-form"))
    }
  }
}
