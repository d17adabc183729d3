import Foundation
import Lab
import Plans
import Reporting

extension FolderExperiment: PlannedWork {
  func run(_ command: RunCommand, _ display: ProgressDisplay) async throws -> Bool {
    if !command.json {
      display.note("\(plan.name): \(plan.title)")
      for note in notes { display.note(note) }
    }
    let outcome = try await run()
    display.end()
    if !outcome.worked { display.note("All of it was done already.") }
    for (reason, count) in outcome.failures.sorted(by: { $0.key < $1.key }) {
      display.note("\(count) missing: \(reason)")
    }
    try PlanOutput(findings: try findings(), folder: folder).write(json: command.json)
    return outcome.failures.isEmpty
  }

  func tell(_ command: RunCommand) throws {
    let outlook = try outlook()
    if command.json { return try StandardStream.output.write(json: outlook) }
    StandardStream.output.write(
      table(outlook).text(on: .output) + "\n"
        + notes.map { $0 + "\n" }.joined())
    let left = outlook.filter { $0.state != "done" }
    let most = Double(outlook.map(\.memoryBytes).max() ?? 0) / Double(1 << 30)
    StandardStream.output.write(
      "\n\(plan.name): \(left.count) of \(outlook.count) stages left; at most about "
        + String(format: "%.2f GiB", most)
        + " of memory (of scoring, sampling and judging the weights alone are counted)\n")
    StandardStream.output.write(cost(left).map { $0 + "\n\n" } ?? "\n")
  }

  private func table(_ stages: [FolderStage]) -> ConsoleTable {
    let asksServers = stages.contains { $0.requests != nil }
    return ConsoleTable(
      header: ["kind", "state", "name", "total", "GiB", "TFLOP"]
        + (asksServers ? ["requests", "prompt tokens", "reply tokens"] : []),
      rows: stages.map { stage in
        let requests = stage.requests.map {
          [$0.requests, $0.promptTokens, $0.replyTokens].map { String($0) }
        }
        return [
          stage.kind, stage.state, stage.name, String(stage.total),
          String(format: "%.2f", Double(stage.memoryBytes) / Double(1 << 30)),
          stage.teraflops.map { String(format: "%.3g", $0) } ?? "",
        ] + (asksServers ? requests ?? ["", "", ""] : [])
      }, wordColumns: 3)
  }

  /// What servers would be asked; `nil`: nothing.
  private func cost(_ left: [FolderStage]) -> String? {
    let requests = left.compactMap(\.requests)
    guard !requests.isEmpty else { return nil }
    func sum(_ count: (FolderStage.Requests) -> Int) -> Int {
      requests.reduce(0) { $0 + count($1) }
    }
    return "Servers would be asked at most \(sum(\.requests)) requests with about "
      + "\(sum(\.promptTokens)) tokens, and reply with at most \(sum(\.replyTokens)); tokens are "
      + "estimated from bytes. Keys: ASKEW_API_KEY, --key-file, --judge-key-file"
  }
}
