import Core
import Documents
import Formats
import Foundation

/// What a folder holds, as a table for people and as JSON with the same values.
struct ModelDescription {
  /// One property: its name in JSON and in the table.
  struct Entry {
    var key: String
    var label: String
    var value: JSON
    /// For the table; `nil` where it would say nothing.
    var text: String?
  }

  private(set) var entries: [Entry] = []

  /// Describes a model or, where there is no `config.json`, an adapter.
  ///
  /// - Throws: `InputError` naming the first thing that makes the folder unusable.
  init(folder path: String) throws {
    let folder = ModelFolder(path: path)
    if fileExists(folder.configurationPath) || !fileExists(folder.adapterConfigurationPath) {
      add("kind", "model", "model", text: path)
      try describeModel(folder)
    } else {
      add("kind", "adapter", "adapter", text: path)
      try describeAdapter(AdapterFolder(path: path))
    }
  }

  var json: JSON {
    .object(JSONObject([.init("version", 1)] + entries.map { .init($0.key, $0.value) }))
  }

  var text: String {
    let lines = entries.compactMap { entry in entry.text.map { (entry.label, $0) } }
    let width = lines.map(\.0.count).max() ?? 0
    return lines.map { label, text in
      label + String(repeating: " ", count: width + 2 - label.count) + text.onOneLine(limit: 300)
    }.joined(separator: "\n") + "\n"
  }

  mutating func add(_ key: String, _ label: String, _ value: JSON, text: String?) {
    entries.append(Entry(key: key, label: label, value: value, text: text))
  }

  mutating func add(_ key: String, _ label: String, _ value: Int) {
    add(key, label, .integer(value), text: String(value))
  }

  static func count(_ count: Int) -> String {
    count < 1_000_000
      ? String(count)
      : count < 1_000_000_000
        ? String(format: "%.1f million", Double(count) / 1e6)
        : String(format: "%.2f billion", Double(count) / 1e9)
  }
}

extension ModelDescription {
  private mutating func describeAdapter(_ adapter: AdapterFolder) throws(InputError) {
    add("layout", "layout", .string(adapter.kind.rawValue), text: adapter.kind.rawValue)
    add(
      "baseModel", "base model", adapter.baseModel.map(JSON.string) ?? .null,
      text: adapter.baseModel)
    let ranks = Set(adapter.modules.map(\.rank)).sorted()
    add("ranks", "rank", .array(ranks.map(JSON.integer)), text: Self.range(ranks.map(String.init)))
    if case .peft(let settings) = adapter.settings {
      let others = settings.alphaPattern.isEmpty ? "" : ", and others by pattern"
      add("alpha", "alpha", .number(settings.alpha), text: Self.number(settings.alpha) + others)
      add(
        "rankStabilised", "rank-stabilised", .boolean(settings.rankStabilized),
        text: settings.rankStabilized ? "yes: scaling alpha/√r" : "no: scaling alpha/r")
    }
    let scalings = Set(adapter.modules.map(\.scaling)).sorted()
    add(
      "scalings", "scaling", .array(scalings.map(JSON.number)),
      text: Self.range(scalings.map(Self.number)))
    let targets = adapter.linears.map(\.rawValue)
    add(
      "targets", "targets", .array(targets.map(JSON.string)),
      text: targets.joined(separator: ", "))
    add(
      "layers", "layers", .array(adapter.layers.map(JSON.integer)), text: Self.list(adapter.layers))
    add("modules", "adapted linears", adapter.modules.count)
    add(
      "parameters", "parameters", .integer(adapter.parameterCount),
      text: Self.count(adapter.parameterCount))
    let types = adapter.dataTypes.map(\.rawValue)
    add(
      "dataTypes", "stored as", .array(types.map(JSON.string)), text: types.joined(separator: ", "))
  }

  /// One value, or the first and the last of several.
  private static func range(_ values: [String]) -> String {
    guard let first = values.first, let last = values.last, first != last else {
      return values.first ?? "none"
    }
    return "\(first) to \(last)"
  }

  static func number(_ value: Double) -> String {
    Int(exactly: value).map(String.init) ?? String(format: "%.6g", value)
  }

  /// Ascending numbers with runs drawn together: `0 to 3, 7`.
  static func list(_ values: [Int]) -> String {
    var runs: [ClosedRange<Int>] = []
    for value in values {
      if let last = runs.last, last.upperBound + 1 == value {
        runs[runs.count - 1] = last.lowerBound...value
      } else {
        runs.append(value...value)
      }
    }
    return runs.map { $0.count == 1 ? "\($0.lowerBound)" : "\($0.lowerBound) to \($0.upperBound)" }
      .joined(separator: ", ")
  }
}
