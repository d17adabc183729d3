import Documents
import Foundation
import Lab
import Plans
import Reporting

/// What a finished plan leaves: report and findings as files, the tables on standard output.
struct PlanOutput {
  private let findings: PlanFindings
  private let contrasts: ContrastTokens?
  private let folder: ProjectFolder

  init(_ experiment: Experiment) throws {
    (findings, contrasts) = (try experiment.findings(), try experiment.contrastTokens())
    folder = experiment.folder
  }

  func write(json: Bool) throws {
    let name = findings.plan.name
    let page = PlanReportPage(findings).html
    try folder.makeReportsFolder()
    try folder.write(JSONText.pretty(findings), to: folder.findingsPath(name))
    try folder.write(page, to: folder.planReportPath(name))
    if let contrasts {
      try folder.makeContrastsFolder()
      try folder.write(
        String(decoding: JSONEncoder().encode(contrasts), as: UTF8.self),
        to: folder.contrastsPath(name))
    }
    var files = [
      ("Report:  ", folder.planReportPath(name)), ("Findings:", folder.findingsPath(name)),
    ]
    if let results = DemoResults(findings) {
      try folder.write(String(decoding: results.json(), as: UTF8.self), to: folder.resultsPath)
      try folder.write(page, to: folder.reportPath)
      files = [("Report:  ", folder.reportPath), ("Results: ", folder.resultsPath)]
    }
    if json { return StandardStream.output.write(CommonFindings(findings).json.text()) }
    let warnings = findings.warnings.map { "\n\($0)\n" }.joined()
    let summary = findings.summary.isEmpty ? "" : "\n\(findings.summary)\n"
    StandardStream.output.write(
      PlanConsoleTable(findings).text(on: .output) + summary + warnings + "\n"
        + files.map { "\($0) \($1)\n" }.joined() + "\n")
  }
}

extension StandardStream {
  /// JSON for people and machines: sorted keys, indented, one line end at the end.
  func write(json value: some Encodable) throws { write(try JSONText.pretty(value)) }
}
