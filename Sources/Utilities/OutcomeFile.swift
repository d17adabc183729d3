import Core
import Documents
import Foundation

/// Sets of outcomes: a list in YAML, or JSON lines, of
/// `{text, family, id, arm, ladder, amount, more, for, against}`; all but text and family may be absent.
package enum OutcomeFile {
  private static let keys = [
    "text", "family", "id", "arm", "ladder", "amount", "more", "for", "against",
  ]
  private static let limit = TextFile.Limit(bytes: 1 << 24, of: "file")
  private static let limits = YAMLLimits(values: 200_000, levels: 8)
  private static let expected = "an outcome with text and family"

  /// The set that is part of Askew.
  package static let shipped = "outcomes"

  /// - Parameter name: of a file, or ``shipped``.
  /// - Throws: `InputError` naming file, line and field.
  package static func read(_ name: String) throws(InputError) -> [Outcome] {
    if name == shipped, !FileManager.default.fileExists(atPath: name) {
      return try outcomes(
        of: TextFile(bytes: PackageResources.outcomes_yaml, file: "outcomes.yaml", limit: limit))
    }
    return try outcomes(of: TextFile(reading: name, limit: limit))
  }

  /// The YAML of ``shipped``, to be copied and edited.
  package static var text: String {
    String(decoding: PackageResources.outcomes_yaml, as: UTF8.self)
  }

  private static func outcomes(of source: TextFile) throws(InputError) -> [Outcome] {
    let isYAML = source.file.hasSuffix(".yaml") || source.file.hasSuffix(".yml")
    let values = try isYAML ? yaml(source) : lines(source)
    var counts: [String: Int] = [:]
    var placed: [(outcome: Outcome, fields: YAMLFields)] = []
    for value in values {
      let fields = try YAMLFields(value, keys: keys, expected: expected)
      placed.append((try outcome(fields, &counts), fields))
    }
    try check(placed, file: source.file)
    return placed.map(\.outcome)
  }

  private static func yaml(_ source: TextFile) throws(InputError) -> [YAMLValue] {
    try YAMLTree.read(source, limits: limits, expected: "a list of outcomes").list(of: "outcomes")
  }

  private static func lines(_ source: TextFile) throws(InputError) -> [YAMLValue] {
    try JSONLines.objects(
      in: Array(source.text.utf8), file: source.file, nonFinite: .refused
    ).map { YAMLValue(.object($0.object), file: source.file, line: $0.line) }
  }

  private static func outcome(
    _ fields: YAMLFields, _ counts: inout [String: Int]
  ) throws(InputError) -> Outcome {
    let family = try fields.required("family").text()
    counts[family, default: 0] += 1
    var marks: [Outcome.Mark] = []
    for (key, isGain) in [("for", true), ("against", false)] {
      guard let value = fields[key] else { continue }
      let names = try value.distinct("marks") { value throws(InputError) in try value.text() }
      marks += names.map { Outcome.Mark(name: $0, isGain: isGain) }
    }
    if let twice = Dictionary(grouping: marks, by: \.name).first(where: { $0.value.count > 1 }) {
      throw fields.failure("against", "found \(twice.key.quotedOnOneLine) in both, expected one")
    }
    return Outcome(
      id: try fields["id"]?.text() ?? "\(family)-\(counts[family] ?? 1)",
      text: try fields.required("text").text(), family: family,
      arm: try fields["arm"]?.choice() ?? .real, step: try step(fields), marks: marks)
  }

  private static func step(_ fields: YAMLFields) throws(InputError) -> Outcome.Step? {
    guard let ladder = try fields["ladder"]?.text() else {
      for key in ["amount", "more"] where fields[key] != nil {
        throw fields.failure(
          key, "found without a ladder, expected the ladder that it is a step of")
      }
      return nil
    }
    let amount = try fields.required("amount").number("a number above 0") { $0 > 0 }
    let more = try fields["more"]?.choice(of: ["better", "worse"])
    return Outcome.Step(ladder: ladder, amount: amount, isBetter: more != "worse")
  }

  private static func check(
    _ placed: [(outcome: Outcome, fields: YAMLFields)], file: String
  ) throws(InputError) {
    var (ids, texts, steps) = ([String: Int](), [String: Int](), [String: [Outcome]]())
    for (outcome, fields) in placed {
      if let line = ids.updateValue(fields.place.line, forKey: outcome.id) {
        throw fields.failure("id", "found \(outcome.id.quotedOnOneLine) again, line \(line) has it")
      }
      if let line = texts.updateValue(fields.place.line, forKey: outcome.text) {
        throw fields.failure("text", "found the text of line \(line) again, expected each once")
      }
      guard let step = outcome.step else { continue }
      if let other = steps[step.ladder]?.first {
        guard other.arm == outcome.arm, other.step?.isBetter == step.isBetter else {
          throw fields.failure(
            "ladder", "found steps of one ladder in two arms or directions, expected one of each")
        }
        guard steps[step.ladder]?.contains(where: { $0.step?.amount == step.amount }) != true else {
          throw fields.failure("amount", "found \(step.amount) twice in a ladder, expected it once")
        }
      }
      steps[step.ladder, default: []].append(outcome)
    }
    for (outcome, fields) in placed {
      if let step = outcome.step, steps[step.ladder]?.count == 1 {
        throw fields.failure("ladder", "found a ladder of one step, expected two or more")
      }
    }
    for arm in Outcome.Arm.allCases {
      let count = placed.count { $0.outcome.arm == arm }
      guard arm == .real ? count >= 4 : count == 0 || count >= 4 else {
        throw InputError("found \(count) \(arm) outcomes, expected four at least", file: file)
      }
    }
  }
}
