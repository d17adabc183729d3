import ArgumentParser
import Core
import Engine
import Foundation
import Lab
import Plans
import Store
import Tuning

/// A plan and all that decides its stages, wherever they are done.
struct TaskOptions: ParsableArguments {
  @OptionGroup var project: ProjectOptions
  @OptionGroup var machine: LabOptions
  @OptionGroup var selection: PlanSelection
  @OptionGroup(title: "Servers") var endpoint: EndpointOptions
  /// What `auto` came to where the plan was submitted: another processor must not make other stages.
  @Option(help: ArgumentHelp("What --precision auto comes to.", visibility: .hidden))
  var dishPrecision: PrecisionChoice?

  func read(_ name: String) throws -> Plan { try machine.plan(name, selection) }

  func experiment(
    _ name: String, _ plan: Plan, _ store: RunStore, _ stop: StopRequest,
    report: @escaping @Sendable (LabEvent) -> Void
  ) throws -> Experiment {
    let memory = FolderMemory(telling: store, stop: stop)
    var options = machine.experiment(endpoint, memory)
    if let precision = dishPrecision?.fixed {
      (options.dish.precision, options.asking.precision) = (precision, precision)
    }
    return try Failure.inFile(name) {
      try Experiment(
        plan: plan, options: options, folder: project.folder, store: store,
        only: selection.conditions, stop: stop, report: report)
    }
  }

  /// The command line that does a stage on another machine, before and after the stage's name.
  ///
  /// - Parameter name: of the plan, as it was given.
  func work(_ name: String) -> (before: [String], after: [String]) {
    let isFile = FileManager.default.fileExists(atPath: name)
    let plan = isFile ? URL(fileURLWithPath: name).path : name
    return (
      [Self.program, "work", plan],
      ["--project", project.folder.url.path] + machine.words + selection.words + endpoint.words
        + ["--dish-precision", machine.precision.forDish.rawValue]
    )
  }

  /// This program's own file.
  private static var program: String {
    let path = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    return path ?? URL(fileURLWithPath: CommandLine.arguments[0]).path
  }
}

extension LabOptions {
  /// As on a command line; threads are the machine's own.
  fileprivate var words: [String] {
    var words = ["--seed", String(seed), "--precision", precision.rawValue]
    if quick { words.append("--quick") }
    if scale != 1 { words += ["--scale", String(scale)] }
    if let checkpointSeconds { words += ["--checkpoint-seconds", String(checkpointSeconds)] }
    return words
  }
}

extension PlanSelection {
  fileprivate var words: [String] {
    var words = only.flatMap { ["--only", $0] }
    if let seeds { words += ["--seeds", String(seeds)] }
    if let worlds { words += ["--worlds", String(worlds)] }
    return words
  }
}

extension EndpointOptions {
  fileprivate var words: [String] {
    func path(_ file: String) -> String { URL(fileURLWithPath: file).path }
    var words = [
      "--concurrency", String(server.concurrency), "--timeout", String(server.timeout),
      "--attempts", String(server.attempts),
    ]
    if let file = server.keyFile { words += ["--key-file", path(file)] }
    if let file = judgeKeyFile { words += ["--judge-key-file", path(file)] }
    if let file = server.caFile { words += ["--ca-file", path(file)] }
    if let limit = server.requestsPerMinute { words += ["--requests-per-minute", String(limit)] }
    if let limit = server.tokensPerMinute { words += ["--tokens-per-minute", String(limit)] }
    if server.unlistedModel { words.append("--unlisted-model") }
    if let thinking { words += ["--thinking", thinking.rawValue] }
    return words
  }
}
