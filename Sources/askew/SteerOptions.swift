import ArgumentParser
import Core
import Engine
import Formats
import Plans
import Tuning

/// Directions that a model's residual stream is edited along whenever it reads a token.
struct SteerOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Steer along the directions of this file, at the places that it names.", valueName: "file"),
    completion: .file())
  var steer: String?
  @Option(help: "What is done with them (default: what the file says).")
  var how: DirectionFacts.Operation?
  @Option(
    help: """
      Times the vector that is added, or the share that is removed (default: 1). A cap has none: its level is in \
      the file.
      """)
  var dose: Double?

  @Option(
    help: ArgumentHelp(
      "Which tokens are edited: all, answer or last-prompt (default: those that the directions were read at).",
      valueName: "tokens"))
  var steerTokens: DirectionFacts.Tokens?

  func validate() throws {
    if steer == nil, steerTokens != nil {
      throw ValidationError("--steer-tokens: found without --steer, expected a file of directions")
    }
    if steer == nil, how != nil || dose != nil {
      throw ValidationError(
        "--\(how == nil ? "dose" : "how"): found without --steer, expected a file of directions")
    }
    if let dose, !dose.isFinite || abs(dose) > 1e6 {
      throw ValidationError("--dose: found \(dose), expected a number from -1000000 to 1000000")
    }
  }

  /// The model, steered where that is asked for.
  ///
  /// - Throws: `InputError` naming the file: for one that is not of the model.
  func steered(_ model: LoadedFolder) throws -> any LocalModel {
    let configuration = model.summary.configuration
    let edits = try edits(for: configuration)
    return edits.isEmpty ? model : try SteeredModel(model, by: edits, of: configuration)
  }

  /// - Throws: as ``steered(_:)``.
  func edits(for configuration: ModelConfiguration) throws -> [ResidualEdit] {
    guard let steer else { return [] }
    return try DirectionFile.edits(
      in: steer, for: configuration, how, dose: dose, on: steerTokens)
  }

  /// Of a plan's condition.
  var planned: PlanSteer? {
    steer.map { file in
      PlanSteer(
        file: PlanPath(file, option: "--steer"), how: how.map { PlanSteer.How($0) }, dose: dose,
        tokens: steerTokens.map { PlanTokens($0) })
    }
  }
}

extension PlanSteer.How {
  fileprivate init(_ operation: DirectionFacts.Operation) {
    switch operation {
    case .add: self = .add
    case .remove: self = .remove
    case .cap: self = .cap
    }
  }
}

extension PlanTokens {
  fileprivate init(_ tokens: DirectionFacts.Tokens) {
    switch tokens {
    case .all: self = .all
    case .answer: self = .answer
    case .lastPrompt: self = .lastPrompt
    }
  }
}
