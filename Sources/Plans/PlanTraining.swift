import Core
import Documents

/// How a condition is trained. What is `nil` is the preset's, or without one the origin's own: the dish's
/// for the method, or the default of `askew train`.
package struct PlanTraining: Sendable, Hashable, Codable {
  package enum Method: String, Sendable, Hashable, Codable, CaseIterable { case full, lora }

  /// Settings of published work: `betley-open`.
  package var preset: String?
  /// `nil`: all weights of a dish's model, an adapter on a folder.
  package var method: Method?
  package var rank: Int?
  package var alpha: Double?
  package var rankStabilised: Bool?
  package var epochs: Double?
  /// In place of epochs.
  package var steps: Int?
  /// Rows a step.
  package var batch: Int?
  package var accumulate: Int?
  package var learningRate: Double?
  /// `constant`, `linear` or `cosine`.
  package var schedule: String?
  package var warmup: Int?
  package var weightDecay: Double?
  package var clip: Double?
  /// Tokens of a row; longer ones are cut.
  package var maximumLength: Int?
  /// Another program that trains: `trl`; `nil`: Askew itself.
  package var with: String?
  /// Where that runs: a virtual environment, or a shell's line with `{command}` in it.
  package var environment: String?

  package init() {}
}

extension PlanTraining {
  private static let adapterKeys = ["rank", "alpha", "rslora"]

  /// What `fields` say, and for the rest `defaults`.
  init(_ fields: PlanFields, defaults: PlanTraining = PlanTraining()) throws(InputError) {
    self = defaults
    preset = try fields["preset"]?.choice(of: ["betley-open"]) ?? preset
    method = try fields["method"]?.choice() ?? method
    rank = try fields.count("rank", upTo: 4_096) ?? rank
    alpha = try fields["alpha"]?.number("a number above 0") { $0 > 0 } ?? alpha
    rankStabilised = try fields["rslora"]?.boolean() ?? rankStabilised
    batch = try fields.count("batch", upTo: 65_536) ?? batch
    accumulate = try fields.count("accumulate", upTo: 65_536) ?? accumulate
    learningRate =
      try fields["learning-rate"]?.number("a number above 0 and at most 1") { $0 > 0 && $0 <= 1 }
      ?? learningRate
    schedule = try fields["schedule"]?.choice(of: ["constant", "linear", "cosine"]) ?? schedule
    warmup = try fields["warmup"]?.integer(in: 0...1_000_000) ?? warmup
    weightDecay =
      try fields["weight-decay"]?.number("a number of 0 or more") { $0 >= 0 } ?? weightDecay
    clip = try fields["clip"]?.number("a number of 0 or more") { $0 >= 0 } ?? clip
    maximumLength = try fields["max-length"]?.integer(in: 2...10_000_000) ?? maximumLength
    try readLength(fields)
    try readTool(fields)
  }

  private mutating func readTool(_ fields: PlanFields) throws(InputError) {
    if let tool = try fields["with"]?.choice(
      of: ["askew", "trl", "axolotl", "llama-factory", "mlx-lm"])
    {
      with = tool == "askew" ? nil : tool
    }
    environment = try fields["environment"]?.text() ?? environment
    if environment != nil, with == nil, fields["environment"] != nil {
      throw fields.failure(
        "environment", "found it where Askew trains, expected \"with\" another program")
    }
    if with == nil { environment = nil }
  }

  /// Epochs or steps: what is said nearer to the condition takes the place of the other.
  private mutating func readLength(_ fields: PlanFields) throws(InputError) {
    let epochs = try fields["epochs"]?.number("a number above 0") { $0 > 0 }
    let steps = try fields.count("steps")
    if epochs != nil, steps != nil {
      throw fields.failure("epochs", "found epochs beside steps, expected one of them")
    }
    if epochs != nil || steps != nil { (self.epochs, self.steps) = (epochs, steps) }
  }

  /// An adapter's settings beside all weights are a mistake where they are written together; as the
  /// plan's defaults they are for the other conditions.
  mutating func checkMethod(_ fields: PlanFields?) throws(InputError) {
    guard method == .full else { return }
    if let fields {
      for key in Self.adapterKeys where fields[key] != nil {
        throw fields.failure(
          key, "found with all weights trained, expected only with method \"lora\"")
      }
    }
    (rank, alpha, rankStabilised) = (nil, nil, nil)
  }
}
