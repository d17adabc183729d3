import Core
import Documents
import Foundation

/// Where in a plan something is written, for errors that are found when it is used.
struct PlanPlace: Sendable, Hashable {
  var file: String?
  var line: Int?
  var field: String?

  init() {}

  /// An option of a command.
  init(option: String) { field = option }

  init(_ value: PlanValue) {
    (file, line, field) = (value.file, value.line, value.path)
  }

  func failure(_ problem: String) -> InputError {
    InputError(problem, file: file, line: line, field: field)
  }
}

/// A file or folder that a plan names, relative to the folder of the plan's own file, with the place
/// that errors name. As JSON it is what the plan says.
package struct PlanPath: Sendable, Codable {
  package let written: String
  /// Where it is, seen from the working directory.
  package let path: String
  private let place: PlanPlace

  init(_ value: PlanValue) throws(InputError) {
    written = try value.text()
    path = written.besidePlan(value.file)
    place = PlanPlace(value)
  }

  package init(from decoder: any Decoder) throws {
    written = try decoder.singleValueContainer().decode(String.self)
    path = written
    place = PlanPlace()
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(written)
  }

  /// A name, of nothing in a file.
  package init(name: String) { (written, path, place) = (name, name, PlanPlace()) }

  /// As an option of a command gives it, relative to the working directory.
  package init(_ path: String, option: String) {
    (written, self.path, place) = (path, path, PlanPlace(option: option))
  }

  /// Whether it is a word, such as the name of a set of questions, and no file.
  package var isName: Bool { !written.contains(".") && !written.contains("/") }

  /// An error about what is there, at the plan's line.
  package func failure(_ problem: String) -> InputError { place.failure(problem) }

  /// - Throws: `InputError` at the plan's line, unless the file or folder is there.
  package func requireFile(isFolder: Bool = false) throws(InputError) {
    var found: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &found) else {
      throw failure(
        "found nothing at \(path.quotedOnOneLine(limit: nil)), expected a \(isFolder ? "folder" : "file")"
      )
    }
    guard found.boolValue == isFolder else {
      throw failure(
        "found a \(isFolder ? "file" : "folder") at \(path.quotedOnOneLine(limit: nil)), expected a "
          + (isFolder ? "folder" : "file"))
    }
  }
}

/// A model or a judge that a plan names, with the place that errors name: `dir:PATH`, relative to the
/// folder of the plan's own file, or `openai:MODEL@URL`, and whatever else can be a judge. What is an
/// address is for its reader to say. As JSON it is what the plan says.
package struct PlanAddress: Sendable, Codable {
  package let written: String
  /// With the path of a folder as it is seen from the working directory.
  package let resolved: String
  private let place: PlanPlace

  /// What may stand before the path of a folder.
  private static let folderPrefixes = ["dir:", "paper:dir:", "exact:dir:"]

  init(_ value: PlanValue) throws(InputError) {
    let written = try value.text()
    self.written = written
    let prefix = Self.folderPrefixes.first { written.hasPrefix($0) && written != $0 }
    resolved =
      prefix.map { $0 + String(written.dropFirst($0.count)).besidePlan(value.file) }
      ?? (written.hasSuffix(".gguf") && !written.contains(":")
        ? written.besidePlan(value.file) : written)
    place = PlanPlace(value)
  }

  package init(from decoder: any Decoder) throws {
    written = try decoder.singleValueContainer().decode(String.self)
    resolved = written
    place = PlanPlace()
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(written)
  }

  /// As an option of a command gives it, relative to the working directory.
  ///
  /// - Parameter name: what it is called, where that is not the address.
  package init(_ address: String, named name: String? = nil, option: String) {
    (written, resolved, place) = (name ?? address, address, PlanPlace(option: option))
  }

  /// An error about it, at the plan's line.
  package func failure(_ problem: String) -> InputError { place.failure(problem) }
}

extension String {
  /// The path, relative to the folder of the plan in `file`.
  fileprivate func besidePlan(_ file: String) -> String {
    let folder = (file as NSString).deletingLastPathComponent
    return hasPrefix("/") || hasPrefix("pypi:") || folder.isEmpty ? self : "\(folder)/\(self)"
  }
}

// Where something is written makes no difference to what it is.
extension PlanPath: Hashable {
  package static func == (one: PlanPath, other: PlanPath) -> Bool { one.written == other.written }
  package func hash(into hasher: inout Hasher) { hasher.combine(written) }
}

extension PlanAddress: Hashable {
  package static func == (one: PlanAddress, other: PlanAddress) -> Bool {
    one.written == other.written
  }
  package func hash(into hasher: inout Hasher) { hasher.combine(written) }
}
