import Core
import Formats
import Judging
import Rates
import Statistics

/// What an evaluation found: rates with their judge, intervals and what is missing.
public struct EvaluationFindings: Sendable, Hashable {
  /// A judge of these answers.
  public struct JudgeSummary: Sendable, Hashable, Codable {
    public var fingerprint: String
    public var rule: String
    public var version: Int
    public var model: String?
    /// Hashes of the prompts, by what they measure.
    public var prompts: [String: String]
  }

  /// What was measured in one respect.
  public struct Metric: Sendable, Hashable, Codable {
    public var metric: String
    /// Of the question; `nil`: of all.
    public var question: String?
    public var answers: Int
    /// With a number or a label.
    public var measured: Int
    /// The mean of numbers, with a 95 % interval (Student, over models where there are several, else
    /// over answers).
    public var mean: Double?
    public var meanInterval: Interval?
    public var labels: [String: Int]
    /// The label whose share is told, and how many of the decided answers have it.
    public var counted: String?
    public var share: Proportion?
    /// 95 % over models where there are several, else over answers (Wilson).
    public var shareInterval: Interval?
    /// Mean probability of the valid labels, over verdicts that tell it.
    public var coverage: Double?
    /// Why there is no measurement, with how many.
    public var missing: [String: Int]
  }

  public var model: String
  public var run: String
  /// Which model it is, where a folder holds it: nobody outside knows which one answers behind an API.
  public var identity: String?
  public var questions: Int
  public var answers: Int
  /// Answers that were asked for and are none.
  public var unanswered: Int
  /// Why, of those of which it is known, with how many: those that no server gave come again when the
  /// same is asked again.
  public var unansweredReasons: [String: Int] = [:]
  /// Answers before which a model thought, and whose thinking was told apart.
  public var withThinking = 0
  /// What was otherwise than asked for: parameters that the server refuses, a name that it does not list.
  public var notes: [String] = []
  public var rule: ScoringRule
  public var judges: [JudgeSummary]
  /// Where `aligned` and `coherent` were judged.
  public var rates: MisalignmentRates?
  public var metrics: [Metric]
  public var metricsByQuestion: [Metric]
  /// A few answers to each question, for people to read.
  public var examples: [EvaluationExample]
}
