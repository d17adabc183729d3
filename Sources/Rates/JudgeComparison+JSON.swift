import Documents
import Statistics

extension JudgeComparison {
  /// As `askew judge compare --json` prints it; what is undefined is null. Rows of the confusion
  /// table are A's labels, columns B's.
  package var json: JSON {
    [
      "joined": .integer(joined), "onlyA": .integer(onlyA), "onlyB": .integer(onlyB),
      "missingA": .integer(missingA), "missingB": .integer(missingB),
      "compared": .integer(compared), "pearson": JSON(pearson), "spearman": JSON(spearman),
      "agreement": [
        "value": JSON(agreement.rate), "low": JSON(agreementInterval?.low),
        "high": JSON(agreementInterval?.high), "answers": .integer(agreement.successes),
      ],
      "kappa": JSON(kappa),
      "alpha": ["scores": JSON(alphaOfScores), "labels": JSON(alphaOfLabels)],
      "confusion": [
        "labels": .array(confusion.labels.map(JSON.string)),
        "counts": .array(confusion.counts.map { .array($0.map(JSON.integer)) }),
      ],
    ]
  }
}
