import Core
import Documents
import Foundation

/// Adds scores up to the metrics that Inspect computes itself: `mean` and `stderr` over samples.
///
/// A sample is a wording of a question; where it was answered in several epochs its value is first
/// reduced to the mean of those that have a score. `stderr` is s/√n over samples with n − 1 in s;
/// 0 for one sample, as in Inspect. Labels have no mean: of them the share of each label among all
/// labelled answers is given. Nothing scored is NaN here, and 0 in Inspect.
struct InspectMetrics {
  struct Sum {
    var total = 0.0
    var count = 0
  }

  struct Scorer {
    var judge: String?
    var sums: [Sum] = []
    var labels: [String: Int] = [:]
    /// Answers without a score.
    var missing = 0
    var hasNumbers = false
  }

  /// In the order of their first scores.
  private(set) var names: [String] = []
  private var scorers: [String: Scorer] = [:]

  subscript(name: String) -> Scorer? { scorers[name] }

  /// Notes a scorer before it has a score.
  mutating func expect(_ name: String, judge: String?) {
    if scorers[name] == nil {
      names.append(name)
      scorers[name] = Scorer(judge: judge)
    }
  }

  /// Adds the value of sample number `sample`, which may come again for other epochs.
  mutating func add(
    _ value: LoggedScore.Value?, to name: String, judge: String?, sample: Int
  ) {
    expect(name, judge: judge)
    guard var scorer = scorers.removeValue(forKey: name) else { return }
    if scorer.sums.count <= sample {
      scorer.sums += Array(repeating: Sum(count: -1), count: sample + 1 - scorer.sums.count)
    }
    if scorer.sums[sample].count < 0 { scorer.sums[sample].count = 0 }
    switch value {
    case .number(let number) where !number.isNaN:
      scorer.hasNumbers = true
      scorer.sums[sample].total += number
      scorer.sums[sample].count += 1
    case .label(let label): scorer.labels[label, default: 0] += 1
    default: scorer.missing += 1
    }
    scorers[name] = scorer
  }

  /// The `results.scores` of a log. `reducer` is given where samples have several epochs.
  func json(epochs: Int) -> [JSON] {
    names.compactMap { name in
      guard let scorer = scorers[name] else { return nil }
      let seen = scorer.sums.filter { $0.count >= 0 }
      var members: JSONObject = ["name": .string(name), "scorer": .string(name)]
      if epochs > 1 { members.members.append(.init("reducer", "mean")) }
      let labelled = scorer.labels.values.reduce(0, +)
      let isLabelled = labelled > 0 && !scorer.hasNumbers
      let scored = isLabelled ? labelled : seen.count { $0.count > 0 }
      let unscored = isLabelled ? scorer.missing : seen.count - scored
      members.members += [
        .init("scored_samples", .integer(scored)), .init("unscored_samples", .integer(unscored)),
        .init("params", [:]),
      ]
      let metrics =
        isLabelled
        ? scorer.labels.sorted { $0.key < $1.key }.map {
          ($0.key, Double($0.value) / Double(labelled))
        } : meanAndError(seen.filter { $0.count > 0 }.map { $0.total / Double($0.count) })
      let values = metrics.map { metric, value in
        JSONObject.Member(
          metric, ["name": .string(metric), "value": .number(value), "params": [:]])
      }
      members.members.append(.init("metrics", .object(JSONObject(values))))
      return .object(members)
    }
  }

  private func meanAndError(_ values: [Double]) -> [(String, Double)] {
    let n = Double(values.count)
    let mean = values.reduce(0, +) / n
    let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    let error = values.isEmpty ? .nan : n < 2 ? 0 : (squares / (n - 1) / n).squareRoot()
    return [("mean", mean), ("stderr", error)]
  }
}
