/// What a vector alone does not tell: what to do with it, where it was read, and how it was made.
///
/// The same vector added or projected out, or one block away, gives no error and another result; so a file
/// of directions states all of it.
package struct DirectionFacts: Sendable, Hashable {
  /// What is done to the residual stream h with a vector v; v̂ = v/‖v‖.
  package enum Operation: String, Sendable, Hashable, CaseIterable {
    /// h + λv, at the natural length of v.
    case add
    /// h − (h·v̂)v̂.
    case remove
    /// h − max(0, h·v̂ − τ)v̂: cuts from above, so that the sign of v matters.
    case cap
  }

  /// The tokens whose activations the vector was made of.
  package enum Tokens: String, Sendable, Hashable, CaseIterable {
    case answer
    case lastPrompt = "last-prompt"
    case all
  }

  package var operation: Operation
  package var tokens: Tokens
  /// What λ = 1 is, such as `own shift`.
  package var doseUnit: String
  /// How the vector was made, in one line.
  package var definition: String
  /// Identity of the model that it was made of, in hexadecimal; `nil`: not known.
  package var modelFingerprint: String?
  /// A word for people and for GGUF, such as the model's type.
  package var modelHint: String?
  /// Blocks of the model, not of the file; `nil`: not known.
  package var layerCount: Int?
  /// Rows (answers, prompts) that it was made of.
  package var rowCount: Int?
  package var seeds: [UInt64]
  package var planHash: String?
  /// Summary of the controls, as JSON.
  package var controls: String?

  package init(
    operation: Operation, tokens: Tokens, doseUnit: String, definition: String,
    modelFingerprint: String? = nil, modelHint: String? = nil, layerCount: Int? = nil,
    rowCount: Int? = nil, seeds: [UInt64] = [], planHash: String? = nil, controls: String? = nil
  ) {
    self.operation = operation
    self.tokens = tokens
    self.doseUnit = doseUnit
    self.definition = definition
    self.modelFingerprint = modelFingerprint
    self.modelHint = modelHint
    self.layerCount = layerCount
    self.rowCount = rowCount
    self.seeds = seeds
    self.planHash = planHash
    self.controls = controls
  }
}
