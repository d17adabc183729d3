import Foundation
import Lab
import Reporting

/// What a finished demo leaves: report and results as files, the table on standard output.
struct DemoOutput {
  let record: DemoRecord
  let folder: ProjectFolder

  func write() throws {
    let json = String(decoding: try record.results.json(), as: UTF8.self)
    try folder.write(json, to: folder.resultsPath)
    try folder.write(ReportPage(ReportInput(record)).html, to: folder.reportPath)
    StandardStream.output.write(
      ConsoleTable(pooled: record.results).text(on: .output))
    for headline in record.results.headlines { StandardStream.output.write("\n\(headline)\n") }
    for warning in record.results.warnings { StandardStream.output.write("\n\(warning)\n") }
    StandardStream.output.write("\nReport:  \(folder.reportPath)\nResults: \(folder.resultsPath)\n")
  }
}
