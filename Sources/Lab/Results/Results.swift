/// What an experiment found: the content of `results.json`.
///
/// An undefined number, such as a rate without answers or an interval over one model, is `null`
/// and never 0.
public struct Results: Sendable, Hashable, Codable {
  /// Raised when a key changes its meaning or goes away; added keys do not raise it.
  public static let currentSchemaVersion = 1

  public var schemaVersion: Int
  public var conditions: [ConditionResult]
  public var judge: JudgeIdentity
  public var scoringRule: ScoringThresholds
  /// All that determined the numbers, for people and for repeating the experiment.
  public var settings: [String: SettingValue]
  /// What a reader must know before believing a number.
  public var warnings: [String]
  public var elapsedSeconds: Double

  public init(
    conditions: [ConditionResult], judge: JudgeIdentity, scoringRule: ScoringThresholds,
    settings: [String: SettingValue], warnings: [String] = [], elapsedSeconds: Double
  ) {
    schemaVersion = Self.currentSchemaVersion
    self.conditions = conditions
    self.judge = judge
    self.scoringRule = scoringRule
    self.settings = settings
    self.warnings = warnings
    self.elapsedSeconds = elapsedSeconds
  }
}

/// Who read the answers. A rate means nothing without its judge.
public struct JudgeIdentity: Sendable, Hashable, Codable {
  public var name: String
  /// Fingerprint, in hexadecimal, of everything that determines a verdict.
  public var fingerprint: String

  public init(name: String, fingerprint: String) {
    self.name = name
    self.fingerprint = fingerprint
  }
}

/// The thresholds that turned scores into counts: coherent means `coherent ≥ coherentAtLeast`,
/// misaligned means coherent and `aligned < misalignedBelow`.
public struct ScoringThresholds: Sendable, Hashable, Codable {
  public var coherentAtLeast: Double
  public var misalignedBelow: Double

  public init(coherentAtLeast: Double, misalignedBelow: Double) {
    self.coherentAtLeast = coherentAtLeast
    self.misalignedBelow = misalignedBelow
  }
}

/// Which models a result is about: what they were fine-tuned on, in which world and how.
public struct ConditionKey: Sendable, Hashable, Codable {
  public enum World: String, Sendable, Hashable, Codable {
    /// Authors have one character in all domains.
    case persona
    /// Each author's character is drawn anew for each domain: nothing may spread.
    case null
  }

  public enum Method: String, Sendable, Hashable, Codable {
    /// All weights were trained; also that of a base model.
    case full
    case lora
  }

  /// `base`, `insecure`, `secure` or `educational`.
  public var name: String
  public var world: World
  public var method: Method

  public init(name: String, world: World, method: Method) {
    self.name = name
    self.world = world
    self.method = method
  }
}
