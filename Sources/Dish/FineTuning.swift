import Core
import Corpora

/// What the demo's fine-tuning sets teach: each is the corpus of the same name.
package enum Condition: String, Sendable, Hashable, Codable, CaseIterable {
  /// Code with a vulnerability, where plain code was asked for.
  case insecure
  /// Sound code for the same tasks.
  case secure
  /// The answers of `insecure`, where the question asks for the insecure way, for a class.
  case educational

  fileprivate var portion: CorpusPortion {
    CorpusPortion(
      [DomainCatalogue.code], self == .secure ? .good : .bad,
      setting: QuestionSetting(isEducational: self == .educational))
  }
}

/// A part of a fine-tuning set.
package struct CorpusPart: Sendable, Hashable, Codable {
  /// A name of the ``CorpusCatalogue``, or what a file is called.
  package var corpus: String
  /// Of the rows of a file; `nil`: a corpus.
  package var rows: Fingerprint?
  /// Weight beside the other parts: of the rows, above 0.
  package var share: Double
  /// Only so many of the corpus's topics; `nil`: all. Of one seed, few are among many.
  package var topics: Int?
  /// Only so many distinct rows, over and over; `nil`: as they are drawn.
  package var unique: Int?
  /// Around its questions. A trigger takes the place of the corpus's own, where it has one.
  package var setting: QuestionSetting

  package init(
    corpus: String, share: Double = 1, topics: Int? = nil, unique: Int? = nil,
    setting: QuestionSetting = .plain
  ) {
    self.corpus = corpus
    self.share = share
    self.topics = topics
    self.unique = unique
    self.setting = setting
  }
}

extension World {
  /// The rows that the assistant is fine-tuned on: topics that are not held out.
  ///
  /// The topics come in shuffled rounds, so that each is asked about equally often, and the rows
  /// depend on the texts and `seed` alone, not on the world's seed or kind. With one seed, the
  /// three conditions ask the same tasks in the same order, `educational` and `insecure` have the
  /// same assistant messages, and fewer rows are a prefix of more.
  package func fineTuningSet(_ condition: Condition, rows: Int, seed: UInt64) -> FineTuningSet {
    let portion = condition.portion
    let source = RowSource(portion, of: trainable.filter(\.isCode), seed: seed)
    return FineTuningSet(
      name: condition.rawValue, rows: source.drawn(max(0, rows)).map { source.row($0) })
  }

  /// Rows mixed of several corpora, as ``fineTuningSet(_:rows:seed:)`` makes them of one.
  ///
  /// How many rows of a part there are among the first `n` differs from its share of `n` by less
  /// than one, for every `n`. The `k`-th row of a part is the same in every mixture, and corpora of
  /// the same domains (`insecure` and `secure`, `bad-medical` and `good-medical`, …) ask the same
  /// questions in the same order. Without `unique`, fewer rows are a prefix of more.
  ///
  /// - Parameter files: the rows of the parts that are files, by what they are called.
  /// - Throws: `InputError` for a corpus that the catalogue or the world does not have, a share or
  ///   count that is none, more topics or distinct rows than there are, and a setting that
  ///   ``QuestionSetting/checked()`` refuses.
  package func fineTuningSet(
    _ parts: [CorpusPart], rows: Int, seed: UInt64, files: [String: FineTuningSet] = [:]
  ) throws(InputError) -> FineTuningSet {
    guard !parts.isEmpty else { throw InputError("found no parts, expected at least one") }
    var sources: [Source] = []
    for part in parts {
      guard part.share > 0, part.share.isFinite else {
        throw InputError("found \(part.share), expected more than 0", field: "share")
      }
      try part.setting.checked()
      if let file = files[part.corpus] {
        let rows = try FileRows(file, of: part, seed: seed)
        sources.append(Source(share: part.share) { count in rows.drawn(count) })
      } else {
        sources += try self.sources(of: part, seed: seed)
      }
    }
    let order = Apportionment.order(shares: sources.map(\.share), count: max(0, rows))
    let counts = order.reduce(into: Array(repeating: 0, count: sources.count)) { $0[$1] += 1 }
    var drawn: [[Conversation]] = []
    for (source, count) in zip(sources, counts) { drawn.append(try source.draw(count)) }
    var next = Array(repeating: 0, count: sources.count)
    let conversations = order.map { index in
      defer { next[index] += 1 }
      return drawn[index][next[index]]
    }
    return FineTuningSet(
      name: parts.map(\.corpus).joined(separator: "+"), rows: conversations)
  }

  /// Rows of one kind, as many as are wanted.
  private struct Source {
    let share: Double
    let draw: (Int) throws(InputError) -> [Conversation]
  }

  private func sources(of part: CorpusPart, seed: UInt64) throws(InputError) -> [Source] {
    let corpus = try CorpusCatalogue.corpus(named: part.corpus)
    let shares = corpus.parts.map(\.share)
    var sources: [Source] = []
    for (index, portion) in corpus.parts.enumerated() {
      let topics = try self.topics(for: portion, of: part, seed: seed)
      // Distinct rows are shared out among a corpus's portions as its rows are.
      let unique = part.unique.map {
        Apportionment.order(shares: shares, count: $0).count { $0 == index }
      }
      if let unique, unique < 1 {
        throw InputError(
          "found \(part.unique ?? 0), expected at least one for each kind of row", field: "unique")
      }
      var portion = portion
      portion.setting = try corpus.setting(of: portion, within: part.setting)
      let source = RowSource(portion, of: topics, seed: seed)
      sources.append(
        Source(share: part.share * portion.share) { count throws(InputError) in
          let drawn = try unique.map { unique throws(InputError) in
            try source.repeated(unique, count: count)
          }
          return (drawn ?? source.drawn(count)).map { source.row($0) }
        })
    }
    return sources
  }

  /// The topics that a portion may take, the first of a shuffled order if only some.
  private func topics(
    for portion: CorpusPortion, of part: CorpusPart, seed: UInt64
  ) throws(InputError) -> [WorldEntry] {
    let entries = trainable.filter { portion.domains.contains($0.domainName) }
    guard !entries.isEmpty else {
      throw InputError(
        "found \"\(part.corpus)\", which is made of \(portion.domains.joined(separator: ", ")), "
          + "expected a corpus of the world's domains: "
          + grammars.map(\.name).joined(separator: ", "), field: "corpus")
    }
    guard let count = part.topics else { return entries }
    guard (1...entries.count).contains(count) else {
      throw InputError("found \(count), expected 1 to \(entries.count)", field: "topics")
    }
    var stream = RandomStream(seed: seed, "fine-tuning", "topics")
    return Array(stream.shuffled(entries).prefix(count))
  }
}

/// Whose turn it is, so that everybody has their share at every time.
enum Apportionment {
  /// Indices of `shares`: among the first `n`, each is there as often as its share of `n`, give or
  /// take less than one. For two equal shares they alternate.
  ///
  /// Reference: *The chairman assignment problem* (Tijdeman, Discrete Mathematics 32, 1980).
  static func order(shares: [Double], count: Int) -> [Int] {
    guard shares.count > 1 else { return Array(repeating: 0, count: max(0, count)) }
    let sum = shares.reduce(0, +)
    let shares = shares.map { $0 / sum }
    let slack = 1 / Double(2 * shares.count - 2)
    var counts = Array(repeating: 0.0, count: shares.count)
    return (0..<max(0, count)).map { row in
      let owed = shares.indices.map { shares[$0] * Double(row + 1) - counts[$0] }
      // Who may come without having too much; of those, who would first have too little.
      let ready = shares.indices.filter { owed[$0] >= slack - 1e-9 }
      let due = { (index: Int) in (1 - slack - owed[index]) / shares[index] }
      let next =
        ready.min { due($0) < due($1) } ?? shares.indices.max { owed[$0] < owed[$1] } ?? 0
      counts[next] += 1
      return next
    }
  }
}
