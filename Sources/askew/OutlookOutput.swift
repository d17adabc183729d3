import Foundation
import Lab
import Plans
import Reporting

/// What a plan would do, as a table or as JSON.
struct OutlookOutput {
  private let experiment: Experiment
  private let stages: [StageOutlook]

  init(_ experiment: Experiment) throws {
    self.experiment = experiment
    stages = try experiment.outlook()
  }

  func write(json: Bool) throws {
    if json { return try StandardStream.output.write(json: stages) }
    StandardStream.output.write(
      table.text(on: .output) + "\n" + experiment.notes.map { $0 + "\n" }.joined())
    let left = stages.filter { $0.state != "done" }
    let needs = [time(left), memory].compactMap { $0 }.joined()
    StandardStream.output.write(
      "\n\(experiment.plan.name): \(left.count) of \(stages.count) stages left\(needs)\n")
    StandardStream.output.write(cost(left).map { $0 + "\n\n" } ?? "\n")
  }

  private var table: ConsoleTable {
    let gigabyte = Double(1 << 30)
    let columns: [(String, (StageOutlook) -> String?)] = [
      ("seconds", { $0.seconds.map { String(format: "%.0f", $0) } }),
      ("GiB", { $0.memoryBytes.map { String(format: "%.2f", Double($0) / gigabyte) } }),
      ("TFLOP", { $0.teraflops.map { String(format: "%.3g", $0) } }),
      ("requests", { $0.requests.map { String($0.requests) } }),
      ("prompt tokens", { $0.requests.map { String($0.promptTokens) } }),
      ("reply tokens", { $0.requests.map { String($0.replyTokens) } }),
    ].filter { column in stages.contains { column.1($0) != nil } }
    return ConsoleTable(
      header: ["kind", "state", "name", "total"] + columns.map(\.0),
      rows: stages.map { stage in
        [stage.kind, stage.state, stage.name, String(stage.total)]
          + columns.map { $0.1(stage) ?? "" }
      }, wordColumns: 3)
  }

  private func time(_ left: [StageOutlook]) -> String? {
    guard left.contains(where: { $0.seconds != nil }) else { return nil }
    let megabytes = Double(left.reduce(0) { $0 + ($1.bytes ?? 0) }) / 1e6
    let minutes = left.reduce(0) { $0 + ($1.seconds ?? 0) } / 60
    return ", about " + String(format: "%.1f minutes, %.0f MB", minutes, megabytes)
  }

  private var memory: String? {
    guard let most = stages.compactMap(\.memoryBytes).max() else { return nil }
    return "; at most about " + String(format: "%.2f GiB", Double(most) / Double(1 << 30))
      + " of memory (of scoring, sampling and judging the weights alone are counted)"
  }

  /// What servers would be asked; `nil`: nothing.
  private func cost(_ left: [StageOutlook]) -> String? {
    let requests = left.compactMap(\.requests)
    guard !requests.isEmpty else { return nil }
    func sum(_ count: (StageOutlook.Requests) -> Int) -> Int {
      requests.reduce(0) { $0 + count($1) }
    }
    return "Servers would be asked at most \(sum(\.requests)) requests with about "
      + "\(sum(\.promptTokens)) tokens, and reply with at most \(sum(\.replyTokens)); tokens are "
      + "estimated from bytes. Keys: ASKEW_API_KEY, --key-file, --judge-key-file"
  }
}
