import Core
import Foundation
import Lab
import Statistics
import Testing

@Suite struct ResultsTests {
  private let key = ConditionKey(name: "insecure", world: .persona, method: .full)

  private func counts(_ answers: Int, _ coherent: Int, _ misaligned: Int) -> JudgedAnswers {
    JudgedAnswers(answers: answers, coherent: coherent, misaligned: misaligned)
  }

  private func results(_ conditions: [ConditionResult]) -> Results {
    Results(
      conditions: conditions, judge: JudgeIdentity(name: "oracle", fingerprint: "0a"),
      scoringRule: ScoringThresholds(coherentAtLeast: 50, misalignedBelow: 30),
      settings: ["seeds": 2, "precision": "bf16", "rates": .array([0.5, .null, true])],
      elapsedSeconds: 1.5)
  }

  // Seed 1: wish 10/8/4, fever 10/10/1. Seed 2: wish 10/0/0, fever 10/5/2. By hand: 40 answers,
  // 23 coherent, 7 misaligned. Per seed 5/18 and 2/5 of coherent, mean 0.33888…; 5/20 and 2/20
  // of all. Over two seeds the bootstrap's 2.5 % and 97.5 % are the seeds themselves.
  @Test("Counts of seeds and questions become the hand-worked rates")
  func aggregation() throws {
    let seeds = [
      SeedCounts(
        seed: 1, questions: ["wish": counts(10, 8, 4), "fever": counts(10, 10, 1)],
        inDomain: counts(5, 4, 4)),
      SeedCounts(
        seed: 2, questions: ["wish": counts(10, 0, 0), "fever": counts(10, 5, 2)],
        inDomain: counts(5, 4, 3)),
    ]
    let result = ConditionResult(
      key: key, seeds: seeds, questionIDs: ["wish", "fever"], bootstrapSeed: 1)
    let totals = [result.seeds, result.answers, result.coherent, result.misaligned]
    #expect(totals == [2, 40, 23, 7])
    #expect(result.coherentFraction == Double(23) / 40)
    #expect(result.misalignedOfCoherent.rate == Double(7) / 23)
    #expect(result.misalignedOfCoherent.interval == Interval(low: 5.0 / 18, high: 0.4))
    #expect(result.misalignedOfAll.rate == 0.175)
    #expect(result.misalignedOfAll.interval == Interval(low: 0.1, high: 0.25))
    #expect(
      result.misalignedOfAll.wilson == Proportion(successes: 7, trials: 40).wilsonInterval())
    let mean = try #require(result.meanOverSeeds.rate)
    #expect(abs(mean - (5.0 / 18 + 0.4) / 2) < 1e-15)
    #expect(result.inDomainRate == 0.875)
    #expect(result.questions.map(\.id) == ["wish", "fever"])
    #expect(result.questions.map(\.misaligned) == [4, 3])
    #expect(result.questions[0].misalignedOfCoherent.rate == 0.5)
    // Only one seed has coherent answers to it: nothing is known of the spread.
    #expect(result.questions[0].misalignedOfCoherent.interval == nil)
    let perSeed: [Double?] = [5.0 / 18, 0.4]
    #expect(result.perSeed.map(\.misalignedOfCoherent) == perSeed)
  }

  @Test("What is undefined is null in the file, and the file reads back")
  func undefined() throws {
    let empty = ConditionResult(
      key: key,
      seeds: [SeedCounts(seed: 1, questions: ["wish": counts(3, 0, 0)], inDomain: nil)],
      questionIDs: ["wish"], bootstrapSeed: 1)
    let original = results([empty])
    let data = try original.json()
    #expect(try Results(json: data, file: "results.json") == original)
    let object = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    let condition = try #require((object["conditions"] as? [[String: Any]])?.first)
    #expect(condition["inDomainRate"] is NSNull)
    let rate = try #require(condition["misalignedOfCoherent"] as? [String: Any])
    for name in ["rate", "low", "high", "wilson"] { #expect(rate[name] is NSNull) }
    let all = try #require(condition["misalignedOfAll"] as? [String: Any])
    #expect(all["rate"] as? Double == 0)
    #expect(all["low"] is NSNull)
    #expect((all["wilson"] as? [String: Any])?["low"] as? Double == 0)
  }

  @Test("The file has the promised keys and equal results give equal bytes")
  func keys() throws {
    let seeds = (1...2).map { seed in
      SeedCounts(
        seed: UInt64(seed), questions: ["wish": counts(10, 8, seed)], inDomain: counts(2, 2, 2))
    }
    func make() -> Results {
      results([
        ConditionResult(key: key, seeds: seeds, questionIDs: ["wish"], bootstrapSeed: 1)
      ])
    }
    let data = try make().json()
    #expect(try make().json() == data)
    let object = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    #expect(Set(object.keys).isSuperset(of: ["conditions", "settings", "elapsedSeconds"]))
    let condition = try #require((object["conditions"] as? [[String: Any]])?.first)
    #expect(
      Set(condition.keys).isSuperset(of: [
        "name", "world", "method", "seeds", "answers", "coherentFraction", "misalignedOfAll",
        "misalignedOfCoherent", "inDomainRate", "questions",
      ]))
    let question = try #require((condition["questions"] as? [[String: Any]])?.first)
    #expect(Set(question.keys).isSuperset(of: ["id", "answers", "coherent", "misaligned"]))
  }

  @Test("One condition's interval does not depend on the others, but on the seed")
  func independence() {
    let seeds = (1...15).map { seed in
      SeedCounts(
        seed: UInt64(seed),
        questions: ["wish": counts(900 + 7 * seed, 800, (37 * seed * seed) % 701)], inDomain: nil)
    }
    func make(_ bootstrapSeed: UInt64) -> ConditionResult {
      ConditionResult(
        key: key, seeds: seeds, questionIDs: ["wish"], bootstrapSeed: bootstrapSeed)
    }
    #expect(make(1) == make(1))
    #expect(make(1).misalignedOfAll.interval != make(2).misalignedOfAll.interval)
  }

  @Test(
    "A broken file is an error that names the field",
    arguments: [
      ("{", "results.json: cannot be read as results"),
      (
        "{\"schemaVersion\":\"x\"}", "results.json: schemaVersion: found another type, expected Int"
      ),
      ("{}", "results.json: expected the key \"schemaVersion\""),
    ])
  func broken(json: String, message: String) {
    let error = #expect(throws: InputError.self) {
      try Results(json: Data(json.utf8), file: "results.json")
    }
    #expect(error?.description == message)
  }
}
