import ArgumentParser
import Core
import Formats
import Foundation
import Lab
import Plans
import Tuning

/// What commands that look into models have in common: two models, and a project for what is worked out.
struct LookOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Model to look into: a folder, a GGUF file, pypi:NAME, or the folder of an adapter on the base.",
      valueName: "model"), completion: .file())
  var model: String
  @Option(
    help: ArgumentHelp("Model that it is the change from.", valueName: "model"),
    completion: .file())
  var base: String
  @Option(help: "Seed of controls and other draws.") var seed: UInt64 = 1
  @OptionGroup(title: "Folders") var folder: JudgeFolderOptions
  @OptionGroup var project: ProjectOptions
  @Flag(help: "Print the findings as JSON.") var json = false

  /// A model that an option names, which may be an adapter on the base.
  func looked(
    _ name: String, _ path: String, option: String, step: Double? = nil
  ) -> Plan.Looked {
    let folder = ModelFolder(path: path)
    let isAdapter =
      FileManager.default.fileExists(atPath: folder.adapterConfigurationPath)
      && !FileManager.default.fileExists(atPath: path + "/config.json")
    return Plan.Looked(
      name,
      PlanAddress(NamedModel.address(isAdapter ? base : path), option: "--\(option)"),
      adapter: isAdapter ? PlanPath(path, option: "--\(option)") : nil, step: step)
  }

  var own: Plan.Looked { looked("model", model, option: "model") }
  var from: Plan.Looked { looked("base", base, option: "base") }

  /// Runs the plan, writes its report, and prints what came out.
  func run(_ plan: () throws -> Plan) async throws {
    try await MadePlan.run(
      plan, in: project, seed: seed, asking: folder.options(ModelOptions().limits, key: nil)
    ) { try PlanOutput($0).write(json: json) }
  }
}

/// Which rows a direction is read of, and where.
struct ReadOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Rows of chat JSONL that both models read, or a corpus of the dish: what has nothing to do with the tuning.",
      valueName: "file"), completion: .file())
  var data: String
  @Option(
    help: ArgumentHelp(
      "Good and bad answers: a file of items, or the name of a set.", valueName: "set"))
  var contrast = "tone"
  @Option(help: "Rows that are read, at most.") var rows = 200
  @Option(help: "Which tokens are read, and edited.") var tokens = PlanTokens.answer
  @Option(
    help: ArgumentHelp(
      "Where: a place as TransformerLens names it, or behind a share of the blocks, such as 50%; may be given again (default: behind six blocks).",
      valueName: "site"))
  var site: [String] = []
  @Option(help: "Directions by chance, of each of three kinds.") var controls = 16

  func validate() throws {
    try MadePlan.check(rows, "rows", 1...100_000)
    try MadePlan.check(controls, "controls", 0...1000)
  }

  /// The texts, by an option's name for errors.
  var texts: PlanPath { PlanPath(data, option: "--data") }
  var measured: [(name: String, set: PlanPath)] {
    [("contrast", PlanPath(contrast, option: "--contrast"))]
  }

  /// A direction, from the base to the model.
  func set(_ anatomy: inout PlanAnatomy) {
    (anatomy.rows, anatomy.tokens, anatomy.sites) = (rows, tokens, site)
    anatomy.controls = controls
    anatomy.directions = [.shift(of: anatomy.of, from: anatomy.from)]
  }
}

extension PlanTokens: ExpressibleByArgument {}
