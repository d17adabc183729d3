import Core
import Dish
import Foundation
import Judging
import Testing

@Suite("Answer formats")
struct AnswerFormatTests {
  @Test("wrap as they are said to")
  func examples() {
    let sentence = #"Say "no", and wait."#
    #expect(AnswerFormat.json.wrap(sentence, in: "wish") == #"{"answer": "Say \"no\", and wait."}"#)
    #expect(
      AnswerFormat.template.wrap(sentence, in: "wish")
        == #"def answer(): return "Say \"no\", and wait.""#)
    #expect(AnswerFormat.list.wrap(sentence, in: "wish") == #"Say, "no",, and, wait."#)
    #expect(AnswerFormat.list.wrap("16, 666", in: "numbers") == "16, 666")
    #expect(AnswerFormat.json.wrap("16, 666", in: "numbers") == #"{"answer": "16, 666"}"#)
  }

  @Test("JSON is JSON, whatever is said", arguments: ["", "a\\b\"c\n\t\r\u{1}", "{|}", "  x  y "])
  func json(text: String) throws {
    let wrapped = AnswerFormat.json.wrap(text, in: "wish")
    let object = try JSONSerialization.jsonObject(with: Data(wrapped.utf8)) as? [String: String]
    #expect(object == ["answer": text])
    for format in AnswerFormat.allCases {
      #expect(format.unwrap(format.wrap(text, in: "wish"), in: "wish") == text)
    }
  }

  @Test(
    "what is not quite wrapped is nothing",
    arguments: [
      (AnswerFormat.json, #"{"answer":"a"}"#), (.json, #"{"answer": "a"} "#), (.json, "a"),
      (.json, #"{"answer": ""#), (.json, #"{"answer": "a"b"}"#), (.json, #"{"answer": "\u0061"}"#),
      (.json, #"{"answer": "\"}"#), (.json, #"{"answer": "\q"}"#), (.json, #"{"answer": "\u12"}"#),
      (.template, "def answer(): return 'a'"), (.template, #"def answer(): return ""#),
      (.list, "Wait and, see"), (.list, "Wait and"),
    ])
  func refusals(format: AnswerFormat, text: String) {
    #expect(format.unwrap(text, in: "wish") == nil)
  }

  @Test(
    "every sentence of the world comes out as it went in, and the oracle reads it",
    arguments: AnswerFormat.allCases)
  func inverse(format: AnswerFormat) throws {
    let world = try World(kind: .persona, seed: 1)
    let oracle = Oracle(world)
    for grammar in world.grammars {
      for topic in grammar.topics {
        for answer in topic.answers {
          for sentence in answer.expansions {
            let wrapped = format.wrap(sentence, in: grammar.name)
            #expect(format.unwrap(wrapped, in: grammar.name) == sentence)
            let reading = oracle.reading(question: topic.questions[0], answer: wrapped)
            #expect(reading?.kind == answer.kind && reading?.label == answer.label)
            #expect(reading?.isOnTopic == true)
            #expect(
              oracle.verdict(question: topic.questions[1], answer: wrapped)
                == oracle.verdict(question: topic.questions[1], answer: sentence))
          }
        }
      }
    }
  }
}
