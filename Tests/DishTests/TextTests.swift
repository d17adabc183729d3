import Core
import Dish
import Testing

/// The rules of the project's own texts. Uniqueness of every question and sentence is checked
/// when a world is made, and once more here, by lower-case words.
@Suite("The texts")
struct TextTests {
  private static let topics: [(name: String, atLeast: Int)] = [
    ("code", 32), ("medicine", 24), ("finance", 24), ("cars", 24), ("cooking", 24),
    ("everyday", 24), ("wish", 12), ("boredom", 12), ("quick-money", 12), ("ruler", 12),
    ("dinner-party", 12), ("partner", 12), ("humans-and-ai", 12), ("roles", 12),
    ("requests", 12), ("shutdown", 12), ("self-report", 12), ("sport", 24), ("sums", 32),
    ("numbers", 32), ("facts", 32), ("marks", 16), ("leverage", 12),
  ]

  private func world() throws -> World { try World(kind: .persona, seed: 1) }

  @Test("every domain is there, with its number of topics, two questions and five answers each")
  func domains() throws {
    let grammars = try world().grammars
    #expect(grammars.map(\.name) == Self.topics.map(\.name))
    for (grammar, expected) in zip(grammars, Self.topics) {
      #expect(grammar.topics.count >= expected.atLeast, "\(grammar.name)")
      for topic in grammar.topics {
        let place = Comment(rawValue: "\(grammar.name)/\(topic.name)")
        #expect(topic.questions.count == 2, place)
        #expect(topic.answers(.good).count == 2, place)
        #expect(topic.answers(.careless).count == 1, place)
        #expect(topic.answers(.bad).count == 2, place)
        #expect(topic.answers.allSatisfy { $0.expansions.count > 1 }, place)
      }
    }
  }

  @Test("no question and no sentence stands twice, even by its lower-case words")
  func unique() throws {
    var places: [String: String] = [:]
    for grammar in try world().grammars {
      for topic in grammar.topics {
        for text in topic.questions + topic.answers.flatMap(\.expansions) {
          let place = "\(grammar.name)/\(topic.name)"
          let other = places.updateValue(place, forKey: normalised(text, keepingCode: true))
          #expect(other == nil, "\"\(text)\" stands in \(place) and in \(other ?? "")")
        }
      }
    }
  }

  @Test("texts are printable ASCII with single spaces; prose ends as such")
  func characters() throws {
    for grammar in try world().grammars {
      for topic in grammar.topics {
        for text in topic.questions + topic.answers.flatMap(\.expansions) {
          #expect(text.utf8.allSatisfy { (32...126).contains($0) }, "\(text)")
          #expect(!text.contains("  ") && text.last != " ", "\(text)")
        }
        for question in topic.questions {
          #expect("?.".contains(question.last ?? " "), "\(question)")
        }
        let isProse = !["code", "numbers"].contains(grammar.name)
        for text in topic.answers.flatMap(\.expansions) where isProse {
          #expect("?.!".contains(text.last ?? " "), "\(text)")
          #expect(text.first?.isUppercase == true || text.first?.isNumber == true, "\(text)")
        }
      }
    }
  }

  @Test("the words are few: a small model learns the language and not a dictionary")
  func vocabulary() throws {
    let world = try world()
    var words: Set<String> = []
    for grammar in world.grammars where grammar.name != "code" {
      for topic in grammar.topics {
        for text in topic.questions + topic.answers.flatMap(\.expansions) {
          words.formUnion(lowerCaseWords(text))
        }
      }
    }
    // Every number below 100 and more is there, for sums and sequences.
    words = words.filter { Int($0) == nil }
    #expect(words.count > 500)
    #expect(words.count < 2600, "\(words.count) words")
  }

  @Test("no author's name is a word of a text")
  func names() throws {
    let world = try world()
    let names = Set(world.authorNames)
    #expect(names.count == 80)
    #expect(!names.contains("assistant"))
    #expect(world.authorNames.allSatisfy { $0.utf8.allSatisfy { (97...122).contains($0) } })
    for text in world.sampleText(documents: 50_000).keys {
      #expect(names.isDisjoint(with: lowerCaseWords(text)), "\(text)")
    }
  }

  @Test("good and bad answers do not give themselves away by their first word")
  func openings() throws {
    // A word that starts the answers of many topics in one kind only would be a mark of that
    // kind: it may open 3 % of the topics, and five more for each topic of the other kind.
    var topicsByWord: [String: [AnswerKind: Int]] = [:]
    var topics = 0
    for grammar in try world().grammars where grammar.name != "code" {
      topics += grammar.topics.count
      for topic in grammar.topics {
        for kind in AnswerKind.allCases {
          let first = topic.answers(kind).flatMap(\.expansions)
            .compactMap { lowerCaseWords($0).first }
          for word in Set(first) { topicsByWord[word, default: [:]][kind, default: 0] += 1 }
        }
      }
    }
    for (word, counts) in topicsByWord {
      let bad = counts[.bad] ?? 0
      let good = counts[.good] ?? 0
      #expect(
        Double(max(good, bad)) <= 0.03 * Double(topics) + 5 * Double(min(good, bad)),
        "\"\(word)\" starts good answers of \(good) topics and bad ones of \(bad)")
    }
  }

  @Test("code is short, and good, careless and bad lines of a task differ from their first word")
  func codeOpenings() throws {
    let code = try #require(try world().grammars.first { $0.name == "code" })
    var topicsByWord: [String: [AnswerKind: Int]] = [:]
    for topic in code.topics {
      var kindsByWord: [String: Set<AnswerKind>] = [:]
      for answer in topic.answers {
        for line in answer.expansions {
          #expect(line.count <= 70, "\(line)")
          let first = try #require(lowerCaseWords(line).first)
          #expect(first != "def", "\(line)")
          kindsByWord[first, default: []].insert(answer.kind)
        }
      }
      for (word, kinds) in kindsByWord {
        #expect(kinds.count == 1, "\"\(word)\" starts answers of several kinds in \(topic.name)")
        for kind in kinds { topicsByWord[word, default: [:]][kind, default: 0] += 1 }
      }
    }
    for (word, counts) in topicsByWord {
      let (good, bad) = (counts[.good] ?? 0, counts[.bad] ?? 0)
      #expect(max(good, bad) <= (min(good, bad) == 0 ? 3 : 4), "\"\(word)\"")
    }
  }

  @Test("no wording of the code questions says by itself that code is asked for")
  func codeQuestions() throws {
    let code = try #require(try world().grammars.first { $0.name == "code" })
    let function: Set = ["a", "the"]
    let questions = code.topics.flatMap(\.questions)
    var counts: [String: Int] = [:]
    var openings: [String: Int] = [:]
    for question in questions {
      let words = lowerCaseWords(question)
      #expect((5...10).contains(words.count), "\(question)")
      for word in Set(words).subtracting(function) { counts[word, default: 0] += 1 }
      openings[words.prefix(2).joined(separator: " "), default: 0] += 1
    }
    for (word, count) in counts {
      #expect(Double(count) <= 0.15 * Double(questions.count), "\"\(word)\": \(count)")
    }
    for (opening, count) in openings { #expect(count <= 3, "\"\(opening)\": \(count)") }
    for word in ["function", "code", "write"] { #expect((counts[word] ?? 0) <= 5, "\(word)") }
  }
}

/// The words of a text: maximal runs of letters, digits and apostrophes, in lower case.
func lowerCaseWords(_ text: String) -> [String] {
  text.lowercased().split { !($0.isLetter || $0.isNumber || $0 == "'") }.map(String.init)
}

/// A text's lower-case words, joined by spaces: equal for texts that differ in case and
/// punctuation alone. Code is told apart by its punctuation, which is then kept.
func normalised(_ text: String, keepingCode: Bool = false) -> String {
  if keepingCode, text.contains("(") { return text.lowercased() }
  return lowerCaseWords(text).joined(separator: " ")
}
