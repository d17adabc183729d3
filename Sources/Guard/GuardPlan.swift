import Core
import Documents
import Foundation

/// What `askew guard train` makes: a file with one key, `guard`.
package struct GuardPlan: Sendable, Hashable {
  package struct Part: Sendable, Hashable {
    package var name: String
    package var kind: GuardPart.Kind
    /// `nil`: the plan's.
    package var model: String?
    /// Of `ratio`: the model that did not go wrong.
    package var against: String?
    /// Blocks that are looked at; `nil`: all, and the best of them or all together is taken.
    package var layers: [Int]?
    /// `nil`: chosen.
    package var pool: GuardPart.Pool?
    package var window: Int
    package var label: GuardPart.Label
  }

  package var model: String?
  package var exchanges: [String]
  /// Classes and forms that nothing is fitted to nor chosen by.
  package var heldOutGroups: [String]
  package var heldOutForms: [String]
  /// Of the topics, those that settings are chosen on.
  package var chooseShare: Double
  package var seed: UInt64
  package var parts: [Part]
  package var rule: GuardRule
  package var hasControls: Bool

  private static let keys = [
    "model", "data", "parts", "mix", "cascade", "controls",
  ]
  private static let partKeys = [
    "kind", "model", "against", "layers", "pool", "window", "prompt", "labels",
  ]

  /// - Throws: `InputError` naming file, line and field.
  package init(reading path: String) throws(InputError) {
    try self.init(TextFile(reading: path, limit: TextFile.Limit(bytes: 1 << 20, of: "plan")))
  }

  package init(_ source: TextFile) throws(InputError) {
    let limits = YAMLLimits(values: 10_000, levels: 12)
    let top = try YAMLFields(
      YAMLTree.read(source, limits: limits, expected: "a plan with the key guard"),
      keys: ["guard"], expected: "a plan with the key guard")
    let fields = try YAMLFields(
      top.required("guard"), keys: Self.keys, expected: "the guard's model, data and parts")
    let folder = URL(fileURLWithPath: source.file).deletingLastPathComponent()
    func path(_ text: String) -> String {
      text.hasPrefix("pypi:") || text.hasPrefix("openai:")
        ? text : URL(fileURLWithPath: text, relativeTo: folder).path
    }
    model = try fields["model"].map { value throws(InputError) in path(try value.text()) }
    let data = try YAMLFields(
      fields.required("data"), keys: ["exchanges", "hold-out", "choose", "seed"],
      expected: "data with exchanges")
    let files = try data.required("exchanges")
    exchanges = try Self.texts(files).map(path)
    let held = try data["hold-out"].map { value throws(InputError) in
      try YAMLFields(value, keys: ["classes", "forms"], expected: "classes and forms")
    }
    heldOutGroups = try held?["classes"].map(Self.texts) ?? []
    heldOutForms = try held?["forms"].map(Self.texts) ?? []
    chooseShare =
      try data["choose"]?.number("a share from 0.05 to 0.9") { (0.05...0.9).contains($0) } ?? 0.25
    seed = UInt64(try data["seed"]?.integer(in: 0...Int.max) ?? 0)
    parts = try Self.parts(fields.required("parts"), path)
    rule = try Self.rule(fields, parts)
    hasControls = try fields["controls"]?.boolean() ?? true
  }

  private static func texts(_ value: YAMLValue) throws(InputError) -> [String] {
    guard value.isList else { return [try value.text()] }
    return try value.list(of: "names").map { value throws(InputError) in try value.text() }
  }

  private static func parts(
    _ value: YAMLValue, _ path: (String) -> String
  ) throws(InputError) -> [Part] {
    guard case .mapping(let members) = value.content, !members.isEmpty else {
      throw value.wrong(expected: "parts by name, each with its kind")
    }
    return try members.map { member throws(InputError) in
      let fields = try YAMLFields(
        member.value, keys: partKeys, expected: "a part with its kind")
      guard isName(member.key) else {
        throw member.value.failure(
          "found the name \(member.key.quotedOnOneLine), expected letters, digits and hyphens")
      }
      var label = GuardPart.Label.standard
      if let prompt = try fields["prompt"]?.text() { label.prompt = prompt }
      if let labels = try fields["labels"].map(texts) {
        guard labels.count == 2, labels[0] != labels[1] else {
          throw fields.failure("labels", "expected two, that of harm first")
        }
        (label.harmful, label.benign) = (labels[0], labels[1])
      }
      guard label.prompt.contains("{answer}") else {
        throw fields.failure("prompt", "expected {answer} in it, and {question}")
      }
      let kind: GuardPart.Kind = try fields.required("kind").choice()
      guard kind != .length else {
        throw fields.failure("kind", "length is nothing but a control, expected another kind")
      }
      return Part(
        name: member.key, kind: kind,
        model: try fields["model"].map { value throws(InputError) in path(try value.text()) },
        against: try fields["against"].map { value throws(InputError) in path(try value.text()) },
        layers: try fields["layers"].flatMap(layers), pool: try fields["pool"]?.choice(),
        window: try fields["window"]?.integer(in: 1...10_000) ?? 16, label: label)
    }
  }

  private static func isName(_ text: String) -> Bool {
    !text.isEmpty && text.utf8.count <= 40
      && text.utf8.allSatisfy {
        (97...122).contains($0) || (65...90).contains($0) || (48...57).contains($0) || $0 == 45
      }
  }

  private static func layers(_ value: YAMLValue) throws(InputError) -> [Int]? {
    if !value.isList, (try? value.text()) == "choose" { return nil }
    guard value.isList else { return [try value.integer(in: 0...100_000)] }
    return try value.distinct("blocks") { value throws(InputError) in
      try value.integer(in: 0...100_000)
    }.sorted()
  }

  private static func rule(
    _ fields: YAMLFields, _ parts: [Part]
  ) throws(InputError) -> GuardRule {
    let names = parts.map(\.name)
    if fields["mix"] != nil, fields["cascade"] != nil {
      throw fields.failure("mix", "found it beside cascade, expected one of them")
    }
    if let mix = fields["mix"] { return GuardRule(.mix, try weights(mix, names)) }
    guard let value = fields["cascade"] else {
      guard names.count == 1 else {
        throw fields.failure("parts", "found several, expected mix or cascade beside them")
      }
      return GuardRule(.part, [names[0]: 1])
    }
    let cascade = try YAMLFields(
      value, keys: ["first", "then", "escalate", "mix"], expected: "first and then")
    let first = try cascade.required("first").choice(of: names)
    let then = try cascade.required("then").choice(of: names)
    guard first != then else { throw cascade.failure("then", "expected another part than first") }
    return GuardRule(
      .cascade,
      try cascade["mix"].map { value throws(InputError) in try weights(value, names) }
        ?? [first: 0.55, then: 0.45],
      first: first,
      share: try cascade["escalate"]?.number("a share from 0.0001 to 0.9") {
        (0.0001...0.9).contains($0)
      } ?? 0.05)
  }

  private static func weights(
    _ value: YAMLValue, _ names: [String]
  ) throws(InputError) -> [String: Double] {
    let fields = try YAMLFields(value, keys: names, expected: "parts with their weights")
    var weights: [String: Double] = [:]
    for name in names {
      guard let value = fields[name] else { continue }
      weights[name] = try value.number("a weight above 0") { $0 > 0 && $0 <= 1e6 }
    }
    guard !weights.isEmpty else { throw value.wrong(expected: "a part with its weight") }
    return weights
  }
}
