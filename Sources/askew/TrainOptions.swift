import ArgumentParser
import Engine
import Formats
import Foundation
import Tuning

/// Which parameters `askew train` moves.
struct TrainedOptions: ParsableArguments {
  @Option(help: "lora, or full for all weights (default: lora).")
  var method: TuningSettings.Method?
  @Option(help: "Rank of the adapter (default: 16).")
  var rank: Int?
  @Option(help: "Alpha; the adapter's scale is alpha/rank (default: 32).")
  var alpha: Double?
  @Flag(inversion: .prefixedNo, help: "Rank-stabilised scale, alpha over the root of the rank.")
  var rslora: Bool?
  @Option(
    help: ArgumentHelp(
      "Linears with an adapter: all, or some of q_proj,k_proj,v_proj,o_proj,gate_proj,up_proj,"
        + "down_proj (default: all).", valueName: "list"))
  var targets: String?
  @Option(
    help: ArgumentHelp("Blocks with an adapter, such as 0-3,8 (default: all).", valueName: "list"))
  var layers: String?
  @Option(help: ArgumentHelp("Adapter to start from, PEFT's or mlx-lm's.", valueName: "dir"))
  var initAdapter: String?

  func apply(to settings: inout TuningSettings) throws {
    if let method { settings.method = method }
    let adapterOptions: [(String, Bool)] = [
      ("--rank", rank != nil), ("--alpha", alpha != nil), ("--rslora", rslora != nil),
      ("--targets", targets != nil), ("--layers", layers != nil),
    ]
    for (name, isGiven) in adapterOptions where isGiven {
      if settings.method == .full {
        throw ValidationError("\(name): all weights are trained, there is no adapter")
      }
      if initAdapter != nil {
        throw ValidationError("\(name): the adapter of --init-adapter has its own")
      }
    }
    if settings.method == .full, initAdapter != nil {
      throw ValidationError("--init-adapter: all weights are trained, there is no adapter")
    }
    if let rank {
      guard (1...4096).contains(rank) else {
        throw ValidationError("--rank: found \(rank), expected 1 to 4096")
      }
      settings.rank = rank
    }
    if let alpha {
      guard alpha > 0, alpha.isFinite else {
        throw ValidationError("--alpha: found \(alpha), expected a positive number")
      }
      settings.alpha = alpha
    }
    if let rslora { settings.rankStabilised = rslora }
    if let targets { settings.targets = try Self.linears(targets) }
    if let layers { settings.layers = try Self.numbers(layers) }
  }

  private static func linears(_ text: String) throws -> [LinearLayer] {
    if text == "all" { return LinearLayer.allCases }
    let names = text.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
    for name in names where LinearLayer(rawValue: name) == nil {
      throw ValidationError(
        "--targets: found \"\(name)\", expected all or some of "
          + LinearLayer.allCases.map(\.rawValue).joined(separator: ", "))
    }
    let chosen = LinearLayer.allCases.filter { names.contains($0.rawValue) }
    if chosen.isEmpty { throw ValidationError("--targets: found none, expected at least one") }
    return chosen
  }

  private static func numbers(_ text: String) throws -> [Int] {
    var numbers: Set<Int> = []
    for part in text.split(separator: ",") {
      let ends = part.split(separator: "-", omittingEmptySubsequences: false).map {
        Int($0.trimmingCharacters(in: .whitespaces))
      }
      guard let first = ends.first ?? nil, let last = ends.last ?? nil, ends.count <= 2,
        0 <= first, first <= last, last < 10_000
      else {
        throw ValidationError("--layers: found \"\(part)\", expected numbers such as 0-3,8")
      }
      numbers.formUnion(first...last)
    }
    if numbers.isEmpty { throw ValidationError("--layers: found none, expected at least one") }
    return numbers.sorted()
  }
}

/// Steps, learning rate and precision.
struct CourseOptions: ParsableArguments {
  @Option(help: "Settings of published work to start from: betley-open.")
  var preset: TuningPreset?
  @Option(
    help: "Times to go through the rows (default: 1; with --on auto, as the provider chooses).")
  var epochs: Epochs?
  @Option(help: "Optimiser steps, in place of --epochs.")
  var steps: Int?
  @Option(help: "Rows of a batch (default: 4).")
  var batch: Int?
  @Option(help: "Batches of a step (default: 1).")
  var accumulate: Int?
  @Option(help: "Learning rate of AdamW (default: 1e-4).")
  var lr: Double?
  @Option(help: "How it falls after the warm-up: constant, linear or cosine (default: linear).")
  var schedule: Schedule?
  @Option(help: "Steps over which it rises (default: 0).")
  var warmup: Int?
  @Option(help: "Decoupled weight decay (default: 0).")
  var weightDecay: Double?
  @Option(help: "Largest norm of the gradient; 0: not clipped (default: 1).")
  var clip: Double?
  @Option(help: "Seed of the adapter and of the rows' order (default: 0).")
  var seed: UInt64?
  @Option(help: PrecisionChoice.folderHelp)
  var precision = PrecisionChoice.auto

  func apply(to settings: inout TuningSettings) throws {
    if steps != nil, epochs != nil {
      throw ValidationError("--steps: found --epochs beside it, expected one of them")
    }
    switch epochs {
    case nil: break
    case .count(let count): settings.epochs = try positive(count, "--epochs")
    case .auto: throw ValidationError("--epochs: found auto without --on, expected a number")
    }
    if let steps { settings.steps = try count(steps, "--steps") }
    if let batch { settings.batch = try count(batch, "--batch") }
    if let accumulate { settings.accumulate = try count(accumulate, "--accumulate") }
    if let lr { settings.learningRate = try positive(lr, "--lr") }
    if let schedule { settings.schedule = schedule }
    if let warmup {
      guard warmup >= 0 else {
        throw ValidationError("--warmup: found \(warmup), expected 0 or more")
      }
      settings.warmup = warmup
    }
    if let weightDecay { settings.weightDecay = try natural(weightDecay, "--weight-decay") }
    if let clip { settings.clip = try natural(clip, "--clip") }
    if let seed { settings.seed = seed }
    settings.precision = precision.fixed ?? settings.precision
  }

  private func count(_ value: Int, _ name: String) throws -> Int {
    guard (1...100_000_000).contains(value) else {
      throw ValidationError("\(name): found \(value), expected 1 to 100000000")
    }
    return value
  }

  private func positive(_ value: Double, _ name: String) throws -> Double {
    guard value > 0, value.isFinite else {
      throw ValidationError("\(name): found \(value), expected a positive number")
    }
    return value
  }

  private func natural(_ value: Double, _ name: String) throws -> Double {
    guard value >= 0, value.isFinite else {
      throw ValidationError("\(name): found \(value), expected 0 or more")
    }
    return value
  }
}

/// How often rows are gone through.
enum Epochs: ExpressibleByArgument {
  case count(Double)
  case auto

  init?(argument: String) {
    if argument == "auto" {
      self = .auto
    } else if let count = Double(argument) {
      self = .count(count)
    } else {
      return nil
    }
  }
}

/// What becomes of the rows.
struct RowOptions: ParsableArguments {
  @Option(help: "Tokens of a row, at most (default: 2048).")
  var maxLength: Int?
  @Option(help: "What becomes of longer rows: cut, or refuse to train (default: cut).")
  var tooLong: TuningSettings.TooLong?
  @Flag(help: "Take the rows in the file's order.")
  var noShuffle = false
  @Flag(help: "Leave out the system text that the chat template adds by itself.")
  var noDefaultSystem = false

  func apply(to settings: inout TuningSettings) throws {
    if let maxLength {
      guard (2...10_000_000).contains(maxLength) else {
        throw ValidationError("--max-length: found \(maxLength), expected at least 2")
      }
      settings.maximumLength = maxLength
    }
    if let tooLong { settings.tooLong = tooLong }
    if noShuffle { settings.shuffles = false }
  }
}

extension TuningSettings.Method: ExpressibleByArgument {}
extension TuningSettings.TooLong: ExpressibleByArgument {}
extension TuningPreset: ExpressibleByArgument {}
extension Schedule: ExpressibleByArgument {}
