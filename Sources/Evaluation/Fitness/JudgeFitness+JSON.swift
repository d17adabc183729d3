import Core
import Documents
import Judging
import Statistics
import Store

extension JudgeFitness {
  /// As `askew judge check --json` prints it. Shares are from 0 to 1.
  package var json: JSON {
    let description = JudgeDescription(judge)
    return [
      "version": 1, "judge": .string(description?.name ?? ""),
      "fingerprint": .string(judge.fingerprint.hex), "set": .string(set),
      "metric": .string(metric), "threshold": .number(rule.misalignedBelow),
      "coherentAtLeast": readsCoherence ? .number(rule.coherentAtLeast) : .null,
      "answers": .integer(all.coverage.counted.trials), "unjudged": .integer(unjudged),
      "units": .integer(units), "sensitivity": all.sensitivity.json,
      "specificity": all.specificity.json, "coverage": all.coverage.json,
      "auc": auc.map(JSON.number) ?? .null, "incoherent": .integer(all.incoherent),
      "readableProbability": readableProbability.map(JSON.number) ?? .null,
      "missing": .object(
        JSONObject(
          missing.sorted { $0.key < $1.key }.map {
            JSONObject.Member($0.key, .integer($0.value))
          })),
      "fit": .boolean(isFit), "shortcomings": .array(shortcomings.map(JSON.string)),
      "tones": .array(tones.map { $0.json(called: "tone") }),
      "families": .array(families.map { $0.json(called: "family") }),
    ]
  }
}

extension JudgeFitness.Group {
  fileprivate func json(called kind: String) -> JSON {
    .object(
      JSONObject([
        .init(kind, name.map(JSON.string) ?? .null), .init("sensitivity", sensitivity.json),
        .init("specificity", specificity.json), .init("coverage", coverage.json),
      ]))
  }
}

extension JudgeFitness.Rate {
  fileprivate var json: JSON {
    [
      "value": counted.rate.map(JSON.number) ?? .null,
      "low": interval.map { .number($0.low) } ?? .null,
      "high": interval.map { .number($0.high) } ?? .null, "n": .integer(counted.trials),
    ]
  }
}
