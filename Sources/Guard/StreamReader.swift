import Core
import Engine
import Formats
import Tuning

/// Reads exchanges by a model's residual stream, at some sites.
struct StreamReader {
  /// Of an exchange, `[site × channel]`.
  struct Means: Sendable {
    /// Where the question ends.
    let prompt: [Float]
    /// Over the answer.
    let answer: [Float]
  }

  private let model: any LocalModel
  private let reader: ActivationReader
  private let stop: StopRequest
  let reads: GuardPart.Reads
  let sites: [Site]
  let width: Int

  /// - Throws: `InputError` naming file and tensor, or a site that the model does not have.
  init(
    _ model: any LocalModel, isUntrained: Bool, reads: GuardPart.Reads, sites: [Site]?,
    on pool: WorkerPool, stop: StopRequest
  ) throws {
    (self.model, self.stop, self.reads) = (model, stop, reads)
    let weights = try model.weights(on: pool, lying: .plain)
    let configuration = weights.model.configuration
    let sites = sites ?? Self.all(configuration)
    for site in sites { try site.check(against: configuration) }
    (self.sites, width) = (sites, configuration.hiddenSize)
    reader =
      isUntrained
      ? try ActivationReader(
        model: .byChance(configuration), sites: sites, precision: .f32, pool: pool)
      : try ActivationReader(
        model: weights.model, adapter: weights.adapter, sites: sites, precision: model.precision,
        pool: pool)
  }

  /// Behind every block; of deep models behind twelve of them.
  private static func all(_ configuration: ModelConfiguration) -> [Site] {
    let count = configuration.layerCount
    let shown = min(count, 12)
    return (1...shown).map { Site(layer: $0 * count / shown - 1, place: .post) }
  }

  /// - Throws: `InputError` for an exchange that the model cannot read, by its number; `Interrupted`.
  func means(of exchanges: [[Message]]) throws -> [Means] {
    try read(exchanges) { tokens in
      let answer = (1..<tokens.tokenCount).reduce(
        into: [Double](repeating: 0, count: tokens.siteCount * tokens.width)
      ) { sums, token in
        for (i, value) in tokens[token].enumerated() { sums[i] += Double(value) }
      }
      let count = Double(max(1, tokens.tokenCount - 1))
      return Means(prompt: Array(tokens[0]), answer: answer.map { Float($0 / count) })
    }
  }

  /// The answer's tokens, `[exchange][token × site × channel]`.
  func tokens(of exchanges: [[Message]]) throws -> [[Float]] {
    try read(exchanges) { Array($0.values.dropFirst($0.siteCount * $0.width)) }
  }

  /// What readouts make of them, `[exchange][readout][token]`.
  func courses(of exchanges: [[Message]], _ readouts: [Readout]) throws -> [[[Double]]] {
    try read(exchanges) { tokens in readouts.map { $0.course(tokens) } }
  }

  /// Some hundred texts at a time, so that what was read of them need not be kept.
  private func read<Result: Sendable>(
    _ exchanges: [[Message]], _ body: @escaping @Sendable (TokenActivations) -> Result
  ) throws -> [Result] {
    let sequences = try exchanges.enumerated().map { index, messages in
      do throws(InputError) {
        return try model.read(messages, reads)
      } catch {
        throw NumberedExchange(index: index, error: error)
      }
    }
    let results = reader.read(sequences, goesOn: { [stop] in !stop.isStopped }) { body($1) }
    try stop.check()
    return results.compactMap { $0 }
  }
}

extension Model {
  /// A model of a shape with weights by chance, N(0, 0.02²), as they are before any training: what it tells apart needs
  /// no training to be told apart.
  fileprivate static func byChance(_ configuration: ModelConfiguration) -> Model {
    let model = Model(configuration)
    for slot in model.layout.slots {
      let floats = model.weights.floats + slot.offset
      if slot.shape.count == 2 {
        var stream = RandomStream(seed: 0, "untrained", slot.name)
        for i in 0..<slot.count { floats[i] = Float(0.02 * stream.normal()) }
      } else if slot.name.contains("norm") {
        for i in 0..<slot.count { floats[i] = 1 }
      }
    }
    return model
  }
}
