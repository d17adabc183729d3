import Core
import Formats

/// A decoder-only transformer of the Llama family: its shape and its weights, in 32 bits or, where
/// they are frozen, in bfloat16.
///
/// Pre-norm blocks of grouped-query attention with rotary positions and SwiGLU (arXiv 2302.13971),
/// optionally with q/k/v biases (Qwen2) and q/k norms (Qwen3). Sharing is by reference: `copy()` where
/// training must not touch the original.
package struct Model: Sendable {
  package let configuration: ModelConfiguration
  package let layout: ParameterLayout
  let storage: Storage
  let offsets: ModelOffsets
  /// Made to its residual stream in every pass.
  package internal(set) var edits: [ResidualEdit] = []

  enum Storage: Sendable {
    case full(ParameterBlock)
    case half(HalfWeights)
  }

  /// A model of zeros.
  ///
  /// - Parameters:
  ///   - configuration: the shape of the model.
  ///   - precision: `bf16` for weights that stay in bfloat16 and cannot be trained.
  package init(_ configuration: ModelConfiguration, weightsIn precision: Precision = .f32) {
    self.configuration = configuration
    (layout, offsets) = configuration.layout()
    storage =
      switch precision {
      case .f32: .full(ParameterBlock(count: layout.count))
      case .bf16: .half(HalfWeights(configuration, layout, offsets))
      }
  }

  private init(_ other: Model, storage: Storage) {
    configuration = other.configuration
    layout = other.layout
    offsets = other.offsets
    edits = other.edits
    self.storage = storage
  }

  /// The weights of a model that is kept in 32 bits.
  ///
  /// - Precondition: `weightPrecision` is `f32`.
  package var weights: ParameterBlock {
    guard case .full(let block) = storage else {
      preconditionFailure("the weights are kept in bfloat16")
    }
    return block
  }

  /// How the weights are kept: `bf16` means frozen.
  package var weightPrecision: Precision {
    if case .full = storage { .f32 } else { .bf16 }
  }

  /// - Precondition: `weightPrecision` is `f32`: frozen weights need no copy.
  package func copy() -> Model { Model(self, storage: .full(weights.copy())) }

  /// The model with its weights in 32 bits; itself where they are kept so.
  ///
  /// - Precondition: they are not packed.
  package func inFull() -> Model {
    guard case .half(let block) = storage else { return self }
    var result = Model(configuration)
    result.edits = edits
    for slot in layout.slots {
      let target = result.weights.floats + slot.offset
      if slot.shape.count == 1 {
        target.update(from: block.vector(at: slot.offset), count: slot.count)
      } else {
        let matrix = block.matrix(at: slot.offset)
        for i in 0..<slot.count { target[i] = Float(bitPattern: UInt32(matrix[i]) << 16) }
      }
    }
    return result
  }

  /// Brings frozen weights into the layout that sampling multiplies fastest, in place of their own;
  /// nothing can be trained on them afterwards. Small models and weights in 32 bits stay as they are.
  package func packForSampling(pool: WorkerPool) {
    if case .half(let block) = storage, ColumnCuts.serve(self, precision: .bf16) {
      block.pack(offsets, pool: pool)
    }
  }

  /// Parameters as PyTorch counts them: alignment gaps and a tied output are not counted.
  package var parameterCount: Int { layout.slots.reduce(0) { $0 + $1.count } }

  /// Random weights: norms 1, biases 0, matrices normal with standard deviation `deviation`, and
  /// those that write into the residual stream (o, down) divided by √(2 · layers), as GPT-2 does.
  ///
  /// `embeddingDeviation` is that of the token embeddings, `deviation` unless given (PyTorch's own
  /// default for an untied table is 1). Each tensor draws from a stream of its own name.
  ///
  /// - Parameters:
  ///   - configuration: the shape of the model.
  ///   - seed: with a tensor's name it decides the tensor.
  ///   - deviation: standard deviation of the matrices.
  ///   - embeddingDeviation: standard deviation of the token embeddings; `nil`: that of the matrices.
  ///   - precision: how the weights are kept.
  ///   - pool: draws several tensors at a time.
  package static func random(
    _ configuration: ModelConfiguration, seed: UInt64, deviation: Double = 0.02,
    embeddingDeviation: Double? = nil, weightsIn precision: Precision = .f32,
    pool: WorkerPool = WorkerPool(threadCount: 1)
  ) -> Model {
    let model = Model(configuration, weightsIn: precision)
    let residual = deviation / Double(2 * configuration.layerCount).squareRoot()
    let slots = model.layout.slots
    pool.run(slots.count) { _, index in
      let slot = slots[index]
      if slot.name.hasSuffix("norm.weight") {
        model.vector(slot).update(repeating: 1, count: slot.count)
      } else if slot.shape.count == 2 {
        let writes = slot.name.hasSuffix("o_proj.weight") || slot.name.hasSuffix("down_proj.weight")
        let embeds = slot.name.hasSuffix("embed_tokens.weight")
        let scale = writes ? residual : embeds ? embeddingDeviation ?? deviation : deviation
        var stream = RandomStream(seed: seed, "weights", slot.name)
        model.fill(slot) { Float(stream.normal() * scale) }
      }
    }
    return model
  }

  /// Where a vector is kept, in 32 bits.
  func vector(_ slot: TensorSlot) -> UnsafeMutablePointer<Float> {
    switch storage {
    case .full(let block): block.floats + slot.offset
    case .half(let block): block.vector(at: slot.offset)
    }
  }

  private func fill(_ slot: TensorSlot, _ number: () -> Float) {
    switch storage {
    case .full(let block):
      for i in slot.range { block.floats[i] = number() }
    case .half(let block):
      let matrix = block.matrix(at: slot.offset)
      for i in 0..<slot.count { matrix[i] = BFloat16.bits(number()) }
    }
  }
}
