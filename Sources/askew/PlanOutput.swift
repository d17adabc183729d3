import Documents
import Foundation
import Lab
import Plans
import Reporting

/// What a finished plan leaves: report and findings as files, the tables on standard output.
struct PlanOutput {
  private let name: String
  private let findings: any Encodable
  private let common: CommonFindings
  private let page: String
  /// What people read on standard output, tables first.
  private let text: String
  private let folder: ProjectFolder

  init(findings: PlanFindings, folder: ProjectFolder) {
    name = findings.plan.name
    self.findings = findings
    common = CommonFindings(findings)
    page = PlanReportPage(findings).html
    let table = PlanConsoleTable(findings).text(on: .output)
    text = table + Self.words(findings.summary, findings.warnings, before: "\n")
    self.folder = folder
  }

  init(findings: FolderFindings, folder: ProjectFolder) {
    name = findings.plan.name
    self.findings = findings
    common = CommonFindings(findings)
    page = FolderReportPage(findings).html
    let tables = FolderTables(findings).console.map { $0.text(on: .output) + "\n" }.joined()
    text = tables + Self.words(findings.summary, findings.warnings, before: "")
    self.folder = folder
  }

  private static func words(_ summary: String, _ warnings: [String], before: String) -> String {
    "\(before)\(summary)\n" + warnings.map { "\n\($0)\n" }.joined()
  }

  func write(json: Bool) throws {
    let encoded = try JSONText.pretty(findings)
    try folder.makeReportsFolder()
    try folder.write(encoded, to: folder.findingsPath(name))
    try folder.write(page, to: folder.planReportPath(name))
    if json { return StandardStream.output.write(common.json.text()) }
    StandardStream.output.write(
      text
        + "\nReport:   \(folder.planReportPath(name))\nFindings: \(folder.findingsPath(name))\n\n")
  }
}

/// JSON for people and machines: sorted keys, indented, one line end at the end.
enum JSONText {
  static func pretty(_ value: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(value), as: UTF8.self) + "\n"
  }
}

extension StandardStream {
  func write(json value: some Encodable) throws { write(try JSONText.pretty(value)) }
}
