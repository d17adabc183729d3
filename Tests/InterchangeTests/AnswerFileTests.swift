import Core
import Formats
import Foundation
import Testing

@testable import Interchange

@Suite("Answers as tables")
struct AnswerFileTests {
  private func read(
    _ text: String, _ file: String, scores: [String] = []
  ) throws(InputError) -> [ModelAnswers] {
    try AnswerFile.parse(Data(text.utf8), file: file, scores: scores)
  }

  @Test("A table of ours is read again, but for what it has no columns for")
  func csvRoundTrip() throws {
    let csv = AnswerCSV(metrics: ["aligned", "coherent"])
    let log = Examples.log
    let text = csv.header + log.samples.map { csv.line($0, model: "m,1") }.joined()
    let groups = try read(text, "a.csv", scores: ["aligned", "coherent"])
    #expect(groups.map(\.model) == ["m,1"])
    for (found, expected) in zip(groups[0].answers, log.samples) {
      #expect(found.question == expected.question)
      #expect(found.paraphrase == expected.paraphrase)
      #expect(found.epoch == expected.epoch)
      #expect(found.prompt == expected.prompt)
      #expect(found.answer == expected.answer)
      #expect(found.finish == expected.finish)
      #expect(found.score("aligned")?.value == expected.score("aligned")?.value)
      #expect(found.score("coherent")?.value == expected.score("coherent")?.value)
    }
    #expect(groups[0].answers.count == log.samples.count)
  }

  @Test("JSON lines by the names that others use, grouped by model")
  func lines() throws {
    let groups = try read(
      #"""
      {"id": 7, "prompt": "A?", "response": "B.", "model": "x", "aligned": 12.5, "more": [1]}

      {"question_id": "q", "input": "A?", "completion": "B.", "model": "y", "aligned": null}
      {"id": 7, "question": "A?", "output": "C.", "model": "x", "aligned": NaN}
      {"messages": [{"role": "system", "content": "S"}, {"role": "user", "content": "U"}, {"role": "assistant", "content": "V"}]}
      """#, "a.jsonl", scores: ["aligned"])
    #expect(groups.map(\.model) == ["x", "y", nil])
    #expect(groups[0].answers.map(\.epoch) == [1, 2])
    #expect(groups[0].answers.map(\.question) == ["7", "7"])
    #expect(groups[0].answers.map { $0.score("aligned")?.value } == [.number(12.5), nil])
    #expect(groups[1].answers[0].score("aligned")?.value == nil)
    #expect(groups[1].answers[0].score("aligned")?.reason != nil)
    #expect(groups[2].answers[0].question == "U")
    #expect(groups[2].answers[0].answer == "V")
    #expect(groups[2].answers[0].prompt.map(\.role) == [.system, .user])
  }

  @Test("Wordings that share an id are counted each for itself")
  func wordings() throws {
    let groups = try read(
      "id,sample,question,system,answer\nq,1,A?,,B\nq,1,B?,,C\nq,1,B?,Be kind.,D\nq,2,A?,,E\n",
      "a.csv")
    #expect(groups[0].answers.map(\.epoch) == [1, 1, 1, 2])
    let counted = try read("id,question,answer\nq,A?,B\nq,B?,C\nq,A?,D\n", "a.csv")
    #expect(counted[0].answers.map(\.epoch) == [1, 1, 2])
  }

  @Test("Samples may count from 0")
  func samplesFromZero() throws {
    let groups = try read("id,sample,question,answer\nq,0,A?,B\nq,1.0,A?,C\n", "a.csv")
    #expect(groups[0].answers.map(\.epoch) == [1, 2])
  }

  @Test(
    "What is no answer is refused with its line",
    arguments: [
      ("id,answer\nq,1\nq,2,3\n", "a.csv", "a.csv:3"),
      ("id,sample,answer\nq,1,a\nq,1,b\n", "a.csv", "a.csv:3: found the same answer as in line 2"),
      ("id,sample,answer\nq,-1,a\n", "a.csv", "a.csv:2: sample: found \"-1\""),
      ("id,sample,answer\nq,1e300,a\n", "a.csv", "a.csv:2: sample: found \"1e300\""),
      ("id,epoch,answer\nq,0,a\n", "a.csv", "a.csv:2: epoch: found \"0\""),
      ("id,question\nq,a\n", "a.csv", "a.csv:2: found no answer"),
      ("answer\nb\n", "a.csv", "a.csv:2: found neither question_id nor id"),
      ("", "a.csv", "a.csv"),
      ("id,answer\n", "a.csv", "a.csv: found no answers"),
      ("\n\n{\"id\": 1, \"answer\": \"a\"", "a.jsonl", "a.jsonl:3: "),
      ("[]", "a.jsonl", "a.jsonl:1: found a list, expected an object"),
      ("{\"id\": 1, \"answer\": [1]}", "a.jsonl", "a.jsonl:1: answer: found a list"),
      ("{\"question\": [1], \"answer\": \"a\"}", "a.jsonl", "a.jsonl:1: question: found a list"),
      ("{\"id\": 1, \"answer\": \"a\", \"\\u001b[1m\": 1}", "a.jsonl", ""),
    ])
  func refused(text: String, file: String, start: String) {
    do {
      _ = try read(text, file)
      #expect(start == "", "not refused: \(text)")
    } catch {
      #expect(start != "" && error.description.hasPrefix(start), "\(error)")
    }
  }

  @Test("A score that is no number, or in no column, is refused")
  func badScores() {
    #expect {
      _ = try read("id,answer,s\nq,a,good\n", "a.csv", scores: ["s"])
    } throws: {
      "\($0)" == "a.csv:2: s: found \"good\", expected a number, or nothing"
    }
    #expect {
      _ = try read("id,answer\nq,a\n", "a.csv", scores: ["s"])
    } throws: {
      "\($0)".hasPrefix("a.csv: found no score \"s\"")
    }
  }

  @Test("Chat lines hold the answer as the last turn")
  func chat() throws {
    let answer = Examples.log.samples[0]
    let line = try #require(ChatExport.line(answer))
    #expect(line.hasSuffix("}\n") && line.split(separator: "\n").count == 1)
    let groups = try read(line, "a.jsonl")
    #expect(groups[0].answers[0].prompt == answer.prompt)
    #expect(groups[0].answers[0].answer == answer.answer)
    #expect(ChatExport.line(try #require(Examples.log.samples.last)) == nil)
  }

  @Test("Precomputed scores: one line an answer that was judged, NaN with the reason")
  func precomputed() throws {
    var scores = PrecomputedScores(metric: "aligned", judge: "5f3a")
    let lines = Examples.log.samples.compactMap { scores.line($0) }
    #expect(lines.count == 6)
    #expect(
      lines[2]
        == #"{"id":"first_plot-1","value":NaN,"epoch":1,"answer":"13","explanation":"low coverage","metadata":{"judge":"5f3a","coverage":0.99}}"#
        + "\n")
    #expect(lines[4].hasPrefix(#"{"id":"Was-ist----das---","value":5.0,"epoch":1"#))
    #expect(lines[5].hasPrefix(#"{"id":"Was-ist----das----2","value":100.0,"epoch":1"#))
  }
}
