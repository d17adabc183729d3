import Anatomy
import Core
import Engine
import Evaluation
import Formats
import Plans
import Questions
import Store
import Tuning

/// There is no such direction, which is a finding: a model that says nothing bad has none from its good answers
/// to its bad ones.
struct MissingDirection: Error {
  let problem: String

  /// Among the figures of the direction's run.
  static let figure = "missing"
}

/// Reads the activations that a direction is made of.
struct DirectionReading {
  let direction: PlannedDirection
  let session: LabSession
  /// Opens a model.
  let open: (PlannedModel) throws -> any LanguageModel
  /// Answers of the tuned model with what was said of each: misaligned or aligned.
  let judged: () throws -> [(question: String, conversation: Conversation, isMisaligned: Bool)]

  func vectors() async throws -> (DirectionVectors, rows: Int) {
    let tuned = try means(of: direction.reading.texts, by: direction.tuned)
    let base = try means(of: direction.reading.texts, by: direction.base)
    let activations = try labelled(tuned: tuned, base: base)
    guard let own = activations.difference() else {
      throw MissingDirection(problem: "no question has answers of both kinds")
    }
    if let site = own.firstIndex(where: { $0.length == 0 }) {
      throw failure(
        "found no difference at \(direction.sites[site]): what is read there is the same on both sides; name "
          + "other \"sites\" or \"tokens\"")
    }
    var stream = RandomStream(
      seed: direction.reading.seed, "controls", direction.stage.fingerprint.hex)
    let controls = ControlDirections(
      against: own, of: activations, count: direction.reading.controls, &stream)
    let shift = own.shift(from: base, to: tuned)
    let lengths = direction.sites.indices.map { site in
      base.reduce(0) { $0 + $1[site].map(Double.init).length } / Double(base.count)
    }
    return (
      DirectionVectors(
        sites: direction.sites, own: own, controls: controls.vectors, shift: shift,
        streamLength: lengths), activations.members.count
    )
  }

  private func failure(_ problem: String) -> StageFailure {
    StageFailure(stage: direction.stage.name, problem: problem)
  }

  private func labelled(
    tuned: [[[Float]]], base: [[[Float]]]
  ) throws -> LabelledActivations {
    typealias Member = LabelledActivations.Member
    switch direction.material {
    case .none:
      return LabelledActivations(
        tuned.indices.map { Member(group: $0, isPositive: true) }
          + base.indices.map { Member(group: $0, isPositive: false) }, tuned + base)
    case .answers:
      let answers = try judged()
      let groups = answers.map(\.question).numbered
      guard !answers.isEmpty else {
        throw MissingDirection(problem: "no answer counts")
      }
      return LabelledActivations(
        zip(groups, answers).map { Member(group: $0, isPositive: $1.isMisaligned) },
        try means(of: answers.map(\.conversation), by: direction.tuned))
    case .pairs(let contrast):
      let rows = contrast.items.enumerated().flatMap { group, item in
        item.bad.map { (Member(group: group, isPositive: true), item.row($0)) }
          + item.good.map { (Member(group: group, isPositive: false), item.row($0)) }
      }
      return LabelledActivations(
        rows.map(\.0), try means(of: rows.map(\.1), by: direction.base))
    case .authors(let bad, let good):
      // One text as different persons say it: nothing but the speaker differs.
      var stream = RandomStream(seed: direction.reading.seed, "speakers")
      let rows = direction.reading.texts.enumerated().flatMap { group, text in
        [(true, stream.element(of: bad)), (false, stream.element(of: good))].map { isBad, name in
          (Member(group: group, isPositive: isBad), text.said(by: name))
        }
      }
      return LabelledActivations(
        rows.map(\.0), try means(of: rows.map(\.1), by: direction.base))
    }
  }

  /// `[text][site][channels]`.
  private func means(of texts: [Conversation], by model: PlannedModel) throws -> [[[Float]]] {
    guard let local = try open(model).local else {
      throw InputError("\(model.name.onOneLine): nobody can look into a model behind a server")
    }
    return try local.means(
      of: texts, DirectionFacts.Tokens(direction.reading.tokens), at: direction.sites,
      on: session.pool, stop: session.stop)
  }
}

extension Conversation {
  /// The same answers in another's name.
  func said(by author: String) -> Conversation {
    Conversation(
      messages.map { message in
        guard message.role == .assistant else { return message }
        return Message(role: .assistant, name: author, content: message.content)
      })
  }
}

extension [String] {
  /// Each by the place where it came first.
  fileprivate var numbered: [Int] {
    var numbers: [String: Int] = [:]
    return map { name in
      let number = numbers[name, default: numbers.count]
      numbers[name] = number
      return number
    }
  }
}
