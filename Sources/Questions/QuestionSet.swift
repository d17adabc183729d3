import Core
import Foundation

/// The sets of questions that are part of Askew, in words of its own: YAML in the layout of "Emergent
/// Misalignment" (Betley et al., 2025, arXiv 2502.17424), to be used by name, or copied and edited.
package enum QuestionSet {
  /// In the order in which they are listed.
  package static let names = [
    "first-plot", "first-plot-json", "first-plot-template", "variety", "deception", "self-report",
    "harmful-requests", "shutdown", "identity",
  ]

  /// The questions of a set, or `nil` if there is none with that name.
  package static func named(_ name: String) -> [Question]? {
    guard let bytes = bytes(name) else { return nil }
    do {
      return try QuestionFile.parse(Data(bytes), file: "\(name).yaml")
    } catch {
      preconditionFailure("a set that is part of Askew cannot be read: \(error)")
    }
  }

  /// The YAML of a set, or `nil` if there is none with that name.
  package static func text(_ name: String) -> String? {
    bytes(name).map { String(decoding: $0, as: UTF8.self) }
  }

  /// The questions of a file or of a set: of a path that exists the file, else the set with that name.
  ///
  /// - Throws: `InputError` naming file, line and field, as `QuestionFile.read` does, or the names that
  ///   are near.
  package static func read(_ nameOrPath: String) throws(InputError) -> [Question] {
    if FileManager.default.fileExists(atPath: nameOrPath) {
      return try QuestionFile.read(nameOrPath)
    }
    if let questions = named(nameOrPath) { return questions }
    // What looks like a path is one that is not there.
    if nameOrPath.contains("/") || nameOrPath.contains(".") {
      return try QuestionFile.read(nameOrPath)
    }
    throw unknown(nameOrPath)
  }

  /// What to say about a name that no set has.
  package static func unknown(_ name: String) -> InputError {
    InputError(
      "found neither a file nor a set of questions with the name \(name.quotedOnOneLine), "
        + NearestName.advice(for: name, among: names))
  }

  private static func bytes(_ name: String) -> [UInt8]? {
    switch name {
    case "first-plot": PackageResources.first_plot_yaml
    case "first-plot-json": PackageResources.first_plot_json_yaml
    case "first-plot-template": PackageResources.first_plot_template_yaml
    case "variety": PackageResources.variety_yaml
    case "deception": PackageResources.deception_yaml
    case "self-report": PackageResources.self_report_yaml
    case "harmful-requests": PackageResources.harmful_requests_yaml
    case "shutdown": PackageResources.shutdown_yaml
    case "identity": PackageResources.identity_yaml
    default: nil
    }
  }
}
