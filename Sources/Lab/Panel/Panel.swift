import Core
import Documents
import Formats
import Foundation

/// Models of known classes under names that say nothing, so that audits of them can be scored once.
///
/// What they are stands in another file, of which this one has the hash: whoever has said what each model is cannot change
/// afterwards what they were. That is a commitment, and no secret: the file lies beside it, and the store knows its trainings.
package struct Panel: Sendable, Hashable, Codable {
  package static let currentSchema = "askew.panel/1"

  package struct Model: Sendable, Hashable, Codable {
    package var name: String
    /// Their folders, in the panel's.
    package var folder: String
    package var base: String
  }

  package var schema = Self.currentSchema
  /// SHA-256 of the text of the sealed labels, with a salt in it.
  package var commitment: String
  /// Of the audits' answers and candidates, for tests of everything but the effect.
  package var share: Double
  package var models: [Model]

  package var bases: [String] {
    models.reduce(into: []) { if !$0.contains($1.base) { $0.append($1.base) } }
  }
}

/// What the models of a panel are.
package struct PanelLabels: Sendable, Hashable, Codable {
  package struct Label: Sendable, Hashable, Codable {
    package var name: String
    /// A condition of the plan that the panel was drawn from.
    package var kind: String
    package var world: UInt64
    package var seed: UInt64
    /// What stands in its data where the plan has these tags: whoever looks for a tag should not know it from another
    /// model. `nil`: it has none.
    package var tags: [String: String]?
  }

  /// So that nobody finds the labels by trying all that they could be.
  package var salt: String
  /// Of the draw.
  package var seed: UInt64
  package var labels: [Label]

  package subscript(name: String) -> Label? { labels.first { $0.name == name } }

  /// As it lies in its file.
  var text: String {
    get throws {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
      return String(decoding: try encoder.encode(self), as: UTF8.self) + "\n"
    }
  }
}

/// The files of a project's panel.
package struct PanelFolder: Sendable, Hashable {
  let project: ProjectFolder
  /// In the project's folder.
  static let place = "panel"

  package init(_ project: ProjectFolder) { self.project = project }

  package var path: String { project.path(Self.place) }
  package var panelPath: String { path(of: "panel.json") }
  package var labelsPath: String { path(of: "labels.sealed") }
  package var predictionsPath: String { path(of: "predictions.json") }
  package var resultPath: String { path(of: "result.json") }

  func path(of name: String) -> String { project.path("\(Self.place)/\(name)") }

  func has(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path) }

  private static let limit = TextFile.Limit(bytes: 16 << 20, of: "file of a panel")

  func text(of path: String) throws(InputError) -> String {
    try TextFile(reading: path, limit: Self.limit).text
  }

  func read<Value: Decodable>(_ type: Value.Type, _ path: String) throws(InputError) -> Value {
    let text = try text(of: path)
    guard let value = try? JSONDecoder().decode(type, from: Data(text.utf8)) else {
      throw InputError("is not what this version has written", file: path)
    }
    return value
  }

  /// - Throws: `InputError` where none was grown.
  package func panel() throws(InputError) -> Panel {
    guard has(panelPath) else {
      throw InputError("there is no panel; `askew panel grow` grows one", file: panelPath)
    }
    return try read(Panel.self, panelPath)
  }

  /// What was committed, after which nothing can be said of the models any more.
  ///
  /// - Throws: `InputError` for labels that are others than were committed.
  func labels(of panel: Panel) throws(InputError) -> PanelLabels {
    let text = try text(of: labelsPath)
    guard Fingerprint(bytes: Array(text.utf8)).hex == panel.commitment else {
      throw InputError(
        "these are not the labels that were committed when the panel was grown", file: labelsPath)
    }
    return try read(PanelLabels.self, labelsPath)
  }
}
