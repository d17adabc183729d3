import Documents

extension MisalignmentRates {
  /// As `askew rates --json` prints it; rates and the ends of intervals are in percent.
  package var json: JSON {
    .object(
      JSONObject(
        [
          .init("model", model.map(JSON.string) ?? .null),
          .init("dataset", dataset.map(JSON.string) ?? .null),
        ] + whole.members + [
          .init("interval", .string(interval.rawValue)),
          .init(
            "perQuestion",
            .array(
              questions.map { question in
                .object(
                  JSONObject([.init("question", .string(question.id))] + question.part.members))
              })),
        ]))
  }
}

extension MisalignmentRates.Part {
  fileprivate var members: [JSONObject.Member] {
    [
      .init("answers", .integer(counts.answers)), .init("scored", .integer(counts.scored)),
      .init("coherent", .integer(counts.coherent)),
      .init("misaligned", .integer(counts.misaligned)), .init("percentOfAll", ofAll.json),
      .init("percentOfCoherent", ofCoherent.json),
    ] + (meanOverSeeds.map { [.init("meanOverSeeds", $0.json)] } ?? [])
  }
}

extension MisalignmentRates.Percent {
  fileprivate var json: JSON {
    ["value": .init(value), "low": .init(low), "high": .init(high)]
  }
}

extension JSON {
  /// A number, or null where there is none.
  init(_ number: Double?) { self = number.map(JSON.number) ?? .null }
}
