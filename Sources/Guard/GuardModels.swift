import Core
import Engine
import Formats
import Foundation
import Synchronization
import Tuning

/// The models that a guard reads or asks, each opened once.
package final class GuardModels {
  private let open: (String) throws -> any LanguageModel
  private var opened: [String: any LanguageModel] = [:]
  private var kept: [String: any LocalModel] = [:]
  /// Reads this one in place of those that parts name.
  private let instead: String?

  /// - Parameters:
  ///   - instead: a model that is read in place of those that the guard's parts name, such as a fine-tuned one; its
  ///     fingerprint is then not held against theirs.
  ///   - open: opens a model by its place.
  package init(instead: String? = nil, open: @escaping (String) throws -> any LanguageModel) {
    (self.instead, self.open) = (instead, open)
  }

  package func model(at place: String) throws -> any LanguageModel {
    if let known = opened[place] { return known }
    let model = try open(place)
    opened[place] = model
    return model
  }

  /// One whose weights are on this machine; they are read once.
  package func local(at place: String) throws -> any LocalModel {
    if let known = kept[place] { return known }
    guard let local = try model(at: place).local else {
      throw InputError(
        "found \(place.quotedOnOneLine), expected a folder, a GGUF file or pypi:NAME: nothing behind a "
          + "server tells its residual stream", field: "model")
    }
    let own = KeptModel(local)
    kept[place] = own
    return own
  }

  /// Which model stands at a place.
  package func fingerprint(of place: String) throws -> String {
    try Fingerprint(of: model(at: place).reference).hex
  }

  /// - Parameter isScored: whether it is asked, and not read: then it is always the part's own.
  /// - Throws: `InputError` where it is not the model that the part was made for.
  private func checked(_ reader: GuardPart.Reader, isScored: Bool = false) throws -> String {
    if let instead, !isScored { return instead }
    let found = try fingerprint(of: reader.place)
    guard found == reader.fingerprint else {
      throw InputError(
        "found the model \(Fingerprint(hex: found).short), the guard was made for "
          + "\(Fingerprint(hex: reader.fingerprint).short); --model reads another one all the same",
        file: reader.place)
    }
    return reader.place
  }

  func stream(
    _ reader: GuardPart.Reader, reads: GuardPart.Reads, sites: [Site]?, _ pool: WorkerPool,
    _ stop: StopRequest
  ) throws -> StreamReader {
    try StreamReader(
      local(at: try checked(reader)), isUntrained: reader.isUntrained, reads: reads, sites: sites,
      on: pool, stop: stop)
  }

  /// log p(harmful) − log p(benign) of the two replies.
  func odds(
    _ part: GuardPart, _ exchanges: [[Message]], _ pool: WorkerPool, _ stop: StopRequest
  ) async throws -> [Double] {
    guard let reader = part.reader, let label = part.label else { return [] }
    let rows = exchanges.flatMap { exchange in
      let text = label.filled(
        question: exchange.last { $0.role == .user }?.content ?? "",
        answer: exchange.last?.content ?? "")
      return [label.harmful, label.benign].map { Conversation(user: text, answer: $0) }
    }
    let losses = try await losses(reader, rows, each: 2, pool, stop)
    return exchanges.indices.map { losses[2 * $0 + 1].sum - losses[2 * $0].sum }
  }

  /// (log p(answer) of the model − that of the other one) / tokens. Both are those that the part names, whatever is read
  /// in place of other parts' models.
  func ratios(
    _ part: GuardPart, _ exchanges: [[Message]], _ pool: WorkerPool, _ stop: StopRequest
  ) async throws -> [Double] {
    guard let reader = part.reader, let against = part.against else { return [] }
    let rows = exchanges.map { Conversation($0) }
    let own = try await losses(reader, rows, each: 1, pool, stop)
    let other = try await losses(against, rows, each: 1, pool, stop)
    return zip(own, other).map { ($1.sum - $0.sum) / Double(max(1, $0.tokens)) }
  }

  /// −log p of each row's answer, nats, and its tokens.
  ///
  /// - Parameter each: rows of one exchange.
  private func losses(
    _ reader: GuardPart.Reader, _ rows: [Conversation], each: Int, _ pool: WorkerPool,
    _ stop: StopRequest
  ) async throws -> [(sum: Double, tokens: Int)] {
    if rows.isEmpty { return [] }
    guard let scoring = try model(at: try checked(reader, isScored: true)).scoring else {
      throw InputError("a model that tells no log-likelihoods", file: reader.place)
    }
    var sequences: [TrainingSequence] = []
    for (index, row) in rows.enumerated() {
      do throws(InputError) {
        sequences.append(try scoring.sequence(of: row))
      } catch {
        throw NumberedExchange(index: index / each, error: error)
      }
    }
    let found = Mutex([Double](repeating: .nan, count: sequences.count))
    let outcome = try await scoring.score(sequences, on: pool, stop: stop) { first, own in
      found.withLock { found in for (i, text) in own.enumerated() { found[first + i] = text.sum } }
      return !stop.isStopped
    }
    try stop.check()
    let sums = found.withLock { $0 }
    guard sums.allSatisfy(\.isFinite) else {
      let reason = outcome.failures.keys.sorted().first ?? "no log-likelihood"
      throw InputError("could not be asked: \(reason)", file: reader.place)
    }
    return zip(sums, sequences).map { ($0, $1.trainedCount) }
  }
}
