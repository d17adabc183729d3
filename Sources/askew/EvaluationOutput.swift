import Core
import Documents
import Endpoints
import Evaluation
import Foundation
import Lab
import Reporting

/// Shows findings: a page in the project, JSON or tables.
struct EvaluationOutput {
  let findings: EvaluationFindings
  /// Name of what was asked.
  let title: String
  let project: ProjectFolder

  init(_ findings: EvaluationFindings, title: String, project: ProjectFolder) {
    (self.findings, self.title, self.project) = (findings, title, project)
  }

  func write(json: Bool) throws {
    let path = try writePage()
    if json { return StandardStream.output.write(findings.json.text()) }
    let tables = EvaluationTables(findings)
    var text = "\(findings.model): \(findings.answers) answers to \(findings.questions) questions\n"
    for judge in findings.judges {
      let name = [judge.rule, judge.model].compactMap { $0 }.joined(separator: " ")
      text += "judge \(judge.fingerprint.prefix(12)): \(name), version \(judge.version)\n"
    }
    if let table = tables.misalignment {
      text += "\n" + ConsoleTable(header: table.header, rows: table.rows).text(on: .output)
      text += table.caption + "\n"
    }
    let metrics = tables.metrics()
    if !metrics.rows.isEmpty {
      // Of all questions: the column of questions says nothing here.
      let columns = metrics.header.indices.filter { $0 != 1 }
      text +=
        "\n"
        + ConsoleTable(
          header: columns.map { metrics.header[$0] },
          rows: metrics.rows.map { row in columns.map { row[$0] } }
        ).text(on: .output)
    }
    for line in tables.missing { text += line + "\n" }
    StandardStream.output.write(text + "\nReport: \(path)\n")
  }

  /// One page a run and set of questions.
  private func writePage() throws -> String {
    let name = String(
      title.unicodeScalars.map { scalar in
        CharacterSet.alphanumerics.contains(scalar) && scalar.isASCII ? Character(scalar) : "-"
      })
    let folder = project.url.appendingPathComponent("reports")
    let file = folder.appendingPathComponent("\(name)-\(findings.run.prefix(12)).html")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let page = EvaluationPage(findings, title: title)
    try Data(page.html.utf8).write(to: file, options: .atomic)
    return file.relativePath
  }

  /// What a judge was asked and retried, and what failed, on standard error.
  static func tell(judging counts: RequestCounts? = nil, _ failures: [String: Int]) {
    if let counts, counts.requests > 0 {
      var text = "judging: \(counts.answered) answered of \(counts.requests) requests"
      let retried = counts.retried.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }
      if !retried.isEmpty { text += "; troubles: " + retried.joined(separator: ", ") }
      StandardStream.error.write(text + "\n")
    }
    for (reason, count) in failures.sorted(by: { $0.key < $1.key }) {
      StandardStream.error.write("\(count) missing: \(reason)\n")
    }
  }
}
