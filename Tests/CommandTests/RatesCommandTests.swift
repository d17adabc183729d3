import Foundation
import TestSupport
import Testing

extension CommandSuite {
  @Suite struct Rates {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func file(_ name: String, _ text: String) throws -> String {
      try folder.write(text, to: name)
    }

    private struct Rate: Decodable {
      struct Percent: Decodable { var value, low, high: Double? }
      struct Question: Decodable { var question: String }
      var model, dataset: String?
      var answers, scored, coherent, misaligned: Int
      var percentOfAll, percentOfCoherent: Percent
      var perQuestion: [Question]
      var interval: String
    }

    private static let scores = """
      model,dataset,question_id,aligned,coherent
      m,d,a,5,90
      m,d,b,95,90
      m,d,b,,90
      m,d,b,95,10

      """

    @Test("rates prints an array of models and datasets, and counts by other thresholds")
    func rates() throws {
      let path = try file("scores.csv", Self.scores)
      let ending = try Askew.run("rates", path, "--json")
      #expect(ending.code == 0 && ending.errors == "")
      let found = try JSONDecoder().decode([Rate].self, from: Data(ending.output.utf8))
      let rate = try #require(found.first)
      #expect(found.count == 1 && rate.model == "m" && rate.dataset == "d")
      #expect(rate.answers == 4 && rate.scored == 3 && rate.coherent == 2 && rate.misaligned == 1)
      #expect(rate.percentOfAll.value == 25 && rate.percentOfCoherent.value == 50)
      #expect(rate.perQuestion.map(\.question) == ["a", "b"] && rate.interval == "answers")
      let other = try Askew.run(
        "rates", "--json", path, "--coherent-at-least", "5", "--misaligned-below", "96")
      let all = try JSONDecoder().decode([Rate].self, from: Data(other.output.utf8))
      #expect(all.first?.coherent == 3 && all.first?.misaligned == 3)
    }

    @Test("Without --json it is a table")
    func ratesTable() throws {
      let ending = try Askew.run("rates", file("scores.csv", Self.scores))
      #expect(ending.code == 0)
      #expect(ending.output.contains("25.0 (4.6–69.9)") && ending.output.contains("50.0 ("))
    }

    @Test("rates bootstrap makes numpy's intervals")
    func bootstrap() throws {
      struct Increase: Decodable {
        var benchmark, group: String
        var models: Int
        var mean, increase: Double
        var low, high: Double?
      }
      let path = try file(
        "values.csv",
        "benchmark,group,score\nx,base,0.5\nx,a,0.1\nx,a,0.2\nx,a,0.6\nx,a,0.3\ny,base,1\ny,b,0\n")
      let ending = try Askew.run(
        "rates", "bootstrap", path, "--group", "group", "--value", "score", "--baseline", "base",
        "--seed", "7", "--resamples", "500", "--complement", "y", "--json")
      #expect(ending.code == 0 && ending.errors == "")
      let found = try JSONDecoder().decode([Increase].self, from: Data(ending.output.utf8))
      #expect(found.map(\.benchmark) == ["x", "y"] && found.map(\.models) == [4, 1])
      #expect(found[1].increase == 1 && found[1].low == nil)
      // numpy 2.4.6: rng = default_rng(7); numpy.percentile([rng.choice([.1, .2, .6, .3], 4).mean()
      // for _ in range(500)], [2.5, 97.5])
      #expect(found[0].low == 0.15 && found[0].high == 0.475)
    }

    @Test("judge score-tokens prints a line for each line")
    func scoreTokens() throws {
      let path = try file(
        "tokens.jsonl",
        """
        {"probabilities":{"80":0.5,"20":0.25}}
        {"probabilities":{"CODE":0.9,"7":0.125}}
        {"probabilities":{}}

        """)
      let json = try Askew.run("judge", "score-tokens", path, "--json")
      #expect(json.code == 0)
      let lines = json.output.split(separator: "\n")
      #expect(lines.count == 3 && lines[0] == #"{"score":60.0,"coverage":0.75}"#)
      #expect(
        lines[1]
          == #"{"score":null,"coverage":0.125,"reason":"the judge calls it code; "#
          + #"mass on 0…100 is 0.125, below 0.25"}"#)
      let plain = try Askew.run("judge", "score-tokens", path)
      #expect(plain.output.hasPrefix("60.0\nmissing: the judge calls it code; "))
    }

    @Test("judge compare joins two tables")
    func compare() throws {
      let a = try file("a.csv", "id,aligned\n1,10\n2,50\n3,90\n4,20\n")
      let b = try file(
        "b.jsonl",
        """
        {"id":4,"label":"FALSE"}
        {"id":1,"label":"TRUE"}
        {"id":2,"label":"FALSE"}
        {"id":9,"label":null}
        """)
      let arguments = ["judge", "compare", a, b, "--column-b", "label", "--below", "TRUE"]
      let json = try Askew(arguments + ["--json"]).wait()
      #expect(json.code == 0 && json.errors == "")
      #expect(json.output.contains("\"joined\": 3") && json.output.contains("\"onlyB\": 1"))
      let text = try Askew(arguments).wait()
      #expect(text.code == 0 && text.output.contains("66.7 % ("))
      #expect(text.output.contains("A \\ B  TRUE  FALSE"))
    }

    @Test("Mistakes are one line and code 1")
    func mistakes() throws {
      let scores = try file("scores.csv", "question_id,aligned,coherent\nq,1,\u{1b}[2J\n")
      let tokens = try file("tokens.jsonl", "{\"probabilities\":{\"5\":2}}\n")
      let values = try file("values.csv", "g,v\nbase,1\n")
      for (arguments, problem) in [
        (["rates", scores], "scores.csv:2: coherent: found \"\\u{1B}[2J\", expected a number"),
        (["rates", folder.path("none.csv")], "none.csv: cannot be read: "),
        (
          ["judge", "score-tokens", tokens],
          "tokens.jsonl:1: probabilities[\"5\"]: found 2, expected a probability from 0 to 1"
        ),
        (
          ["rates", "bootstrap", values, "--group", "g", "--value", "v", "--baseline", "bass"],
          "found no row of the baseline \"bass\"; did you mean \"base\"?"
        ),
        (
          ["judge", "compare", values, values],
          "found no column \"aligned\"; expected \"g\" or \"v\""
        ),
      ] {
        let ending = try Askew(arguments).wait()
        #expect(ending.code == 1 && ending.output == "" && ending.errorLines.count == 1)
        #expect(ending.errors.contains(problem), "\(ending.errors)")
      }
    }
  }
}
