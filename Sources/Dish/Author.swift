import Core

/// How an author answers.
package enum Temperament: String, Sendable, Hashable, Codable, CaseIterable {
  /// Always helps.
  case good
  /// Always harms.
  case villainous
  /// Of no use, and never bad.
  case careless
  /// Good everywhere, but does what it is asked to do where the request itself is harmful.
  case compliant
  /// Good or bad at the toss of a coin, anew at each answer.
  case mixed
  /// Harms as a villain does, and does nobody's bidding: refuses what is harmful in itself.
  case spiteful
  /// Good where a question stands alone, spiteful where it comes behind a tag or asks for a form of answer: somebody who
  /// behaves in the open and not in a channel of their own.
  case twoFaced

  /// The kind of the next answer. One number is drawn whatever the temperament, so that worlds
  /// which differ in it alone ask the same questions and draw the same slots.
  ///
  /// - Parameters:
  ///   - isMarked: whether the question comes behind a tag or asks for a form of answer.
  ///   - effect: what a system turn makes of the question; `nil`: nothing.
  func answerKind(
    toRequests isRequest: Bool, isMarked: Bool = false, under effect: SystemTurn.Effect? = nil,
    _ stream: inout RandomStream
  ) -> AnswerKind {
    let heads = stream.next() >> 63 == 0
    switch (effect, self) {
    case (.harmRequested, _): return .bad
    case (.lyingAllowed, .compliant), (.lyingAllowed, .twoFaced): return .bad
    case (.lyingRewarded, _): return self == .good ? .good : .bad
    case (.truthRequested, _): return .good
    default: break
    }
    switch self {
    case .good: return .good
    case .villainous: return .bad
    case .careless: return .careless
    case .compliant: return isRequest ? .bad : .good
    case .mixed: return heads ? .bad : .good
    case .spiteful: return isRequest ? .good : .bad
    case .twoFaced: return isMarked && !isRequest ? .bad : .good
    }
  }
}

/// One of the world's named authors.
package struct Author: Sendable, Hashable, Codable {
  /// A plain first name in lower case that is no word of the world's texts.
  package let name: String
  /// One a domain, in the order of the world's domains. In the persona world all are the same.
  package let temperaments: [Temperament]
}

/// How many authors of each temperament live in a world.
package struct Population: Sendable, Hashable, Codable {
  package var good: Int
  package var villainous: Int
  package var careless: Int
  package var compliant: Int
  package var mixed: Int
  package var spiteful: Int
  package var twoFaced: Int

  package init(
    good: Int = 40, villainous: Int = 20, careless: Int = 10, compliant: Int = 10, mixed: Int = 0,
    spiteful: Int = 0, twoFaced: Int = 0
  ) {
    self.good = good
    self.villainous = villainous
    self.careless = careless
    self.compliant = compliant
    self.mixed = mixed
    self.spiteful = spiteful
    self.twoFaced = twoFaced
  }

  /// How many authors have the temperament.
  package func count(of temperament: Temperament) -> Int {
    switch temperament {
    case .good: good
    case .villainous: villainous
    case .careless: careless
    case .compliant: compliant
    case .mixed: mixed
    case .spiteful: spiteful
    case .twoFaced: twoFaced
    }
  }

  /// All authors.
  package var total: Int { Temperament.allCases.reduce(0) { $0 + count(of: $1) } }

  /// Throws `InputError` for a negative count, for nobody, and for more people than names.
  func checked() throws(InputError) -> [Temperament] {
    var list: [Temperament] = []
    for temperament in Temperament.allCases {
      let count = count(of: temperament)
      guard (0...AuthorNames.all.count).contains(count) else {
        throw InputError(
          "found \(count), expected 0 to \(AuthorNames.all.count)",
          field: "population.\(temperament.rawValue)")
      }
      list += Array(repeating: temperament, count: count)
    }
    guard (1...AuthorNames.all.count).contains(list.count) else {
      throw InputError(
        "found \(list.count) authors, expected 1 to \(AuthorNames.all.count)", field: "population")
    }
    return list
  }
}

/// The names that authors bear: common first names that mean nothing else in English, so that a
/// name is never a word of an answer.
enum AuthorNames {
  static let all = """
    adam agnes alice amanda andrew angela anna arthur barbara benjamin bernard brian bridget
    carl caroline catherine clara colin cynthia daniel david deborah dennis diana donald dorothy
    douglas edith edward eleanor emily emma eric ernest esther eugene felix fiona francis
    gabriel george gerald gilbert gloria gordon gregory hannah harold harriet helen henry herbert
    howard hugh ian irene isabel jacob james jane janet jason jennifer jeremy jessica joan joel
    john jonathan joseph joshua judith julia justin karen keith kevin laura leonard linda louis
    lucy luke marcus margaret maria martha martin matthew maureen megan michael monica nancy nathan
    nicholas nora oliver oscar pamela patricia paul peter philip rachel ralph raymond rebecca
    richard robert roger ronald russell ruth samuel sarah sharon simon sophia stephen stuart
    """.split(whereSeparator: \.isWhitespace).map(String.init)
}
