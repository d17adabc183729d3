import Documents
import Foundation
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
