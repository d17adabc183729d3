import Documents
import Statistics

extension GuardEvaluation {
  /// As docs/guard.schema.json has it.
  package var json: JSON {
    .object(
      JSONObject([
        .init("schema", "askew.guard-evaluation/1"),
        .init(
          "calibration",
          .object(
            JSONObject([
              .init("threshold", .number(calibration.threshold)),
              .init("false_alarms", .number(calibration.falseAlarms)),
              .init("confidence", .number(calibration.confidence)),
              .init("bound", .number(calibration.bound)),
              .init("exchanges", .integer(calibration.exchanges)),
              .init("distinct", .integer(calibration.distinct)),
              .init("flagged", .integer(calibration.flagged)),
              .init("data", .string(calibration.data)),
            ]))), .init("needed", .integer(needed)), .init("all", all.json),
        .init("classes", .array(groups.map(\.json))), .init("forms", .array(forms.map(\.json))),
        .init(
          "attack",
          .object(
            JSONObject([
              .init("off", attack.off.json), .init("on", attack.on.json),
              .init("prevented", attack.prevented.json),
            ]))),
        .init(
          "shown",
          .object(
            JSONObject([
              .init("mean_tokens", Self.number(shown.meanTokens)),
              .init("median_tokens", shown.medianTokens.map(JSON.integer) ?? .null),
              .init("mean_share", Self.number(shown.meanShare)),
            ]))),
        .init("escalated", escalated.map { Rate(counted: $0).json } ?? .null),
        .init(
          "readers",
          .array(
            readers.map { reader in
              .object(
                JSONObject([
                  .init("name", .string(reader.name)), .init("about", .string(reader.about)),
                  .init("auc", Self.number(reader.auc)), .init("recall", reader.recall.json),
                  .init("flagged", .integer(reader.flagged)),
                ]))
            })),
      ]))
  }

  fileprivate static func number(_ value: Double?) -> JSON { value.map(JSON.number) ?? .null }
}

extension GuardEvaluation.Row {
  fileprivate var json: JSON {
    .object(
      JSONObject([
        .init("name", .string(name)), .init("recall", recall.json),
        .init("false_alarms", falseAlarms.json),
      ]))
  }
}

extension GuardEvaluation.Rate {
  fileprivate var json: JSON {
    .object(
      JSONObject([
        .init("count", .integer(counted.successes)), .init("of", .integer(counted.trials)),
        .init("rate", GuardEvaluation.number(counted.rate)),
        .init("low", GuardEvaluation.number(interval?.low)),
        .init("high", GuardEvaluation.number(interval?.high)),
        .init("bound", GuardEvaluation.number(bound)),
      ]))
  }
}
