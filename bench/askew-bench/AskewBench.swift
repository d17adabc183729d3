import ArgumentParser
import Engine
import Formats
import Foundation

/// Measures the engine at the shape that the design names; prints one JSON line.
@main
struct AskewBench: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "askew-bench",
    abstract: "Measure the engine: training, sampling, and the share of oneDNN's speed.",
    subcommands: [
      Train.self, Sample.self, Matmul.self, LargeTrain.self, LargeSample.self, Load.self,
      Tokenize.self, RealTrain.self, RealScore.self, RealSample.self, AnatomyRead.self,
      AnatomySteer.self, Machine.self,
    ])

  /// Llama-shaped, 3.05 million parameters: 192 wide, 6 layers, vocabulary 2,048, tied output.
  static var shape: ModelConfiguration {
    var shape = ModelConfiguration(
      vocabularySize: 2048, hiddenSize: 192, intermediateSize: 512, layerCount: 6, headCount: 6)
    shape.tiedEmbeddings = true
    return shape
  }
}

struct MachineOptions: ParsableArguments {
  @Option(help: "f32 or bf16.")
  var precision: Precision = .preferred

  @Option(help: "Threads; the machine's cores unless given.")
  var threads: Int = ProcessInfo.processInfo.activeProcessorCount
}

extension Precision: ExpressibleByArgument {}

/// What this processor has: which precisions are worth measuring follows from it.
struct Machine: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "The instruction set, and whether bfloat16 is multiplied in hardware.")

  private struct Line: Encodable {
    let instructionSet = "\(InstructionSet.best)"
    let multipliesBFloat16 = InstructionSet.multipliesBFloat16
  }

  func run() throws { try printJSON(Line()) }
}

func printJSON(_ value: some Encodable) throws {
  let encoder = JSONEncoder()
  encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
  print(String(decoding: try encoder.encode(value), as: UTF8.self))
}
