import ArgumentParser
import Core
import Foundation
import Lab
import Plans
import Reporting
import ShippedPlans
import Store
import Tuning

struct PanelCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "panel",
    abstract: "Models of known classes under names that say nothing, to score audits by, once.",
    discussion: """
      `grow` makes models of the kinds of the plan panel and commits to what they are, `audit` audits them by their \
      folders, `open` writes down what the certificates say of them and then opens and scores the labels. The labels \
      are sealed by a commitment, not by secrecy: panel.json has their hash, so that they cannot be changed, but they \
      lie beside it, and audits never read them. A project has one panel.

      Example: askew panel grow --seed 7 --size 12 && askew panel audit && askew panel open
      """,
    subcommands: [PanelGrowCommand.self, PanelAuditCommand.self, PanelOpenCommand.self])
}

/// What the commands about a panel have in common.
struct PanelOptions: ParsableArguments {
  @OptionGroup var project: ProjectOptions
  @Option(help: "Threads; the results do not depend on it (default: all processors).")
  var threads: Int?

  func validate() throws {
    if let threads, !(1...1024).contains(threads) {
      throw ValidationError("--threads: found \(threads), expected 1 to 1024")
    }
  }

  var folder: PanelFolder { PanelFolder(project.folder) }

  /// Whose conditions are the kinds of models.
  static var plan: Plan {
    get throws(InputError) { try Plan(yaml: ShippedPlans.text(of: "panel") ?? "", file: "panel") }
  }

  func options(_ memory: FolderMemory) -> Experiment.Options {
    var options = Experiment.Options()
    options.threads = threads ?? ProcessInfo.processInfo.activeProcessorCount
    (options.asking.threads, options.memory) = (options.threads, memory)
    return options
  }

  /// Runs what can be interrupted, and gone on with.
  ///
  /// - Parameter isThere: whether there must be a panel: looking for one must not make a project.
  func work(
    needingOne isThere: Bool = true,
    _ body: (RunStore, FolderMemory, StopRequest, ProgressDisplay) async throws -> Void
  ) async throws {
    try await Failure.reporting {
      let stop = StopRequest()
      let signals = InterruptionSignals(stop)
      let display = ProgressDisplay()
      defer { display.end() }
      do {
        if isThere { _ = try folder.panel() }
        let store = try RunStore(folder: project.folder.url)
        try await body(store, FolderMemory(telling: store, stop: stop, on: display), stop, display)
      } catch is Interrupted {
        display.end()
        throw signals.interruption
      }
    }
  }
}

struct PanelGrowCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "grow",
    abstract: "Grow models of drawn classes under names that say nothing.",
    discussion: """
      Half of the models are clean. Their kinds, worlds and names follow from the seed; a salt that does not keeps \
      others from trying all seeds. Writes panel/panel.json, panel/labels.sealed and a folder for each model and base.
      """)

  @Option(help: "Seed of the draw.") var seed: UInt64
  @Option(help: "Models, half of them clean.") var size: Int
  @Option(help: "Worlds that they are grown in, each with a base of its own.") var worlds = 2
  @Option(help: PrecisionChoice.help) var precision = PrecisionChoice.auto
  @Option(
    help: ArgumentHelp(
      "Share of steps and answers to do; for tests of everything but the effect.",
      visibility: .hidden))
  var scale = 1.0
  @OptionGroup var panel: PanelOptions

  func validate() throws {
    guard (2...1000).contains(size) else {
      throw ValidationError("--size: found \(size), expected 2 to 1000")
    }
    guard (1...100).contains(worlds) else {
      throw ValidationError("--worlds: found \(worlds), expected 1 to 100")
    }
    guard scale > 0, scale <= 1 else {
      throw ValidationError("--scale: found \(scale), expected more than 0, at most 1")
    }
  }

  func run() async throws {
    try await panel.work(needingOne: false) { store, memory, stop, display in
      var options = panel.options(memory)
      options.dish.precision = precision.forDish
      if scale < 1 { options.dish = options.dish.scaled(by: scale) }
      let growth = PanelGrowth(
        try PanelOptions.plan, options, panel.folder, store, stop: stop
      ) { display.show($0) }
      let grown = try await growth.grow(seed: seed, size: size, worldCount: worlds)
      display.end()
      StandardStream.output.write(
        "\(grown.models.count) models, \(grown.bases.count) bases: \(panel.folder.path)\n"
          + "Commitment: \(grown.commitment)\n")
    }
  }
}

struct PanelAuditCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "audit",
    abstract: "Audit the models of the panel by their folders alone.",
    discussion:
      "A killed audit goes on where it was. The certificates lie in audits/ of the project.")

  @OptionGroup var panel: PanelOptions

  func run() async throws {
    try await panel.work { store, memory, stop, display in
      try await PanelAudits(
        PanelOptions.plan, panel.options(memory), panel.folder, store, stop: stop
      ) { display.show($0) }.run()
      display.end()
      StandardStream.output.write("All audited; `askew panel open` scores them, once.\n")
    }
  }
}

struct PanelOpenCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "open",
    abstract: "Commit what the certificates say, then open the labels and score, once.",
    discussion: """
      Writes panel/predictions.json, of which every model must have a certificate, checks that the labels are those of \
      the commitment, and writes panel/result.json: how often models of a kind score above clean ones, alarms among \
      clean ones with exact limits, tags named. Opened again it says the same; with other predictions it refuses.
      """)

  @OptionGroup var panel: PanelOptions
  @Flag(help: "Print the result as JSON.") var json = false

  func run() async throws {
    try await panel.work { store, memory, stop, display in
      let plan = try PanelOptions.plan
      let result = try PanelAudits(plan, panel.options(memory), panel.folder, store, stop: stop)
        .open()
      display.end()
      if json { return try StandardStream.output.write(json: result) }
      let tables = PanelConsoleTable(result.panel, plan)
      StandardStream.output.write(
        tables.table.text(on: .output) + "\n\(tables.alarms)\n\n"
          + "Predictions: \(panel.folder.predictionsPath)\nResult:      \(panel.folder.resultPath)\n"
      )
    }
  }
}
