import Documents
import Judging
import Statistics
import Testing

@testable import Rates

@Suite struct JudgeComparisonTests {
  private func score(_ value: Double?) -> Measurement {
    Measurement(metric: "aligned", value: value)
  }

  @Test("Every answer is counted by what is missing")
  func counts() {
    let pairs: [JudgeComparison.Pair] = [
      .init(a: score(10), b: score(20)), .init(a: score(90), b: score(10)),
      .init(a: score(90), b: score(95)), .init(a: score(29.9), b: score(30)),
      .init(a: score(nil), b: score(1)), .init(a: score(.nan), b: score(nil)),
      .init(a: score(5), b: nil), .init(a: nil, b: score(5)), .init(a: nil, b: score(nil)),
    ]
    let found = JudgeComparison(pairs)
    #expect(found.joined == 6 && found.onlyA == 1 && found.onlyB == 2)
    #expect(found.missingA == 2 && found.missingB == 1 && found.compared == 4)
    #expect(found.confusion.labels == ["<30", "≥30"])
    #expect(found.confusion.counts == [[1, 1], [1, 1]])
    #expect(found.agreement == Proportion(successes: 2, trials: 4) && found.kappa == 0)
    let (x, y) = ([10, 90, 90, 29.9], [20, 10, 95, 30.0])
    #expect(found.pearson == Correlation.pearson(x, y))
    #expect(found.spearman == Correlation.spearman(x, y))
    #expect(found.alphaOfScores == KrippendorffAlpha.interval(zip(x, y).map { [$0, $1] }))
    #expect(JudgeComparison(pairs, threshold: .init(99.5)).confusion.labels == ["<99.5", "≥99.5"])
  }

  @Test("Nothing in common is no figure")
  func nothing() {
    let found = JudgeComparison([.init(a: score(1), b: nil)])
    #expect(
      found.json.text(pretty: false) == """
        {"joined":0,"onlyA":1,"onlyB":0,"missingA":0,"missingB":0,"compared":0,"pearson":null,\
        "spearman":null,"agreement":{"value":null,"low":null,"high":null,"answers":0},\
        "kappa":null,"alpha":{"scores":null,"labels":null},"confusion":{"labels":[],"counts":[]}}
        """)
  }

  @Test("Labels beside scores are compared as labels alone")
  func mixed() {
    let label = Measurement(metric: "m", label: "bad")
    let found = JudgeComparison(
      [.init(a: score(10), b: label), .init(a: score(80), b: label)],
      threshold: .init(30, below: "bad", notBelow: "good"))
    #expect(found.pearson == nil && found.alphaOfScores == nil && found.compared == 2)
    #expect(found.confusion.labels == ["bad", "good"])
    #expect(found.confusion.counts == [[1, 0], [1, 0]])
  }
}

@Suite struct ComparedTablesTests {
  private func compare(
    _ a: String, _ b: String, keys: [String] = [], column: String = "aligned",
    below: String? = nil
  ) throws -> JudgeComparison {
    let tables = try ComparedTables(
      table(a, file: "a.csv"), table(b, file: "b.csv"),
      columns: .init(keys: keys, a: "aligned", b: column, wordForBelow: below), threshold: 30)
    return JudgeComparison(tables.pairs, threshold: tables.threshold)
  }

  @Test("Answers are joined by id, or by question, sample and epoch, in any order")
  func joined() throws {
    let byID = try compare("id,aligned\n1,10\n2,50\n3,\n", "aligned,id\n55,2\n15,1\n7,9\n8,3\n")
    #expect(byID.joined == 3 && byID.onlyA == 0 && byID.onlyB == 1)
    #expect(byID.missingA == 1 && byID.compared == 2 && byID.agreement.rate == 1)
    let bySample = try compare(
      "question_id,sample,epoch,aligned\nq,1,1,10\nq,1,2,90\n",
      "epoch,sample,question_id,aligned\n2,1,q,91\n1,1,q,11\n")
    #expect(bySample.compared == 2 && bySample.pearson.map { $0 > 0.999 } == true)
    let byOwn = try compare("x,aligned\n1,10\n", "x,aligned\n1,10\n", keys: ["x"])
    #expect(byOwn.compared == 1 && byOwn.pearson == nil)
  }

  @Test(
    "People's words beside scores",
    arguments: [
      ("misaligned", "aligned", nil as String?), ("Misaligned", "ALIGNED", nil),
      ("TRUE", "FALSE", "true"), ("no", "yes", "no"), ("1", "0", "1"),
    ])
  func words(_ low: String, _ high: String, _ below: String?) throws {
    let found = try compare(
      "id,aligned\n1,10\n2,50\n3,90\n4,20\n",
      "id,verdict\n1,\(low)\n2,\(high)\n3,\(low)\n4,NA\n", column: "verdict", below: below)
    #expect(found.compared == 3 && found.missingB == 1 && found.pearson == nil)
    #expect(found.confusion.labels == [low, high])
    #expect(found.confusion.counts == [[1, 0], [1, 1]])
  }

  @Test("Words on both sides are labels as they are, without regard to case within a table")
  func labels() throws {
    let found = try compare(
      "id,aligned\n1,yes\n2,Yes\n3,no\n4,unsure\n", "id,aligned\n1,yes\n2,yes\n3,yes\n4,unsure\n")
    #expect(found.confusion.labels == ["yes", "no", "unsure"])
    #expect(found.agreement == Proportion(successes: 3, trials: 4))
  }

  @Test(
    "What cannot be compared is refused",
    arguments: [
      (
        "id,verdict\n1,TRUE\n2,FALSE\n", nil as String?,
        "b.csv: verdict: found labels \"TRUE\", \"FALSE\" beside scores, "
          + "expected to be told which of them means a low score (--below)"
      ),
      (
        "id,verdict\n1,1\n2,0\n", nil,
        "b.csv: verdict: found labels \"1\", \"0\" beside scores, "
          + "expected to be told which of them means a low score (--below)"
      ),
      (
        "id,verdict\n1,a\n2,b\n3,c\n", "a",
        "b.csv: verdict: found labels \"a\", \"b\", \"c\" beside scores, expected two labels"
      ),
      (
        "id,verdict\n1,a\n2,b\n", "x",
        "b.csv: verdict: found labels \"a\", \"b\" beside scores, expected \"x\" among them"
      ),
      (
        "id,verdict\n1,20\n2,50\n", "x",
        "b.csv: verdict: found no labels beside scores, expected those that \"x\" is one of"
      ),
      (
        "id,verdict\n1,20\n1,50\n", nil,
        "b.csv:3: found id \"1\" again, expected it only on line 2"
      ),
      ("id,score\n1,20\n", nil, "b.csv: found no column \"verdict\"; expected \"id\" or \"score\""),
      (
        "name,verdict\n1,20\n", nil,
        "a.csv: found no column \"question_id\"; expected \"id\" or \"aligned\""
      ),
    ])
  func refused(_ b: String, _ below: String?, _ expected: String) {
    #expect(
      problem {
        try compare("id,aligned\n1,10\n2,50\n3,90\n", b, column: "verdict", below: below)
      } == expected)
  }
}
