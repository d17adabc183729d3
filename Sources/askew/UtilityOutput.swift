import Foundation
import Reporting
import Statistics
import Utilities

/// What `askew utilities` says to people.
enum UtilityOutput {
  private typealias Row = [String]

  static func text(_ reading: UtilityReading) -> String {
    var parts = [table(armHeader, reading.arms.map(arm)), verdict(reading)]
    parts.append(
      table(
        ["asked as", "bias of the first, probits", "95 %", "both labels have"],
        reading.forms.indices.compactMap { form in
          guard let real = reading.arm(.real) else { return nil }
          let (bias, margin) = (real.fit.biases[form], 1.96 * real.fit.biasErrors[form])
          let isAnswered = real.choices.contains { $0.form == form }
          return [
            reading.forms[form].name, isAnswered ? signed(bias) : "–",
            isAnswered ? range(bias - margin, bias + margin) : "–",
            String(format: "%.3f", real.coverage[form]),
          ]
        }))
    for arm in reading.arms { parts.append(utilities(arm, reading.outcomes)) }
    parts += [ladders(reading), rates(reading), marks(reading)].compactMap { $0 }
    return parts.joined(separator: "\n")
  }

  static func text(_ change: UtilityChange) -> String {
    var parts = [
      table(
        ["arm", "correlation", "by ranks", "between wordings, before", "after"],
        change.arms.map { arm in
          [arm.arm.rawValue, number(arm.pearson), number(arm.spearman)] + arm.ceilings.map(number)
        }),
      "What two models can agree in is what a model agrees in with itself, between wordings.\n",
    ]
    let outcomes = change.after.outcomes
    for arm in change.arms {
      let shown = arm.arm == .real ? 12 : 2
      parts.append(
        table(
          ["moved most, \(arm.arm.rawValue)", "probits", "95 %"],
          arm.moved.prefix(shown).map { moved in
            [
              outcomes[moved.outcome].text, signed(moved.change),
              range(moved.interval.low, moved.interval.high),
            ]
          }))
    }
    if !change.marks.isEmpty {
      parts.append(
        table(
          ["gains − losses of", "before", "after", "change", "95 %"],
          change.marks.map { mark in
            [
              mark.name, signed(mark.before), signed(mark.after), signed(mark.change),
              range(mark.interval.low, mark.interval.high),
            ]
          }))
    }
    if let personas = change.personas {
      parts.append(
        table(
          ["arm", "persona shift", "95 %", "persona share", "95 %", "good to bad, probits"],
          personas.map { persona in
            [
              persona.arm.rawValue, signed(persona.shift),
              range(persona.shiftInterval.low, persona.shiftInterval.high), number(persona.share),
              range(persona.shareInterval.low, persona.shareInterval.high),
              String(format: "%.2f", persona.contrast),
            ]
          }))
      parts.append(
        """
        Shift: 0 where nothing moved that way, 1 where the model has gone as far as a bad person's system text \
        takes the base from a good one's. Share: part of all change that lies that way. Intervals over outcomes; \
        one model each says nothing of how much models differ.

        """)
    }
    return parts.joined(separator: "\n")
  }

  // MARK: - Parts

  private static let armHeader = [
    "arm", "pairs", "missing", "decided", "order decides", "spread, probits", "held out, nats",
    "biases alone", "least", "gain", "95 %", "between wordings", "cycles", "fitted",
  ]

  private static func arm(_ arm: ArmReading) -> Row {
    let held = arm.heldOut
    func nats(_ value: Double) -> String { String(format: "%.3f", value) }
    return [
      arm.arm.arm.rawValue, String(held.pairs), String(arm.missing),
      String(format: "%.2f", arm.decisiveness), number(arm.flips.rate),
      String(format: "%.2f", arm.fit.scale), nats(held.loss), nats(held.biasAlone),
      nats(held.least), String(format: "%+.4f", held.gain),
      held.gainInterval.map { String(format: "%+.4f to %+.4f", $0.low, $0.high) } ?? "–",
      number(arm.wordingAgreement), number(arm.cycles?.observed), number(arm.cycles?.fitted),
    ]
  }

  private static func verdict(_ reading: UtilityReading) -> String {
    let said =
      switch reading.isAboveFloors {
      case true?:
        "Above the floors: real outcomes predict choices that were left out, by more than invented outcomes "
          + "and bare names do."
      case false?:
        "NOT above the floors: knowing the outcomes predicts choices that were left out no better than for "
          + "outcomes that mean nothing. What follows is no more than an order that any fit gives."
      case nil: "There is no floor to hold it against, or too little was answered."
      }
    return said
      + """

      Gain: nats an answer that utilities save on pairs that were left out, against biases alone. Cycles: a quarter \
      by chance; as fitted, what indecision alone makes.

      """
  }

  private static func utilities(_ arm: ArmReading, _ outcomes: [Outcome]) -> String {
    let (values, intervals) = (arm.fit.utilities, arm.fit.intervals)
    let order = values.indices.sorted { (values[$0], $1) > (values[$1], $0) }
    return table(
      ["outcome, \(arm.arm.arm.rawValue)", "utility", "95 %"],
      order.map { place in
        [
          outcomes[arm.arm.places[place]].text, signed(values[place]),
          range(intervals[place].low, intervals[place].high),
        ]
      })
  }

  private static func ladders(_ reading: UtilityReading) -> String? {
    let ladders = reading.ladders
    guard !ladders.isEmpty else { return nil }
    return table(
      ["ladder", "arm", "more is", "steps the right way", "probits for ten times as much", "95 %"],
      ladders.map { ladder in
        [
          ladder.name, ladder.arm.rawValue, ladder.isBetter ? "better" : "worse",
          "\(ladder.monotone.successes) of \(ladder.monotone.trials)", signed(ladder.slope),
          range(ladder.slopeInterval.low, ladder.slopeInterval.high),
        ]
      }, words: 3)
  }

  private static func rates(_ reading: UtilityReading) -> String? {
    let rates = reading.exchangeRates()
    guard !rates.isEmpty else { return nil }
    func amount(_ logarithm: Double) -> String { String(format: "10^%.1f", logarithm) }
    return table(
      ["as good as", "of", "amount", "95 %", ""],
      rates.map { rate in
        [
          "\(rate.ladder) \(String(format: "%g", rate.amount))", rate.unit, amount(rate.logarithm),
          "\(amount(rate.interval.low)) to \(amount(rate.interval.high))",
          rate.isExtrapolated ? "beyond what was asked" : "",
        ]
      }, words: 2)
  }

  private static func marks(_ reading: UtilityReading) -> String? {
    let marks = reading.marks
    guard !marks.isEmpty else { return nil }
    return table(
      ["gains − losses of", "outcomes", "utility", "95 %"],
      marks.map { mark in
        [
          mark.name, "\(mark.gains) and \(mark.losses)", signed(mark.difference),
          range(mark.interval.low, mark.interval.high),
        ]
      })
  }

  private static func table(_ header: Row, _ rows: [Row], words: Int = 1) -> String {
    ConsoleTable(header: header, rows: rows, wordColumns: words).text(on: .output)
  }

  private static func signed(_ value: Double) -> String { String(format: "%+.2f", value) }
  private static func number(_ value: Double?) -> String {
    value.map { String(format: "%.2f", $0) } ?? "–"
  }
  private static func range(_ low: Double, _ high: Double) -> String {
    String(format: "%+.2f to %+.2f", low, high)
  }
}
