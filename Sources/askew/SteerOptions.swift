import ArgumentParser
import Core
import Engine
import Formats
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
    let edits = try edits(of: model)
    return edits.isEmpty
      ? model : try SteeredModel(model, by: edits, of: model.summary.configuration)
  }

  /// - Throws: as ``steered(_:)``.
  func edits(of model: LoadedFolder) throws -> [ResidualEdit] {
    guard let steer else { return [] }
    let file = try DirectionFile(path: steer)
    return try Failure.inFile(steer) {
      try file.check(against: model.summary.configuration)
      return try file.edits(how, dose: dose, on: steerTokens)
    }
  }
}

extension DirectionFile {
  /// - Parameters:
  ///   - how: `nil`: as the file says.
  ///   - dose: `nil`: 1.
  ///   - tokens: that are edited; `nil`: those that the directions were read at.
  /// - Throws: `InputError` for a cap without a level, and a dose of one.
  package func edits(
    _ how: DirectionFacts.Operation?, dose: Double?, on tokens: DirectionFacts.Tokens?
  ) throws(InputError) -> [ResidualEdit] {
    let how = how ?? facts.operation
    guard how != .cap || dose == nil else {
      throw InputError("found a dose of a cap, whose level is in the file", field: "--dose")
    }
    var edits: [ResidualEdit] = []
    for direction in directions {
      let operation: ResidualEdit.Operation
      switch how {
      case .add:
        operation = .add(length: Float((dose ?? 1) * ResidualEdit.length(of: direction.vector)))
      case .remove: operation = .remove(share: Float(dose ?? 1))
      case .cap:
        guard let cap = direction.cap else {
          throw InputError(
            "found no level of a cap, expected directions of the operation cap", field: "--how")
        }
        operation = .cap(at: Float(cap))
      }
      edits.append(
        ResidualEdit(
          operation, along: direction.vector, at: direction.site,
          on: ResidualEdit.Tokens(tokens ?? facts.tokens)))
    }
    return edits
  }
}

extension ResidualEdit.Tokens {
  fileprivate init(_ tokens: DirectionFacts.Tokens) {
    switch tokens {
    case .all: self = .all
    case .answer: self = .answer
    case .lastPrompt: self = .lastPrompt
    }
  }
}
