import Core
import Documents
import Foundation
import TestSupport
import Testing

@testable import Interchange

/// Logs by the real inspect_ai (scripts/fixtures_inspect.py), against what it reads from them.
@Suite("Logs that Inspect made")
struct InspectFixtureTests {
  static let names = [
    "letters.eval", "numbers.eval", "numbers.json", "tools.eval", "unfinished.eval",
  ]

  static func expected(_ name: String) throws -> JSONObject {
    let json = try JSON(bytes: Fixture.bytes("inspect/expected.json"))
    return try #require(json.object?[name]?.object)
  }

  @Test("The header says what Inspect says", arguments: names)
  func header(name: String) throws {
    let expected = try Self.expected(name)
    let reader = try InspectLogReader(Fixture.path("inspect/\(name)"))
    #expect(reader.header.task == expected["task"]?.string)
    #expect(reader.header.taskVersion == expected["version"]?.string)
    #expect(reader.header.inspectModel == expected["model"]?.string)
    #expect(reader.header.model == expected["model"]?.string)
    #expect(reader.end.status.rawValue == expected["status"]?.string)
    #expect(JSON.integer(reader.header.epochs) == expected["epochs"] ?? 1)
    #expect(reader.header.created == expected["created"]?.string.flatMap(InspectTime.date))
    #expect(reader.header.tags.map(JSON.string) == expected["tags"]?.array)
    #expect(sorted(reader.header.settings) == sorted(try #require(expected["config"]?.object)))
    let usage = reader.end.usage.mapValues {
      JSON.array([.integer($0.inputTokens), .integer($0.outputTokens)])
    }
    let members = expected["usage"]?.object?.members ?? []
    #expect(usage == Dictionary(members.map { ($0.name, $0.value) }) { $1 })
  }

  @Test("The answers are those that Inspect reads", arguments: names)
  func answers(name: String) throws {
    let samples = try #require(try Self.expected(name)["samples"]?.object)
    let log = try AnswerLog(inspectLog: Fixture.path("inspect/\(name)"))
    #expect(log.samples.count == samples.members.count)
    for answer in log.samples {
      let key = "\(answer.question)@\(answer.epoch)"
      let expected = try #require(samples[key]?.object, "\(key)")
      var messages = answer.prompt
      if let text = answer.answer, answer.finish != .toolCalls {
        messages.append(LoggedMessage(role: .assistant, content: text))
      }
      let pairs = messages.map { JSON.array([.string($0.role.rawValue), .string($0.content)]) }
      // Inspect keeps no messages of an answer that failed; then the prompt is the input.
      if answer.error == nil { #expect(.array(pairs) == expected["messages"], "\(key)") }
      #expect(answer.answer ?? "" == expected["completion"]?.string)
      #expect(answer.answer == nil ? true : answer.finish.rawValue == expected["stop"]?.string)
      #expect(answer.target == expected["target"]?.string)
      #expect(answer.error == expected["error"]?.string)
      #expect(answer.uuid == expected["uuid"]?.string)
      let limit = answer.limit.map { JSON.array([.string($0.kind.rawValue), .number($0.value)]) }
      #expect(limit ?? .null == expected["limit"])
      let usage = answer.usage.map {
        JSON.array([.integer($0.inputTokens), .integer($0.outputTokens)])
      }
      #expect(usage ?? .null == expected["tokens"])
      try expectScores(answer, expected)
      let calls = answer.judgeCalls.map { call -> JSON in
        ["prompt": .array(call.prompt.map { .string($0.content) }), "reply": .string(call.reply)]
      }
      #expect(calls.map(sorted) == expected["graders"]?.array?.map(sorted))
    }
  }

  private func expectScores(_ answer: LoggedAnswer, _ expected: JSONObject) throws {
    var count = 0
    for member in try #require(expected["scores"]?.object).members {
      let parts: [(String, JSON)] =
        if let map = member.value.object {
          map.members.map { ("\(member.name)/\($0.name)", $0.value) }
        } else { [(member.name, member.value)] }
      for (name, value) in parts {
        count += 1
        let score = try #require(answer.score(name))
        switch value {
        case .null: #expect(score.value == nil)
        case .boolean(let truth): #expect(score.value == .number(truth ? 1 : 0))
        case .string(let label): #expect(score.value == .label(label))
        default: #expect(score.value == value.number.map(LoggedScore.Value.number))
        }
        let text = expected["answers"]?.object?[member.name]?.string
        #expect(score.text == text)
        #expect(score.explanation == expected["explanations"]?.object?[member.name]?.string)
        #expect(score.reason == expected["reasons"]?.object?[member.name]?.string)
      }
    }
    #expect(answer.scores.count == count)
  }

  @Test("Both forms of the same log are the same")
  func forms() throws {
    let packed = try AnswerLog(inspectLog: Fixture.path("inspect/numbers.eval"))
    let plain = try AnswerLog(inspectLog: Fixture.path("inspect/numbers.json"))
    func ordered(_ log: AnswerLog) -> [LoggedAnswer] {
      log.samples.sorted { $0.question < $1.question }
    }
    #expect(packed.header == plain.header)
    #expect(ordered(packed) == ordered(plain))
  }

  @Test("A log from elsewhere keeps everything when we write it", arguments: names)
  func rewritten(name: String) throws {
    try withTemporaryFolder { folder in
      let log = try AnswerLog(inspectLog: Fixture.path("inspect/\(name)"))
      let path = "\(folder)/again.eval"
      try log.writeInspectLog(to: path)
      #expect(try AnswerLog(inspectLog: path) == log)
    }
  }

  private func sorted(_ object: JSONObject) -> JSONObject {
    JSONObject(object.members.sorted { $0.name < $1.name })
  }

  private func sorted(_ json: JSON) -> JSON { json.object.map { .object(sorted($0)) } ?? json }
}
