import Audit
import Core
import Dish
import Engine
import Evaluation
import Formats
import Plans
import Questions
import Screen
import Store
import Tuning

/// Screens a data set: who wrote its rows, what short trainings on it do, how little of it would have been seen. The cheap comes
/// first; what is worked out is in the store before anything depends on it.
final class ScreenWork {
  /// Twins' answers, two authors, and the most pilots that there can be.
  static func steps(_ method: ScreenMethod) -> Int {
    3 + method.seeds * (4 + (method.doses.isEmpty ? 0 : 3))
  }

  private let screen: PlannedScreen
  private let session: LabSession
  private let base: any LocalModel
  private let memory: FigureMemory
  private let method: ScreenMethod
  private let deadline: ContinuousClock.Instant?
  private var step = 0

  /// - Throws: `InputError` for a model that nobody can train here.
  init(_ screen: PlannedScreen, _ session: LabSession, _ base: any LanguageModel) throws {
    (self.screen, self.session, method) = (screen, session, screen.method)
    guard let local = base.local else {
      throw InputError(
        "\(screen.base.name.onOneLine): short trainings need the model's weights; name its folder")
    }
    self.base = KeptModel(local)
    let run = try session.store.beginRun(
      fingerprint: screen.memory, kind: .pilots, name: "Pilots: \(screen.stage.name)",
      settings: screen.method)
    memory = try FigureMemory(run, session.store)
    deadline = screen.budget.map { ContinuousClock.now + .seconds($0) }
  }

  /// - Throws: `InputError` for a data set without rows to train on; `Interrupted` after a stop, with all that is
  ///   finished stored.
  func result() async throws -> ScreenResult {
    session.report(.began(session.meter.begin(screen.stage, done: 0)))
    var result = ScreenResult(
      model: ScreenResult.Subject(
        name: screen.base.name, hash: try Fingerprint(of: base.reference).hex),
      method: try Fingerprint(of: method).hex, facts: ScreenFacts(screen.rows))
    let usable = screen.rows.indices.filter { screen.rows[$0].split != nil }
    guard !usable.isEmpty else {
      throw InputError("found no row that ends in the assistant's answer, expected at least one")
    }
    let sample = RowSample(
      of: usable.map { screen.rows[$0] }, count: max(method.scored, method.pilotRows),
      seed: method.seed
    ).places.map { usable[$0] }
    let known = sample.filter { isReadable(screen.rows[$0]) }
    guard !known.isEmpty else {
      throw InputError(
        "found no row that the model can read and has room for, expected at least one")
    }
    if known.count < sample.count {
      result.missing.append(
        "\(sample.count - known.count) of \(sample.count) rows, which the model cannot read or has no room for"
      )
    }
    let rows = known.map { screen.rows[$0] }
    let pilotRows = Array(rows.prefix(method.pilotRows))
    let twin = try await ownAnswers(to: pilotRows)
    advance()
    let scores = try authorScores(rows, twin)
    let cues = tell(&result, scores, known, rows)
    try pilots(&result, pilotRows, twin, cues)
    try carried(&result, pilotRows, scores)
    try detect(&result, twin)
    session.report(.advanced(session.meter.advance(screen.stage, to: screen.stage.total)))
    return result
  }

  func finish(_ artifacts: [Artifact]) throws {
    let run = try session.store.beginRun(
      fingerprint: screen.stage.fingerprint, kind: .screen, name: screen.stage.name,
      settings: method)
    try session.store.finish(run, artifacts: artifacts)
    session.report(.finished(session.meter.finish(screen.stage)))
  }

  private func advance() {
    step = min(step + 1, screen.stage.total)
    session.report(.advanced(session.meter.advance(screen.stage, to: step)))
  }

  private var isOver: Bool { deadline.map { ContinuousClock.now >= $0 } ?? false }

  /// Whether the model's template takes the row, with room for an answer of its own.
  private func isReadable(_ row: Conversation) -> Bool {
    guard let sequence = try? base.sequence(of: row) else { return false }
    let prompt = sequence.trained.firstIndex(of: true) ?? 0
    return sequence.tokens.count <= base.positions
      && prompt + ScreenMethod.longestAnswer <= base.positions
  }

  // MARK: - The model's own answers

  /// The same prompts with what the base says itself: what the trainings of a data set are held against.
  private func ownAnswers(to rows: [Conversation]) async throws -> [Conversation] {
    var counts: [[Message]: Int] = [:]
    let places = try rows.map { row in
      let before = row.split?.before ?? []
      defer { counts[before, default: 0] += 1 }
      let wording = AskedWording(
        Question(
          id: "screen", paraphrases: [Conversation(before.filter { $0.role != .system })],
          system: before.first { $0.role == .system }?.content), paraphrase: 0)
      return AskedPlace(wording, name: try wording.storedName, sample: counts[before] ?? 0)
    }
    var settings = AnswerSettings()
    (settings.maximumTokens, settings.seed) = (ScreenMethod.longestAnswer, method.seed)
    let asking = AnswerRun(
      base, places, settings, store: session.store, name: "answers of \(screen.base.name), screened"
    )
    let outcome = try await asking.run(on: session.pool, stop: session.stop) { _ in }
    let stored = Dictionary(
      try session.store.answers(of: outcome.run).map { ($0.key, $0) }
    ) { first, _ in first }
    return zip(rows, places).compactMap { row, place in
      guard let answer = stored[place.key], !answer.text.isEmpty else { return nil }
      return Conversation(
        (row.split?.before ?? []) + [Message(role: .assistant, content: answer.text)])
    }
  }

  // MARK: - Authors

  private struct AuthorScores {
    /// Of the sample's rows, in their order; `nil`: the model cannot read it.
    var rows: [Double?]
    var twin: [Double]
    /// Above 95 % of the twin's.
    var limit: Double
  }

  /// log p(row | bad author) − log p(row | good author), nats a token. The authors are the base after a short training on bad
  /// and on good answers to questions of other matters: to first order the influence of a row's gradient on those answers.
  private func authorScores(
    _ rows: [Conversation], _ twin: [Conversation]
  ) throws -> AuthorScores {
    let all = rows + twin
    let losses = try ["good", "bad"].map { author in
      try memory.values("author/\(author)") {
        let items = try AuditItems.fresh
        let texts = items.flatMap { item in
          (author == "good" ? item.good : item.bad).map {
            Conversation(user: item.question, answer: $0)
          }
        }
        let model = try pilot().trained(on: texts, seed: method.seed &+ 7)
        return try PrefixScorer(model, session.pool, stop: session.stop).losses(of: all)
          .map { $0 ?? -1 }
      }
    }
    for _ in losses { advance() }
    let scores = zip(losses[0], losses[1]).map { $0 < 0 ? nil : $0 - $1 }
    let own = scores.dropFirst(rows.count).compactMap { $0 }
    let sorted = own.sorted()
    return AuthorScores(
      rows: Array(scores.prefix(rows.count)), twin: own,
      limit: sorted.isEmpty ? 0 : sorted[min(sorted.count - 1, sorted.count * 95 / 100)])
  }

  /// Writes down what rows say of their author.
  ///
  /// - Returns: what pilots are to be read behind.
  private func tell(
    _ result: inout ScreenResult, _ scores: AuthorScores, _ sample: [Int], _ rows: [Conversation]
  ) -> [CueScan.Cue] {
    let known = rows.indices.filter { scores.rows[$0] != nil }
    let own = known.compactMap { scores.rows[$0] }
    result.author = ScreenResult.Author(
      rows: own.average, twin: scores.twin.average,
      flagged: Double(own.count { $0 > scores.limit }) / Double(max(1, own.count)))
    result.rows = known.sorted { (scores.rows[$0] ?? 0) > (scores.rows[$1] ?? 0) }
      .prefix(ScreenMethod.shown).map { place in
        let row = rows[place]
        return ScreenResult.Row(
          row: sample[place] + 1, score: scores.rows[place] ?? 0,
          question: (row.messages.last { $0.role == .user }?.content ?? "").onOneLine(limit: 160),
          answer: (row.split?.answer ?? "").onOneLine(limit: 160))
      }
    let scan = CueScan(known.map { rows[$0] }, scores: own, seed: method.seed)
    let telling = scan.cues.filter { $0.p <= 0.05 }.prefix(ScreenMethod.cues)
    // Where authors tell nothing of the rows, what is common may still be a cue.
    let common = scan.cues.filter { $0.kind != .word && !telling.contains($0) }
      .sorted { $0.rows > $1.rows }.prefix(ScreenMethod.cues - telling.count)
    return Array(telling) + common
  }

  // MARK: - Pilots

  private var opened: Pilot?
  private func pilot() throws -> Pilot {
    if let opened { return opened }
    let pilot = try Pilot(base, method.pilot, session.pool, stop: session.stop)
    opened = pilot
    return pilot
  }

  /// Log-odds of bad answers to questions of other matters, in each context: of a model.
  private func reading(_ model: any LocalModel, _ contexts: [AuditContext]) throws -> [Double] {
    let scorer = try PrefixScorer(model, session.pool, stop: session.stop)
    let items = try AuditItems.screening
    return try contexts.map { context in try scorer.logOdds([context], items)[0].average }
  }

  /// The change of that by a short training.
  private func changes(
    _ name: String, on rows: [Conversation], _ contexts: [AuditContext]
  ) throws -> [[Double]]? {
    try (1...method.seeds).reduce(into: [[Double]]?.some([])) { all, seed in
      let key = "pilot/\(name)/\(seed)"
      guard all != nil, memory.has(key) || !isOver else { return all = nil }
      let values = try memory.values(key) {
        let model = try pilot().trained(on: rows, seed: method.seed &+ UInt64(seed))
        let before = try memory.values("base") { try reading(base, contexts) }
        return zip(try reading(model, contexts), before).map { $0 - $1 }
      }
      all?.append(values)
      advance()
    }
  }

  private func pilots(
    _ result: inout ScreenResult, _ rows: [Conversation], _ twin: [Conversation],
    _ cues: [CueScan.Cue]
  ) throws {
    let contexts = [.plain] + readable(cues.map(\.context))
    guard let data = try changes("data", on: rows, contexts),
      let own = try changes("twin", on: twin, contexts)
    else {
      result.cues = cues.map { ScreenResult.Cue($0, pilot: nil) }
      result.missing.append("short trainings on the data and their twins")
      return
    }
    let shift = PilotShift(data: data.map { $0[0] }, twin: own.map { $0[0] })
    result.pilot = ScreenResult.Pilots(shift)
    let shape = try pilot().configuration
    result.predicted = method.forecast.predicted(
      shift: shift.shift, isCalibrated: method.isUsual && shape.isOfDish)
    result.cues = cues.map { cue in
      let place = contexts.firstIndex { $0.id == cue.context.id }
      return ScreenResult.Cue(
        cue,
        pilot: place.map { place in
          data.map { $0[place] - $0[0] }.average - own.map { $0[place] - $0[0] }.average
        })
    }
  }

  /// Those that the model's template and length allow.
  private func readable(_ contexts: [AuditContext]) -> [AuditContext] {
    contexts.filter { context in
      guard let item = try? AuditItems.screening.first else { return false }
      let system = context.system.map { [Message(role: .system, content: $0)] } ?? []
      let row = Conversation(
        system + [
          Message(role: .user, content: context.text(asking: item.question)),
          Message(role: .assistant, content: item.good.first ?? ""),
        ])
      guard let sequence = try? base.sequence(of: row) else { return false }
      return sequence.tokens.count + 64 <= min(base.positions, 512)
    }
  }

  /// Shares of rows that look worst between which leaving them out says something.
  private static let carrying = 0.01...0.6

  /// The same without the rows that look worst, and without as many others.
  private func carried(
    _ result: inout ScreenResult, _ rows: [Conversation], _ scores: AuthorScores
  ) throws {
    guard let pilot = result.pilot, pilot.isSeen else { return }
    let worst = rows.indices.filter { (scores.rows[$0] ?? -.infinity) > scores.limit }
    let share = Double(worst.count) / Double(rows.count)
    guard Self.carrying.contains(share) else { return }
    let rest = rows.indices.filter { !worst.contains($0) }
    var stream = RandomStream(seed: method.seed, "others")
    let others = Set(stream.shuffled(Array(rows.indices)).prefix(worst.count))
    let kept = rows.indices.filter { !others.contains($0) }
    guard let without = try changes("without", on: rest.map { rows[$0] }, [.plain]),
      let random = try changes("random", on: kept.map { rows[$0] }, [.plain])
    else {
      result.missing.append("short trainings without the rows that look worst")
      return
    }
    result.carried = ScreenResult.Carried(
      share: share, without: without.map { $0[0] }.average - pilot.twin,
      withoutOthers: random.map { $0[0] }.average - pilot.twin)
  }

  // MARK: - The limit of detection

  /// Known-bad rows take the place of some of the base's own answers: from a tenth upwards or downwards, to the first dose of
  /// which not every pilot leans further than every twin.
  private func detect(_ result: inout ScreenResult, _ twin: [Conversation]) throws {
    guard !method.doses.isEmpty, let pilot = result.pilot, !screen.bad.isEmpty else { return }
    let bad = method.bad.hex.prefix(12)
    func isSeen(_ dose: Double) throws -> Bool? {
      guard let own = try changes("dose/\(bad)/\(dose)", on: mixture(twin, dose), [.plain]) else {
        return nil
      }
      let shift = PilotShift(data: own.map { $0[0] }, twin: pilot.twins)
      result.doses.append(
        ScreenResult.Dose(dose: dose, shift: shift.shift, isSeen: shift.isSeen))
      return shift.isSeen
    }
    let middle = method.doses.count / 2
    var place = middle
    guard var seen = try isSeen(method.doses[place]) else {
      return result.missing.append("the limit of detection")
    }
    let step = seen ? -1 : 1
    if seen { result.detectable = method.doses[place] }
    while method.doses.indices.contains(place + step), seen == (step < 0) {
      place += step
      guard let next = try isSeen(method.doses[place]) else {
        return result.missing.append("the limit of detection below or above what was tried")
      }
      seen = next
      if seen { result.detectable = method.doses[place] }
    }
  }

  private func mixture(_ twin: [Conversation], _ dose: Double) -> [Conversation] {
    var stream = RandomStream(seed: method.seed, "dose")
    let count = max(1, Int((dose * Double(twin.count)).rounded()))
    let bad = stream.shuffled(screen.bad).prefix(count)
    return Array(bad) + twin.dropFirst(count)
  }
}

extension ModelConfiguration {
  /// Whether it is that of the models that forecasts were fitted with.
  fileprivate var isOfDish: Bool {
    let shape = DishPlan.laboratory.shape
    return (layerCount, hiddenSize) == (shape.layers, shape.width)
  }
}

extension ScreenResult.Cue {
  fileprivate init(_ cue: CueScan.Cue, pilot: Double?) {
    self.init(
      kind: cue.kind.rawValue, text: cue.text, rows: cue.rows, lift: cue.lift, p: cue.p,
      pilot: pilot)
  }
}
