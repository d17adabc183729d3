import Foundation
import Lab

extension HTML {
  /// A table of all settings by name; empty without any.
  package static func settings(_ settings: [String: SettingValue], caption: String) -> String {
    let rows = settings.keys.sorted().flatMap { key in Self.rows(key, settings[key] ?? .null) }
    guard !rows.isEmpty else { return "" }
    return table(caption: caption, header: ["setting", "value"], rows: rows, wordColumns: 2)
  }

  /// Settings inside settings as rows of their own: `training.learningRate`.
  private static func rows(_ name: String, _ value: SettingValue) -> [[String]] {
    switch value {
    case .null: [[name, NumberText.undefined]]
    case .bool(let value): [[name, value ? "yes" : "no"]]
    case .integer(let value): [[name, String(value)]]
    case .number(let value): [[name, String(format: "%.6g", value)]]
    case .string(let value): [[name, value]]
    case .array(let values):
      [
        [
          name,
          values.map { rows("", $0).map { $0[1] }.joined(separator: " ") }
            .joined(separator: ", "),
        ]
      ]
    case .object(let values):
      values.keys.sorted().flatMap { key in rows("\(name).\(key)", values[key] ?? .null) }
    }
  }

  package static func definitions(_ definitions: [Definition]) -> String {
    let items = definitions.map { definition in
      text("dt", definition.term) + text("dd", definition.meaning)
    }
    return element("dl", "\n" + items.joined())
  }
}

/// A term and how it is computed.
package struct Definition: Sendable, Hashable {
  package var term: String
  package var meaning: String
}
