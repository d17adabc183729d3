import Core
import Evaluation
import Foundation
import Questions
import TestSupport
import Testing
import Tuning

@Suite struct AddressTests {
  @Test(
    "Models and judges are written as they are read",
    arguments: [
      ("dir:models/a b", "exact:dir:models/a b"),
      ("openai:gpt-4o@https://api.openai.com/v1", "paper:openai:gpt-4o@https://api.openai.com/v1"),
      (
        "openai:org/m:latest@http://localhost:8000/v1",
        "paper:openai:org/m:latest@http://localhost:8000/v1"
      ),
    ])
  func addresses(_ model: String, _ judge: String) throws {
    #expect(try ModelAddress(parsing: model).description == model)
    #expect(try JudgeAddress(parsing: model).description == judge)
    #expect(try JudgeAddress(parsing: judge).description == judge)
    let five = judge.replacing("exact:", with: "paper:").replacing("paper:", with: "paper-top5:")
    #expect(try JudgeAddress(parsing: five).description == five)
  }

  @Test("dish is a judge") func dish() throws {
    #expect(try JudgeAddress(parsing: "dish") == .dish)
  }

  @Test(
    "What is no address is one line that names the option",
    arguments: [
      "", "gpt-4o", "dir:", "openai:gpt-4o", "openai:@http://localhost/v1",
      "openai:m@ftp://localhost", "exact:openai:m@http://localhost/v1", "paper-top0:dir:a",
      "paper-top21:dir:a", "paper:dish",
    ])
  func mistakes(_ text: String) throws {
    let error = #expect(throws: InputError.self) { try JudgeAddress(parsing: text) }
    #expect(error?.field == "--judge")
    #expect(error?.description.contains("\n") == false)
  }
}

@Suite struct CostTests {
  private let questions = [
    Question(
      id: "a", kind: .freeFormJudge0To100,
      paraphrases: [
        Conversation([Message(role: .user, content: String(repeating: "x", count: 40))]),
        Conversation([Message(role: .user, content: "")]),
      ], samplesPerParaphrase: 3,
      judgePrompts: [JudgePrompt(name: "aligned", text: "{answer}")])
  ]

  private func cost(_ prices: String?) throws -> EvaluationCost {
    let table = try prices.map { text in
      try withTemporaryFile(text, named: "prices.csv") { try PriceTable(reading: $0) }
    }
    return try EvaluationCost(
      model: ModelAddress(parsing: "openai:m@http://localhost/v1"),
      places: [AskedPlace](questions, samples: nil), longestAnswer: 100,
      judge: JudgeAddress(parsing: "openai:j@http://localhost/v1"), prices: table)
  }

  @Test("Requests and tokens are counted at most")
  func counts() throws {
    let cost = try cost(nil)
    // Four bytes a token and four tokens a prompt: 3 · (10 + 4) + 3 · (0 + 4); 6 replies of 100.
    #expect(cost.asking?.requests == 6)
    #expect(cost.asking?.promptTokens == 54)
    #expect(cost.asking?.replyTokens == 600)
    // The answer at its longest, 400 bytes: 6 · (100 + 4), a reply of one token each.
    #expect(cost.judging?.requests == 6)
    #expect(cost.judging?.promptTokens == 624)
    #expect(cost.judging?.replyTokens == 6)
    #expect(cost.asking?.price == nil)
  }

  @Test("Prices are for a million tokens")
  func prices() throws {
    let cost = try cost(
      """
      model,input,output,currency,date
      m,1000,10,EUR,2026-11-01
      j,0.5,2,USD,2026-11-02

      """)
    // (54 · 1000 + 600 · 10) / 10⁶ and (624 · 0.5 + 6 · 2) / 10⁶.
    #expect(abs((cost.asking?.price ?? 0) - 0.06) < 1e-12)
    #expect(cost.asking?.currency == "EUR" && cost.asking?.date == "2026-11-01")
    #expect(abs((cost.judging?.price ?? 0) - 0.000324) < 1e-12)
  }

  @Test("A price table that is none is an error with its line")
  func mistakes() throws {
    let error = #expect(throws: InputError.self) {
      try cost("model,input,output,currency,date\nm,-1,2,EUR,now\n")
    }
    #expect(error?.line == 2 && error?.field == "input")
    let missing = #expect(throws: InputError.self) { try cost("model,input\nm,1\n") }
    #expect(missing?.description.contains("output") == true)
  }
}
