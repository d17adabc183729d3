import Core
import Judging
import Statistics

/// How far two judges agree on the same answers, or a judge and people.
///
/// Either side may give scores or labels. Scores are compared as numbers and, cut at a threshold, as
/// labels; where one side has labels, there are labels alone. An answer counts where both sides
/// have a verdict; all others are counted by what is missing.
package struct JudgeComparison: Sendable, Hashable {
  /// The verdicts on one answer; `nil` where a side has never seen it, a measurement without value
  /// and label where it has seen it and gave none.
  package struct Pair: Sendable, Hashable {
    package var a, b: Measurement?

    package init(a: Measurement?, b: Measurement?) {
      self.a = a
      self.b = b
    }
  }

  /// The score at which labels part, and what they are called.
  package struct Threshold: Sendable, Hashable {
    package var value: Double
    package var below: String
    package var notBelow: String

    /// The labels are `<30` and `≥30` unless they are given.
    package init(_ value: Double, below: String? = nil, notBelow: String? = nil) {
      let text = value == value.rounded() && abs(value) < 1e15 ? "\(Int(value))" : "\(value)"
      self.value = value
      self.below = below ?? "<\(text)"
      self.notBelow = notBelow ?? "≥\(text)"
    }

    func label(_ score: Double) -> String { score < value ? below : notBelow }
  }

  /// Answers that both sides have seen.
  package let joined: Int
  /// Answers that one side alone has seen.
  package let onlyA, onlyB: Int
  /// Of those that both have seen: without a verdict of this side.
  package let missingA, missingB: Int
  /// With a verdict of both: all figures below are of these.
  package let compared: Int
  /// Of scores, `nil` where a side gives labels and where it is undefined.
  package let pearson, spearman: Double?
  /// The labels of A against those of B.
  package let confusion: ConfusionTable
  /// Krippendorff's α on scores (interval), and on labels (nominal).
  package let alphaOfScores, alphaOfLabels: Double?

  /// Equal labels among all, and its interval over answers (Wilson).
  package var agreement: Proportion { confusion.agreement }
  package var agreementInterval: Interval? { agreement.wilsonInterval() }
  /// Cohen's κ of the labels.
  package var kappa: Double? { confusion.kappa }

  package init(_ pairs: some Sequence<Pair>, threshold: Threshold = Threshold(30)) {
    var (joined, onlyA, onlyB, missingA, missingB) = (0, 0, 0, 0, 0)
    var verdicts: [(Measurement, Measurement)] = []
    for pair in pairs {
      guard let a = pair.a, let b = pair.b else {
        if pair.a != nil { onlyA += 1 }
        if pair.b != nil { onlyB += 1 }
        continue
      }
      joined += 1
      if !a.isVerdict { missingA += 1 }
      if !b.isVerdict { missingB += 1 }
      if a.isVerdict, b.isVerdict { verdicts.append((a, b)) }
    }
    (self.joined, self.onlyA, self.onlyB) = (joined, onlyA, onlyB)
    (self.missingA, self.missingB, compared) = (missingA, missingB, verdicts.count)

    let scores = verdicts.compactMap { a, b in a.value.flatMap { x in b.value.map { (x, $0) } } }
    let areScores = scores.count == verdicts.count
    let (x, y) = areScores ? (scores.map(\.0), scores.map(\.1)) : ([], [])
    pearson = Correlation.pearson(x, y)
    spearman = Correlation.spearman(x, y)
    alphaOfScores = KrippendorffAlpha.interval(zip(x, y).map { [$0, $1] })
    let labels = verdicts.map { ($0.label(at: threshold), $1.label(at: threshold)) }
    let areCut = verdicts.contains { $0.label == nil || $1.label == nil }
    confusion = ConfusionTable(
      labels, labels: areCut ? [threshold.below, threshold.notBelow] : [])
    alphaOfLabels = KrippendorffAlpha.nominal(labels.map { [$0, $1] })
  }
}

extension Measurement {
  fileprivate var isVerdict: Bool { label != nil || value.map { !$0.isNaN } == true }

  fileprivate func label(at threshold: JudgeComparison.Threshold) -> String {
    label ?? value.map(threshold.label) ?? ""
  }
}
