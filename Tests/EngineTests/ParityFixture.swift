import Core
import Engine
import Formats
import Foundation
import TestSupport

/// What transformers and PEFT make of tiny models of every family: scripts/fixtures_parity.py.
struct ParityFixture {
  struct Run: Decodable {
    /// With the starting adapter; nil where all weights are trained.
    let greedy: Greedy?
    let nll: [Double]?
    let losses: [Double]
    let learningRates: [Double]
    let gradientNorms: [Double]
    let finalLoss: Double
  }
  struct Greedy: Decodable {
    let prompt: [Int32]
    let tokens: [Int32]
    let margin: Double
  }
  /// transformers' own bfloat16.
  struct Half: Decodable {
    struct Run: Decodable {
      let losses: [Double]
      let finalLoss: Double
    }
    let relativeErrors: [Double]
    let nll: [Double]
    let adapters: [String: Run]
  }
  struct Expected: Decodable {
    let sequences: [[Int32]]
    let trained: [[Bool]]
    let nll: [Double]
    let steps: Int
    let warmup: Int
    let rate: Double
    let clip: Double
    let weightDecay: Double
    let greedy: [Greedy]
    let adapters: [String: Run]
    let full: Run
    let bf16: Half
  }

  /// Llama 3's RoPE, F16, windows in all or some blocks, shards, q/k norms with heads of their own
  /// size, one to four query heads a key head.
  static let names = [
    "llama3-rope", "llama-f16", "mistral-window", "mistral-sharded", "qwen2-window",
    "qwen2-sharded", "qwen3-bf16", "qwen3-window",
  ]
  static let adapters = ["lora-all", "lora-rs"]

  let folder: ModelFolder
  let expected: Expected
  let tensors: Safetensors

  init(_ name: String) throws {
    folder = ModelFolder(path: Fixture.path("models/parity/\(name)"))
    expected = try JSONDecoder().decode(
      Expected.self, from: Data(contentsOf: URL(filePath: folder.path + "/parity.json")))
    tensors = try Safetensors(path: folder.path + "/parity.safetensors")
  }

  func model(weightsIn precision: Precision = .f32) throws -> Model {
    try Model.load(from: folder, weightsIn: precision)
  }

  func adapter(_ name: String) throws -> Adapter {
    try Adapter.load(
      from: ModelFolder(path: "\(folder.path)/\(name)"), for: folder.configuration())
  }

  var rows: [TrainingSequence] {
    zip(expected.sequences, expected.trained).map { TrainingSequence(tokens: $0, trained: $1) }
  }

  var longest: Int { expected.sequences.map(\.count).max() ?? 0 }

  var configuration: TrainingConfiguration {
    var c = TrainingConfiguration(steps: expected.steps, learningRate: expected.rate)
    c.warmupSteps = expected.warmup
    c.weightDecay = expected.weightDecay
    c.clipNorm = expected.clip
    return c
  }
}
