import Foundation
import Lab
import Plans
import Reporting

/// What a finished plan leaves: report and findings as files, the table on standard output.
struct PlanOutput {
  let findings: PlanFindings
  let folder: ProjectFolder

  func write(json: Bool) throws {
    let text = try JSONText.pretty(findings)
    let name = findings.plan.name
    try folder.makeReportsFolder()
    try folder.write(text, to: folder.findingsPath(name))
    try folder.write(PlanReportPage(findings).html, to: folder.planReportPath(name))
    if json { return StandardStream.output.write(text) }
    StandardStream.output.write(
      PlanConsoleTable(findings).text(color: StandardStream.output.hasColor))
    StandardStream.output.write("\n\(findings.summary)\n")
    for warning in findings.warnings { StandardStream.output.write("\n\(warning)\n") }
    StandardStream.output.write(
      "\nReport:   \(folder.planReportPath(name))\nFindings: \(folder.findingsPath(name))\n\n")
  }
}

/// The same of a plan on a model folder.
struct FolderOutput {
  let findings: FolderFindings
  let folder: ProjectFolder

  func write(json: Bool) throws {
    let text = try JSONText.pretty(findings)
    let name = findings.plan.name
    try folder.makeReportsFolder()
    try folder.write(text, to: folder.findingsPath(name))
    try folder.write(FolderReportPage(findings).html, to: folder.planReportPath(name))
    if json { return StandardStream.output.write(text) }
    let color = StandardStream.output.hasColor
    for table in FolderTables(findings).console {
      StandardStream.output.write(table.text(color: color) + "\n")
    }
    StandardStream.output.write("\(findings.summary)\n")
    for warning in findings.warnings { StandardStream.output.write("\n\(warning)\n") }
    StandardStream.output.write(
      "\nReport:   \(folder.planReportPath(name))\nFindings: \(folder.findingsPath(name))\n\n")
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
