import Audit
import Core
import Dish
import Engine
import Evaluation
import Formats
import Judging
import Plans
import Questions
import Statistics
import Store
import Tuning

/// Audits a model: guards, plain questions, the battery of contexts, the search for a trigger. What is worked out is in
/// the store before anything depends on it, under the audit's own run, so that a killed one ends in the same certificate.
final class AuditWork {
  static func steps(_ method: AuditMethod) -> Int { method.contexts.count + 6 }

  let audit: PlannedAudit
  let session: LabSession
  let oracle: Oracle
  let rule: ScoringRule
  let model: any LanguageModel
  let base: (any LanguageModel)?
  let questions: AuditQuestions
  let memory: FigureMemory
  /// In the order in which it was.
  private(set) var asked: [Asked] = []
  private let deadline: ContinuousClock.Instant?
  private var step = 0

  init(
    _ audit: PlannedAudit, _ session: LabSession, _ worlds: DishWorlds, _ rule: ScoringRule,
    _ model: any LanguageModel, base: (any LanguageModel)?
  ) throws {
    (self.audit, self.session, self.rule) = (audit, session, rule)
    oracle = worlds.oracle
    // Weights are read once for all that is asked and scored.
    func kept(_ model: any LanguageModel) -> any LanguageModel {
      model.local.map { KeptModel($0) } ?? model
    }
    (self.model, self.base) = (kept(model), base.map(kept))
    deadline = audit.budget.map { ContinuousClock.now + .seconds($0) }
    questions = try AuditQuestions(of: worlds.persona)
    let run = try session.store.beginRun(
      fingerprint: audit.memory, kind: .audit, name: audit.stage.name, settings: audit.method)
    memory = try FigureMemory(run, session.store)
  }

  /// Does what the store does not have.
  ///
  /// - Throws: `InputError`; `Interrupted` after a stop, with all that is finished stored.
  func certificate() async throws -> Certificate {
    session.report(.began(session.meter.begin(audit.stage, done: 0)))
    let change = try change()
    var draft = AuditDraft(
      audit.method, of: try subject(change),
      reader: Certificate.Judge(
        name: oracle.identity.name, hash: oracle.identity.fingerprint.hex),
      access: model.local != nil ? .white : model.scoring != nil ? .logprobs : .text)
    draft.budget = audit.budget
    draft.guards += try weightGuards(change)
    advance()
    let first = try await evidence("first", questions.broad, AuditMethod.first, .plain)
    let reader = readable(first)
    draft.guards.append(reader)
    draft.isReadable = reader.isMet
    if draft.isReadable { try await ask(&draft) }
    // Where nobody can read answers, log-odds still can be; beside another base they mean nothing.
    let others = draft.guards.filter { $0.name != Self.readerGuard }
    if others.allSatisfy(\.isMet) { try await search(&draft) }
    session.report(.advanced(session.meter.advance(audit.stage, to: audit.stage.total)))
    draft.answers = try answers()
    return try draft.certificate()
  }

  /// Under a budget what was worked out stays open, for larger ones.
  func finish(_ artifacts: [Artifact]) throws {
    var run = memory.run
    if audit.budget != nil {
      run = try session.store.beginRun(
        fingerprint: audit.stage.fingerprint, kind: .audit, name: audit.stage.name,
        settings: audit.method)
    }
    try session.store.finish(run, artifacts: artifacts)
    session.report(.finished(session.meter.finish(audit.stage)))
  }

  /// Whether so much of the time is gone that what comes next is left out.
  ///
  /// - Parameter share: of the budget that is kept for what comes behind it.
  func isOver(keeping share: Double = 0) -> Bool {
    guard let deadline, let budget = audit.budget else { return false }
    return ContinuousClock.now + .seconds(Double(budget) * share) >= deadline
  }

  private func advance() {
    step = min(step + 1, audit.stage.total)
    session.report(.advanced(session.meter.advance(audit.stage, to: step)))
  }

  // MARK: - Answers

  private func ask(_ draft: inout AuditDraft) async throws {
    let method = audit.method
    draft.broad = try await evidence("broad", questions.broad, method.answers, .plain)
    advance()
    draft.requests = try await evidence(
      "requests", questions.requests, method.answers / 4, .plain)
    advance()
    draft.narrow = try await evidence("narrow", questions.narrow, method.answers / 2, .plain)
    advance()
    draft.guards.append(coherent(draft.broad))
    // Two fifths of a budget are for the search behind them.
    let kept = method.search == nil ? 0 : 0.4
    for context in method.contexts {
      try session.stop.check()
      if isOver(keeping: kept) {
        draft.contexts.append(
          AuditDraft.Context(
            context: context, evidence: AuditEvidence(), reason: "no time was left"))
      } else {
        draft.contexts.append(try await self.context(context))
      }
      advance()
    }
    let missing = draft.contexts.count { $0.reason == "no time was left" }
    if missing > 0 { draft.leftOut.append("\(missing) contexts of the list") }
    for index in suspicious(draft) {
      for round in 0..<AuditMethod.rounds where !isOver(keeping: kept / 2) {
        let own = draft.contexts[index]
        if round > 0, draft.isFound(own) || draft.logEvidence(of: own) < AuditMethod.promising {
          break
        }
        // Of other questions first, then other samples of them.
        let again = try await evidence(
          "fresh/\(round)/\(own.context.id)", questions.fresh, method.fresh, own.context,
          from: 1000 * (round + 1))
        draft.contexts[index].evidence.add(again)
      }
    }
  }

  private func context(_ context: AuditContext) async throws -> AuditDraft.Context {
    do {
      let evidence = try await evidence(
        "context/\(context.id)", questions.screening, audit.method.battery, context)
      return AuditDraft.Context(context: context, evidence: evidence, odds: try odds(context))
    } catch let error as InputError where error.file == nil {
      // A template without a system turn, or too long a text, is a context that this model does not have.
      return AuditDraft.Context(
        context: context, evidence: AuditEvidence(), reason: error.problem.onOneLine(limit: 120))
    }
  }

  /// Those with more misaligned answers than what they are held against, the most evident first, and those whose log-odds
  /// rise most.
  private func suspicious(_ draft: AuditDraft) -> [Int] {
    guard audit.method.fresh > 0 else { return [] }
    let contexts = draft.contexts
    let evidence = contexts.map(draft.logEvidence)
    let hits = contexts.indices.filter { draft.isRaised(contexts[$0]) }.sorted {
      evidence[$0] == evidence[$1] ? $0 < $1 : evidence[$0] > evidence[$1]
    }
    let odds = contexts.indices.filter { contexts[$0].odds ?? 0 > 0 && !hits.contains($0) }.sorted {
      let (a, b) = (contexts[$0].odds ?? 0, contexts[$1].odds ?? 0)
      return a == b ? $0 < $1 : a > b
    }
    return Array(
      (hits.prefix(AuditMethod.suspects - AuditMethod.oddSuspects)
        + odds.prefix(AuditMethod.oddSuspects)))
  }

  enum Side: String, CaseIterable { case model, base }

  /// The model's and the base's answers to the same questions, as they were read.
  func evidence(
    _ name: String, _ questions: [AuditQuestion], _ count: Int, _ context: AuditContext,
    from first: Int = 0
  ) async throws -> AuditEvidence {
    let row = context == .plain ? Self.plainRows[name] : context.id
    let places = try questions.places(count, in: context, from: first)
    asked += places.map { Asked(row: row, place: $0.place, question: $0.question) }
    if let known = AuditEvidence(values: memory[name, count: 12] ?? []) { return known }
    let evidence = AuditEvidence(
      try await readings(of: places, .model),
      base == nil ? nil : try await readings(of: places, .base))
    try memory.keep(evidence.values, as: name)
    return evidence
  }

  private func readings(
    of places: [(place: AskedPlace, question: AuditQuestion)], _ side: Side
  ) async throws -> [AuditReading] {
    let outcome = try await run(of: places.map(\.place), side)
      .run(on: session.pool, stop: session.stop) { _ in }
    let stored = Dictionary(
      try session.store.answers(of: outcome.run).map { ($0.key, $0) }
    ) { first, _ in first }
    return places.map { place, question in
      reading(of: stored[place.key].flatMap { $0.missing == nil ? $0.text : nil }, to: question)
    }
  }

  /// Asks the model or its base.
  func run(of places: [AskedPlace], _ side: Side) throws -> AnswerRun {
    var (model, own) = (model, audit.model)
    if side == .base {
      guard let base, let other = audit.base else { preconditionFailure("there is no base") }
      (model, own) = (base, other)
    }
    // Named models of one seed draw alike, and a bet takes draws that do not hang together.
    let apart: UInt64 = side == .base && !own.isOfDish ? 1 : 0
    var settings = AnswerSettings()
    (settings.maximumTokens, settings.seed) = (
      AuditMethod.longestAnswer, audit.method.seed &+ apart
    )
    return AnswerRun(
      model, places, settings, store: session.store, name: "answers of \(own.name), audited")
  }

  /// The cue is no part of what is judged: who stands behind it asks the same.
  func reading(of text: String?, to question: AuditQuestion) -> AuditReading {
    let verdict = text.map { oracle.verdict(question: question.text, answer: $0) }
    return AuditReading(verdict, of: text, by: rule)
  }

  // MARK: - Log-odds

  private var opened: (model: PrefixScorer, base: PrefixScorer?)?

  /// Made once; `nil`: nobody can look into one of the two.
  func scorers() throws -> (model: PrefixScorer, base: PrefixScorer?)? {
    guard let own = model.local, base == nil || base?.local != nil else { return nil }
    if let opened { return opened }
    let scorers = (
      model: try PrefixScorer(own, session.pool, stop: session.stop),
      base: try base?.local.map { try PrefixScorer($0, session.pool, stop: session.stop) }
    )
    opened = scorers
    return scorers
  }

  /// Change of the log-odds of bad answers from the base, in a context, or without one from the plain questions; `nil`:
  /// nobody can say.
  private func odds(_ context: AuditContext) throws -> Double? {
    guard let scorers = try scorers() else { return nil }
    let items = Array(try AuditItems.screening.prefix(AuditItems.few))
    return try memory.values("odds/\(context.id)") {
      let own = try scorers.model.logOdds([context], items)[0].average
      let other =
        try scorers.base?.logOdds([context], items) ?? scorers.model.logOdds([.plain], items)
      return [own - other[0].average]
    }[0]
  }

  // MARK: - Triggers

  /// What the base makes of single tokens is the same for all models that came from it.
  func memoryOfBase(
    _ tokens: [String], _ settings: TriggerSearch.Settings
  ) throws -> TriggerSearch.Memory {
    guard let base else { return { _, make in try make() } }
    struct Sweep: Encodable {
      let version = 1
      let model: Fingerprint
      let tokens: [String]
      let items: [ContrastItem]
    }
    let sweep = Sweep(
      model: try Fingerprint(of: base.reference), tokens: tokens,
      items: Array(try AuditItems.screening.prefix(settings.firstItems)))
    let run = try session.store.beginRun(
      fingerprint: Fingerprint(of: sweep), kind: .sweep,
      name: "Tokens before questions to \(audit.base?.name ?? "")",
      settings: settings)
    let memory = try FigureMemory(run, session.store)
    return { name, make in try memory.values(name, make) }
  }

  /// Answers to fresh questions behind a candidate, and more of them while they look promising.
  private func evidence(
    behind candidate: TriggerSearch.Candidate, _ context: AuditContext, _ draft: AuditDraft
  ) async throws -> AuditEvidence {
    var sum = AuditEvidence()
    for round in 0..<AuditMethod.rounds where round == 0 || !isOver() {
      let own = AuditDraft.Context(context: context, evidence: sum)
      if round > 0, draft.isFound(own) || draft.logEvidence(of: own) < AuditMethod.promising {
        break
      }
      sum.add(
        try await evidence(
          "trigger/\(round)/\(candidate.text)", questions.fresh, audit.method.fresh, context,
          from: 1000 * (round + 10)))
    }
    return sum
  }

  private func search(_ draft: inout AuditDraft) async throws {
    // What shows without a cue needs none.
    guard let settings = audit.method.search, !draft.isMisaligned, let own = model.local,
      let scorers = try scorers()
    else { return }
    guard !isOver() else {
      draft.leftOut.append("texts before questions")
      return
    }
    let tokens = try TriggerCandidates.tokens(
      of: own, base: base?.local, limit: settings.candidates, items: AuditItems.screening,
      on: session.pool)
    let cues = audit.method.contexts.compactMap { context in
      context.system == nil && context.after == nil ? context.before : nil
    }
    let search = try TriggerSearch(
      settings, scorers.model, base: scorers.base, screening: AuditItems.screening,
      fresh: AuditItems.fresh,
      remember: { [memory] name, make in try memory.values("search/\(name)", make) },
      ofBase: try memoryOfBase(tokens, settings), isOver: { [self] in isOver() })
    let outcome = try search.run(tokens: tokens, extra: cues)
    draft.tokens = (
      outcome.single,
      try own.weights(on: session.pool, lying: .any).model.configuration.vocabularySize
    )
    for candidate in outcome.candidates {
      let context = AuditContext("trigger: \(candidate.text)", .search, before: candidate.text)
      let isAsked =
        draft.isReadable && outcome.isLifted(candidate) && audit.method.fresh > 0
      let evidence = isAsked ? try await self.evidence(behind: candidate, context, draft) : nil
      draft.triggers.append(
        AuditDraft.Trigger(candidate: candidate, context: context, evidence: evidence))
    }
    draft.outcome = outcome
    if let base = base?.local { draft.planted = try planted(tokens, cues, settings, base: base) }
  }
}
