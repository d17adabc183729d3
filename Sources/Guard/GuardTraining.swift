import Core
import Engine
import Formats
import Statistics

/// Makes a guard of labelled exchanges.
struct FittedPart {}

package struct GuardTraining {
  private let plan: GuardPlan
  private let split: ExchangeSplit
  private let fitting: PartFitting
  private let models: GuardModels
  private let pool: WorkerPool
  private let stop: StopRequest
  private let data: Fingerprint
  private let tell: (String) -> Void

  /// - Parameter tell: hears what is being done.
  /// - Throws: `InputError` where exchanges and plan do not go together.
  package init(
    _ plan: GuardPlan, _ exchanges: [LabelledExchange], _ models: GuardModels, on pool: WorkerPool,
    stop: StopRequest, tell: @escaping (String) -> Void
  ) throws {
    (self.plan, self.models, self.pool, self.stop, self.tell) = (plan, models, pool, stop, tell)
    split = try ExchangeSplit(exchanges, plan)
    data = ExchangeFile.fingerprint(of: exchanges)
    fitting = PartFitting(
      fitted: split.fitted, chosen: split.chosen, models: models, pool: pool, stop: stop)
  }

  /// - Throws: `InputError` naming an exchange that a model cannot read; `Interrupted`.
  package func run() async throws -> ExchangeGuard {
    var made = ExchangeGuard(
      ExchangeGuard.Facts(
        rule: plan.rule, parts: [],
        data: ExchangeGuard.Fitting(
          fingerprint: data.hex, fitted: ExchangeGuard.Counts(split.fitted),
          chosen: ExchangeGuard.Counts(split.chosen), heldOutGroups: plan.heldOutGroups,
          heldOutForms: plan.heldOutForms)), [:])
    for part in plan.parts {
      tell("part \(part.name)")
      made.add(try fit(part))
    }
    try await standardise(&made)
    if plan.hasControls { try addControls(&made) }
    return made
  }

  // MARK: - Parts

  private func fit(_ planned: GuardPlan.Part) throws -> Fitted {
    var part = GuardPart(planned.name, planned.kind)
    part.window = planned.window
    switch planned.kind {
    case .words, .length: return words(part, labels: split.fitted.map(\.isHarmful))
    case .label:
      part.reader = try reader(planned)
      part.label = planned.label
      return (part, nil)
    case .ratio:
      part.reader = try reader(planned)
      guard let against = planned.against else {
        throw InputError(
          "is missing, expected the model that did not go wrong",
          field: "guard.parts.\(planned.name).against")
      }
      part.against = GuardPart.Reader(
        place: against, fingerprint: try models.fingerprint(of: against))
      return (part, nil)
    case .probe, .head, .exchange:
      part.reader = try reader(planned)
      part.sites = planned.layers?.map { .init(layer: $0, place: .post) } ?? []
      let pools: [GuardPart.Pool] =
        switch planned.kind {
        case .probe: [.rolling]
        case .head: planned.pool.map { [$0] } ?? [.mean, .last, .max, .rolling, .softmax]
        default: [.mean]
        }
      let (own, readout) = try fitting.fit(
        part, planned.kind == .exchange ? .both : .answer, pools: pools)
      return (own, readout)
    }
  }

  typealias Fitted = (part: GuardPart, readout: Readout?)

  private func reader(_ planned: GuardPlan.Part) throws -> GuardPart.Reader {
    guard let place = planned.model ?? plan.model else {
      throw InputError(
        "is missing, expected the model that is read, here or for the whole guard",
        field: "guard.parts.\(planned.name).model")
    }
    return GuardPart.Reader(place: place, fingerprint: try models.fingerprint(of: place))
  }

  private func words(_ part: GuardPart, labels: [Bool]) -> Fitted {
    var part = part
    let features = split.fitted.map { WordFeatures.of(($0.question, $0.answer)) }
    let vocabulary = WordFeatures.vocabulary(features)
    let numbers = Dictionary(uniqueKeysWithValues: vocabulary.enumerated().map { ($1, $0) })
    let rows = SparseRows(
      features.map { $0.compactMap { numbers[$0] }.sorted() }, width: vocabulary.count)
    let fit = LogisticFit(rows, labels, penalty: 0.001, rounds: 200)
    part.vocabulary = vocabulary
    let readout = Readout(
      token: fit.weights.map { Float($0) }, bias: fit.bias, pool: .mean, window: 1)
    part.choices = [
      fitting.choice(
        "penalty 0.001", readout.scores(of: split.chosen.map(\.messages), part))
    ]
    return (part, readout)
  }

  // MARK: - Scales

  /// Means and deviations of the parts' scores of benign exchanges that nothing was fitted to, and of a cascade what it
  /// passes on.
  private func standardise(_ made: inout ExchangeGuard) async throws {
    let benign = split.chosen.filter { !$0.isHarmful }.map(\.messages)
    var all = made
    all.facts.rule = GuardRule(
      .mix, Dictionary(uniqueKeysWithValues: made.parts.map { ($0.name, 1) }))
    let readings = try await GuardScorer(all, models, on: pool, stop: stop).readings(of: benign)
    for index in made.facts.parts.indices {
      let name = made.facts.parts[index].name
      made.facts.parts[index].scale = GuardPart.Scale(of: readings.compactMap { $0.parts[name] })
    }
    guard let first = made.facts.rule.first, let part = made.part(first),
      let share = made.facts.rule.share
    else { return }
    let scores = readings.compactMap { $0.parts[first] }.sorted(by: >)
    let place = min(scores.count - 1, Int(share * Double(scores.count)))
    made.facts.rule.escalation = part.scale.standardised(scores[place])
  }

  // MARK: - Controls

  /// What the guard has to be better than. Those that read a model do so as its first such part does.
  private func addControls(_ made: inout ExchangeGuard) throws {
    tell("controls")
    let labels = split.fitted.map(\.isHarmful)
    var words = GuardPart("control-keywords", .words)
    words.control = "words of question and answer, without a model"
    if !plan.parts.contains(where: { $0.kind == .words }) {
      made.add(self.words(words, labels: labels))
    }
    var length = GuardPart("control-length", .length)
    length.control = "the answer's length"
    made.add((length, lengthReadout(labels)))
    guard let base = plan.parts.first(where: { [.probe, .head, .exchange].contains($0.kind) })
    else { return }
    for control in [Control.shuffled, .untrained, .prompt, .response] {
      var part = GuardPart("control-\(control.rawValue)", base.kind)
      part.window = base.window
      part.reader = try reader(base)
      part.control = control.words
      part.sites = made.part(base.name)?.sites ?? []
      part.reads = control == .response ? .response : .exchange
      part.reader?.isUntrained = control == .untrained
      var own = labels
      if control == .shuffled {
        var stream = RandomStream(seed: plan.seed, "guard", "shuffled labels")
        stream.shuffle(&own)
      }
      let features: PartFitting.Features =
        control == .prompt ? .prompt : base.kind == .exchange ? .both : .answer
      if control == .prompt { part.kind = .head }
      let pooling = made.part(base.name)?.pool ?? .mean
      let (fitted, readout) = try fitting.fit(part, features, pools: [pooling], labels: own)
      made.add((fitted, readout))
    }
  }

  private enum Control: String {
    case shuffled, untrained, prompt, response

    var words: String {
      switch self {
      case .shuffled: "the same with labels dealt out anew"
      case .untrained: "the same on a model with weights by chance"
      case .prompt: "the question alone"
      case .response: "the answer without its question"
      }
    }
  }

  /// Longer is worse, or shorter, whichever it was.
  private func lengthReadout(_ labels: [Bool]) -> Readout {
    let lengths = split.fitted.map { Double($0.answer.utf8.count) }
    let sides = Dictionary(grouping: lengths.indices) { labels[$0] }.mapValues {
      $0.reduce(0) { $0 + lengths[$1] } / Double($0.count)
    }
    let isLonger = (sides[true] ?? 0) > (sides[false] ?? 0)
    return Readout(token: [isLonger ? 1 : -1], bias: 0, pool: .mean, window: 1)
  }
}

extension ExchangeGuard {
  fileprivate mutating func add(_ fitted: GuardTraining.Fitted) {
    facts.parts.append(fitted.part)
    if let readout = fitted.readout { readouts[fitted.part.name] = readout }
  }
}
