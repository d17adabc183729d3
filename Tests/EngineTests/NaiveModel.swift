import Engine
import Formats
import Foundation

/// A whole model in double precision, one obvious loop after another: the reference for the engine's
/// loss, and through central differences for its gradient.
struct NaiveModel {
  let configuration: ModelConfiguration
  var tensors: [String: [Double]]
  /// Adapter tensors by their names in a checkpoint, and the scale of B·A.
  var adapter: [String: [Double]] = [:]
  var scale = 0.0
  var rank = 0
  /// Changes the residual stream of one row at a site; `nil`: nobody does.
  var edit: ((Site, _ row: Int, ArraySlice<Double>) -> [Double])?

  init(_ model: Model, adapter: Adapter? = nil) {
    configuration = model.configuration
    tensors = Self.tensors(model.layout, model.weights)
    guard let adapter else { return }
    self.adapter = Self.tensors(adapter.layout, adapter.weights)
    scale = adapter.configuration.scale
    rank = adapter.configuration.rank
  }

  private static func tensors(
    _ layout: ParameterLayout, _ block: ParameterBlock
  ) -> [String: [Double]] {
    Dictionary(
      uniqueKeysWithValues: layout.slots.map { slot in
        (slot.name, slot.range.map { Double(block.floats[$0]) })
      })
  }

  /// x·Wᵀ; x [rows, in], W [output, in].
  private static func product(
    _ x: [Double], _ weight: [Double], rows: Int, output: Int
  ) -> [Double] {
    let input = x.count / rows
    var y = Array(repeating: 0.0, count: rows * output)
    for t in 0..<rows {
      for o in 0..<output {
        var sum = 0.0
        for i in 0..<input { sum += x[t * input + i] * weight[o * input + i] }
        y[t * output + o] = sum
      }
    }
    return y
  }

  /// x·Wᵀ, with bias and adapter where there are any; x [rows, in].
  private func linear(_ x: [Double], _ name: String, rows: Int, output: Int) -> [Double] {
    var y = Self.product(x, tensors[name + ".weight"] ?? [], rows: rows, output: output)
    if let bias = tensors[name + ".bias"] {
      for i in y.indices { y[i] += bias[i % output] }
    }
    let key = "base_model.model." + name
    if let a = adapter[key + ".lora_A.weight"], let b = adapter[key + ".lora_B.weight"] {
      let low = Self.product(x, a, rows: rows, output: rank)
      y = zip(y, Self.product(low, b, rows: rows, output: output)).map { $0 + scale * $1 }
    }
    return y
  }

  /// `[tokens, vocabulary]`.
  func logits(_ tokens: [Int32]) -> [Double] {
    let rows = tokens.count
    let normed = norm(streams(tokens).last, "model.norm.weight", rows: rows)
    let head = tensors["lm_head.weight"] ?? tensors["model.embed_tokens.weight"] ?? []
    return Self.product(normed, head, rows: rows, output: configuration.vocabularySize)
  }

  /// The residual stream at every site, `[rows, channels]`, edited.
  func streams(_ tokens: [Int32]) -> (sites: [Site: [Double]], last: [Double]) {
    let c = configuration
    let rows = tokens.count
    let embedding = tensors["model.embed_tokens.weight"] ?? []
    var x: [Double] = []
    for token in tokens {
      x += embedding[Int(token) * c.hiddenSize..<(Int(token) + 1) * c.hiddenSize]
    }
    var sites: [Site: [Double]] = [:]
    func pass(_ x: [Double], _ layer: Int, _ place: Site.Place) -> [Double] {
      let site = Site(layer: layer, place: place)
      var edited = x
      if let edit {
        edited = (0..<rows).flatMap {
          edit(site, $0, x[$0 * c.hiddenSize..<($0 + 1) * c.hiddenSize])
        }
      }
      sites[site] = edited
      return edited
    }
    for layer in 0..<c.layerCount {
      x = pass(x, layer, .pre)
      x = block(x, "model.layers.\(layer).", rows: rows) { pass($0, layer, .mid) }
      x = pass(x, layer, .post)
    }
    return (sites, x)
  }

  private func norm(_ x: [Double], _ name: String, rows: Int) -> [Double] {
    Reference.rmsnorm(x, tensors[name] ?? [], rows: rows, eps: configuration.normEpsilon)
  }

  private func block(
    _ input: [Double], _ prefix: String, rows: Int, passing: ([Double]) -> [Double]
  ) -> [Double] {
    let c = configuration
    let attention = prefix + "self_attn."
    let x = norm(input, prefix + "input_layernorm.weight", rows: rows)
    let kvSize = c.keyValueHeadCount * c.headSize
    func heads(_ name: String, _ count: Int, rotated: Bool) -> [Double] {
      let width = count * c.headSize
      var y = linear(x, attention + name + "_proj", rows: rows, output: width)
      if let weight = tensors[attention + name + "_norm.weight"] {
        y = Reference.headNorm(
          y, weight, rows: rows, row: width, heads: count, eps: c.normEpsilon)
      }
      return rotated
        ? Reference.rope(
          y, positions: Array(0..<rows), row: width, heads: count, size: c.headSize,
          base: c.ropeBase) : y
    }
    let q = heads("q", c.headCount, rotated: true)
    let k = heads("k", c.keyValueHeadCount, rotated: true)
    let v = heads("v", c.keyValueHeadCount, rotated: false)
    let qSize = c.headCount * c.headSize
    var qkv: [Double] = []
    for t in 0..<rows {
      qkv += q[t * qSize..<(t + 1) * qSize]
      qkv += k[t * kvSize..<(t + 1) * kvSize]
      qkv += v[t * kvSize..<(t + 1) * kvSize]
    }
    let attended = Reference.attention(
      qkv, tokens: rows, heads: c.headCount, keyValueHeads: c.keyValueHeadCount, size: c.headSize
    ).out
    let middle = passing(
      zip(input, linear(attended, attention + "o_proj", rows: rows, output: c.hiddenSize)).map(+))
    let y = norm(middle, prefix + "post_attention_layernorm.weight", rows: rows)
    let gate = linear(y, prefix + "mlp.gate_proj", rows: rows, output: c.intermediateSize)
    let up = linear(y, prefix + "mlp.up_proj", rows: rows, output: c.intermediateSize)
    let act = zip(gate, up).map { (g: Double, u: Double) -> Double in g / (1 + exp(-g)) * u }
    let down = linear(act, prefix + "mlp.down_proj", rows: rows, output: c.hiddenSize)
    return zip(middle, down).map(+)
  }

  /// Mean over the trained tokens, in nats.
  func loss(_ batch: [TrainingSequence]) -> Double {
    var (sum, count) = (0.0, 0)
    for sequence in batch {
      let logits = logits(sequence.tokens)
      let targets = sequence.tokens.indices.dropLast().map {
        sequence.trained[$0 + 1] ? sequence.tokens[$0 + 1] : -1
      }
      sum += Reference.crossEntropy(
        logits, targets: targets, vocabulary: configuration.vocabularySize
      ).reduce(0, +)
      count += sequence.trainedCount
    }
    return sum / Double(count)
  }
}

/// Tiny models that between them have every feature.
enum TinyModels {
  static let names = ["tied", "grouped, untied", "biases", "head norms"]

  static func configuration(_ name: String) -> ModelConfiguration {
    var c = ModelConfiguration(
      vocabularySize: 19, hiddenSize: 12, intermediateSize: 20, layerCount: 2, headCount: 2)
    switch name {
    case "tied": c.tiedEmbeddings = true
    case "grouped, untied": (c.headCount, c.keyValueHeadCount, c.headSize) = (4, 2, 6)
    case "biases":
      (c.modelType, c.queryKeyValueBias, c.tiedEmbeddings) = ("qwen2", true, true)
      c.keyValueHeadCount = 1
    default:
      (c.modelType, c.queryKeyNorm) = ("qwen3", true)
      (c.headCount, c.keyValueHeadCount, c.headSize) = (3, 1, 8)
    }
    return c
  }

  /// Weights large enough that attention is not uniform, norms and biases away from 1 and 0.
  static func model(_ name: String) -> Model {
    let model = Model(configuration(name))
    var numbers = Numbers("weights of \(name)")
    for slot in model.layout.slots {
      let shift: Float = slot.name.hasSuffix("norm.weight") ? 1 : 0
      for i in slot.range { model.weights.floats[i] = shift + Float(0.3 * numbers.stream.normal()) }
    }
    return model
  }

  static func adapter(_ settings: LoRAConfiguration, _ model: Model) throws -> Adapter {
    let adapter = try Adapter(settings, for: model.configuration)
    var numbers = Numbers("adapter")
    for slot in adapter.layout.slots {
      for i in slot.range { adapter.weights.floats[i] = Float(0.2 * numbers.stream.normal()) }
    }
    return adapter
  }

  /// Sequences of several lengths with holes in what is trained.
  static func batch(_ count: Int = 5, vocabulary: Int = 19, longest: Int = 11) -> [TrainingSequence]
  {
    var numbers = Numbers("batch \(count)")
    return (0..<count).map { s in
      let tokens = numbers.tokens(2 + (s * 5) % (longest - 1), below: vocabulary)
      return TrainingSequence(
        tokens: tokens, trained: tokens.indices.map { $0 > 0 && ($0 + s) % 3 != 0 || $0 == 1 })
    }
  }
}
