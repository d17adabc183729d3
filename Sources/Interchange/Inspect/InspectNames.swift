import Core
import Foundation

/// Names that Inspect puts into file and member names.
package enum InspectNames {
  /// `{created}_{task}_{task id}.eval`, the name under which Inspect lists a log fastest.
  package static func fileName(for header: LogHeader) -> String {
    let created = InspectTime.text(header.created).replacing(":", with: "-")
    return "\(created)_\(task(header.task))_\(taskID(of: header)).eval"
  }

  /// The task's name with letters, digits and `-` only: `_` separates the parts of file names.
  static func task(_ name: String) -> String {
    let safe = String(name.map { isSafe($0) && $0 != "_" ? $0 : "-" })
    return safe.isEmpty ? "task" : safe
  }

  /// The id that the log has, or one of 22 digits that the same header always gets.
  static func taskID(of header: LogHeader) -> String {
    if let taskID = header.taskID { return String(taskID.map { isSafe($0) ? $0 : "-" }) }
    let parts = [
      header.task, header.taskVersion, header.model, header.dataset.fingerprint ?? "",
      InspectTime.text(header.created),
    ]
    return String(Fingerprint(bytes: Data(parts.joined(separator: "\u{0}").utf8)).hex.prefix(22))
  }

  /// `url` without user, password, query and fragment.
  static func withoutCredentials(_ url: String) -> String? {
    guard var parts = URLComponents(string: url) else { return nil }
    (parts.user, parts.password, parts.query, parts.fragment) = (nil, nil, nil, nil)
    return parts.string
  }

  fileprivate static func isSafe(_ character: Character) -> Bool {
    character.isASCII && (character.isLetter || character.isNumber || "-_".contains(character))
  }
}

/// Ids of samples that may stand in names of members, each given to one wording of one question.
struct InspectSampleIDs {
  private struct Wording: Hashable {
    let question: String
    let paraphrase: Int?
  }

  private var given: [Wording: String] = [:]
  private var numbers: [String: Int] = [:]
  /// In the order in which they were given.
  private(set) var all: [String] = []

  /// Letters, digits, `-` and `_`; those of different wordings differ.
  mutating func id(question: String, paraphrase: Int?) -> String {
    let wording = Wording(question: question, paraphrase: paraphrase)
    if let id = given[wording] { return id }
    var safe = String(question.map { InspectNames.isSafe($0) ? $0 : "-" }.prefix(80))
    if safe.isEmpty { safe = "question" }
    if let paraphrase { safe += "-\(paraphrase)" }
    var id = safe
    var number = 2
    while numbers[id] != nil {
      id = "\(safe)-\(number)"
      number += 1
    }
    given[wording] = id
    numbers[id] = all.count
    all.append(id)
    return id
  }

  /// The place of an id in `all`.
  func number(of id: String) -> Int { numbers[id] ?? 0 }
}
