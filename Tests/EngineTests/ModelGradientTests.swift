import Engine
import Formats
import Testing

/// The engine's loss and gradient of whole models against the naive model in double precision.
@Suite("Model gradient")
struct ModelGradientTests {
  @Test("Logits and loss are those of the naive model", arguments: TinyModels.names)
  func forward(name: String) throws {
    let model = TinyModels.model(name)
    let batch = TinyModels.batch()
    let adapter = try TinyModels.adapter(LoRAConfiguration(rank: 3, alpha: 6), model)
    for adapter in [nil, adapter] {
      let naive = NaiveModel(model, adapter: adapter)
      for sequence in batch {
        expectClose(
          try model.logits(of: sequence.tokens, adapter: adapter), naive.logits(sequence.tokens),
          absolute: 2e-5, "logits")
      }
      let loss = try withPool(1) { pool in
        try Trainer(
          model: model, adapter: adapter,
          configuration: TrainingConfiguration(steps: 1, learningRate: 0), pool: pool, longest: 11
        ).evaluationLoss(batch)
      }
      #expect(abs(try #require(loss) - naive.loss(batch)) < 2e-6)
    }
  }

  @Test("Full gradient along random directions", arguments: TinyModels.names)
  func full(name: String) throws {
    let model = TinyModels.model(name)
    let gradient = try Self.gradient(model, nil)
    try Self.compare(gradient, names: model.layout.slots.map(\.name)) { direction, step in
      var naive = NaiveModel(model)
      naive.tensors = Self.moved(naive.tensors, direction, step)
      return naive.loss(TinyModels.batch())
    }
  }

  static let adapters = [
    LoRAConfiguration(rank: 3, alpha: 6),
    LoRAConfiguration(rank: 1, alpha: 2, targets: [.down]),
    LoRAConfiguration(
      rank: 2, alpha: 3, rankStabilised: true, targets: [.query, .value, .up], layers: [1]),
    LoRAConfiguration(rank: 5, alpha: 1, targets: [.key, .output, .gate], layers: [0]),
  ]

  @Test("Adapter gradient along random directions", arguments: TinyModels.names, adapters)
  func adapter(name: String, settings: LoRAConfiguration) throws {
    let model = TinyModels.model(name)
    let adapter = try TinyModels.adapter(settings, model)
    let gradient = try Self.gradient(model, adapter)
    try Self.compare(gradient, names: adapter.layout.slots.map(\.name)) { direction, step in
      var naive = NaiveModel(model, adapter: adapter)
      naive.adapter = Self.moved(naive.adapter, direction, step)
      return naive.loss(TinyModels.batch())
    }
  }

  @Test("The gradient where a token is read, and not where it is said", arguments: TinyModels.names)
  func input(name: String) throws {
    let model = TinyModels.model(name)
    var shape = model.configuration
    shape.tiedEmbeddings = false
    let untied = Model(shape)
    for slot in untied.layout.slots {
      let own =
        model.layout.slot(named: slot.name)
        ?? model.layout.slot(
          named: "model.embed_tokens.weight")
      for i in 0..<slot.count {
        untied.weights.floats[slot.offset + i] = model.weights.floats[try #require(own).offset + i]
      }
    }
    let batch = TinyModels.batch().filter { $0.trainedCount > 0 }
    let token = try #require(batch.first?.tokens.first)
    let weights = batch.indices.map { Double($0 % 2) - 0.7 }
    let (found, scores) = withPool(2) { pool in
      let gradient = InputGradient(model, pool: pool)
      let found = gradient.gradient(of: batch, weights: weights, at: token)
      return (found, gradient.scores(found))
    }
    let width = shape.hiddenSize
    var numbers = Numbers("input")
    let direction = numbers.normal(width).doubles
    func sum(_ step: Double) -> Double {
      var naive = NaiveModel(untied)
      for channel in 0..<width {
        naive.tensors["model.embed_tokens.weight"]?[Int(token) * width + channel] +=
          step * direction[channel]
      }
      return zip(batch, weights).reduce(0) {
        $0 - $1.1 * naive.loss([$1.0]) * Double($1.0.trainedCount)
      }
    }
    let numeric = (sum(1e-5) - sum(-1e-5)) / 2e-5
    let size = Reference.dot(found, found).squareRoot()
    #expect(abs(Reference.dot(found, direction) - numeric) < 1e-5 * (size + 1e-3))
    #expect(size > 0 && scores.count == shape.vocabularySize)
    let row = (0..<width).map { Double(untied.weights.floats[$0 + Int(token) * width]) }
    let slot = try #require(untied.layout.slot(named: "model.embed_tokens.weight"))
    #expect(slot.offset > 0 || abs(scores[Int(token)] - Reference.dot(row, found)) < 1e-9)
  }

  static func gradient(_ model: Model, _ adapter: Adapter?) throws -> [String: [Float]] {
    var configuration = TrainingConfiguration(steps: 1, learningRate: 0)
    configuration.shardCount = 3
    return try withPool(2) { pool in
      try Trainer(
        model: model, adapter: adapter, configuration: configuration, pool: pool, longest: 11
      ).gradients(TinyModels.batch())
    }
  }

  /// One direction over all tensors, and one for each tensor alone. A central difference of the
  /// naive loss is exact to about 1e-9; the gradient's sums are in 32 bits.
  static func compare(
    _ gradient: [String: [Float]], names: [String],
    _ loss: (_ direction: [String: [Double]], _ step: Double) -> Double
  ) throws {
    var numbers = Numbers("directions")
    func direction(_ names: [String]) throws -> [String: [Double]] {
      try Dictionary(
        uniqueKeysWithValues: names.map {
          ($0, numbers.normal(try #require(gradient[$0]).count).doubles)
        })
    }
    #expect(Set(gradient.keys) == Set(names))
    let directions = try [names, names].map(direction) + names.map { try direction([$0]) }
    for direction in directions {
      let step = 1e-5
      let numeric = (loss(direction, step) - loss(direction, -step)) / (2 * step)
      var (analytic, size) = (0.0, 0.0)
      for (name, values) in direction {
        let g = try #require(gradient[name]).doubles
        analytic += Reference.dot(g, values)
        size += Reference.dot(g, g)
      }
      #expect(
        abs(analytic - numeric) < 1e-5 * (size.squareRoot() + 1e-3),
        "\(direction.count == 1 ? direction.keys.first ?? "" : "all"): \(analytic), \(numeric)")
    }
  }

  static func moved(
    _ tensors: [String: [Double]], _ direction: [String: [Double]], _ step: Double
  ) -> [String: [Double]] {
    tensors.merging(direction) { zip($0, $1).map { $0 + step * $1 } }
  }
}
