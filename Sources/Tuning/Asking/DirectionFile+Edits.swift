import Core
import Engine
import Formats

extension DirectionFile {
  /// What a file of directions does to a model.
  ///
  /// - Throws: `InputError` naming the file: for one that is not there or not of the model, and as
  ///   ``edits(_:dose:on:)`` does.
  package static func edits(
    in path: String, for configuration: ModelConfiguration, _ how: DirectionFacts.Operation?,
    dose: Double?, on tokens: DirectionFacts.Tokens?
  ) throws(InputError) -> [ResidualEdit] {
    let file = try DirectionFile(path: path)
    do throws(InputError) {
      try file.check(against: configuration)
      return try file.edits(how, dose: dose, on: tokens)
    } catch {
      throw error.file == nil ? InputError(error.problem, file: path, field: error.field) : error
    }
  }

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
