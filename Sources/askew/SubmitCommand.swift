import ArgumentParser
import Core
import Foundation
import Lab
import Plans
import Scheduling
import Store

struct SubmitCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "submit",
    abstract:
      "Have the stages of a plan done elsewhere: by Slurm, Kubernetes, SkyPilot, or commands of your own.",
    discussion: """
      Takes what was brought before, stores the plan's predictions, and hands over the stages that are missing as \
      job arrays with dependencies. Stages that are done, under way or waiting are not handed over again: the \
      same command any number of times, also after its shell was killed. The project's folder has to be the same \
      path on all machines; its store is opened by this one alone. Each task is an askew work; askew status says \
      how far it is, askew collect (also askew run and askew submit) takes what came. --on here and --on command \
      wait until all of it is done; --on kubernetes writes Indexed Jobs and a script that applies them, --on \
      skypilot a pipeline of managed jobs.
      """)

  @Argument(
    help: "The plan: a file, or the name of one that comes with Askew.",
    completion: .file(extensions: ["yaml"]))
  var plan: String
  @Option(
    help: "Who does the stages: slurm, kubernetes, skypilot, command (see --command) or here.")
  var on = StageExecutor.slurm
  @OptionGroup var task: TaskOptions
  @OptionGroup(title: "Slurm") var slurm: SlurmOptions
  @OptionGroup(title: "Kubernetes, SkyPilot") var cloud: CloudOptions
  @Option(
    help: ArgumentHelp(
      "With --on command: what a shell does for a stage; {work} is the command line that does it, {stage} its name.",
      valueName: "template"))
  var command: String?
  @Option(help: "With --on command and --on here: stages at a time.")
  var jobs = 1
  @Flag(help: "Print the arrays, and what they take; hand nothing over.")
  var dryRun = false
  @Option(help: "With --dry-run: what an hour of one task costs.")
  var price: Double?
  @Option(
    help: ArgumentHelp(
      "With --dry-run: CSV with what (cpu, gpu:h100, …), hour, currency and date.",
      valueName: "file"), completion: .file(extensions: ["csv"]))
  var prices: String?

  func validate() throws {
    try MadePlan.check(jobs, "jobs", 1...1024)
    try cloud.check(on)
    guard price == nil || prices == nil else {
      throw ValidationError("--prices: found it beside --price, expected one of them")
    }
    for (name, isGiven) in [("--price", price != nil), ("--prices", prices != nil)]
    where isGiven && !dryRun {
      throw ValidationError("\(name): found it without --dry-run")
    }
    if let price {
      guard price >= 0, price.isFinite else {
        throw ValidationError("--price: found \(price), expected a number of 0 or more")
      }
    }
    guard (on == .command) == (command != nil) else {
      throw ValidationError(
        on == .command
          ? "--command: found nothing, expected what does a stage, with {work} in it"
          : "--command: found it without --on command")
    }
    if let command, !command.contains("{work}") {
      throw ValidationError("--command: found no {work} in it, expected the place of the work")
    }
  }

  func run() async throws {
    try await Failure.reporting {
      let own = try task.read(plan)
      let stop = StopRequest()
      let signals = InterruptionSignals(stop)
      let display = ProgressDisplay()
      defer { display.end() }
      do {
        let project = task.project.folder
        let store = try RunStore(folder: project.url)
        CollectOutput(try project.collect(into: store), project).note(on: display)
        let experiment = try task.experiment(plan, own, store, stop) { display.show($0) }
        let submission = Submission(
          experiment, project.shared, work: task.work(plan), resources: slurm.resources)
        if dryRun { return try submission.write(price: try hour) }
        try experiment.storePredictions()
        switch on {
        case .slurm: try submission.bySlurm()
        case .kubernetes:
          try submission.forKubernetes(
            cloud.kubernetes(slurm.resources), to: cloud.out ?? "", project: project.url)
        case .skypilot:
          try submission.forSkyPilot(
            cloud.skypilot(slurm.resources), to: cloud.out ?? "", project: project.url)
        case .here: try submission.byCommand("{work}", jobs: jobs, stop)
        case .command: try submission.byCommand(command ?? "", jobs: jobs, stop)
        }
        guard on == .here || on == .command else { return }
        CollectOutput(try project.collect(into: store), project).note(on: display)
        try await CollectOutput.finish(experiment, display)
      } catch is Interrupted {
        display.end()
        throw signals.interruption
      }
    }
  }
}

extension SubmitCommand {
  /// Of a task, with its unit.
  private var hour: (hour: Double, unit: String)? {
    get throws {
      if let price { return (price, "") }
      guard let prices else { return nil }
      let own = try HourPrices(reading: prices).hour(slurm.resources)
      return (own.price, " \(own.currency) (\(own.date))")
    }
  }
}

/// Who does the stages of a plan.
enum StageExecutor: String, ExpressibleByArgument, CaseIterable {
  case here, slurm, kubernetes, skypilot, command

  /// Whether files are written for it.
  var isCloud: Bool { self == .kubernetes || self == .skypilot }
}

/// Where files for those who start machines are written, and what runs on these.
struct CloudOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp("A new folder for what is written.", valueName: "dir"),
    completion: .directory)
  var out: String?
  @Option(help: "The container image, with askew on its path.") var image: String?
  @Option(
    help: ArgumentHelp(
      "The volume claim, or SkyPilot's volume, that is mounted where the project is here.",
      valueName: "name"))
  var claim: String?

  func check(_ executor: StageExecutor) throws {
    for (name, value) in [("--out", out), ("--image", image), ("--claim", claim)] {
      if executor.isCloud, value?.isEmpty ?? true {
        throw ValidationError("\(name): found nothing, expected it with --on \(executor.rawValue)")
      }
      if !executor.isCloud, value != nil {
        throw ValidationError("\(name): found it without --on kubernetes or skypilot")
      }
    }
  }

  func skypilot(_ resources: SlurmResources) -> SkyPilotPipeline.Settings {
    SkyPilotPipeline.Settings(image: image ?? "", volume: claim ?? "", resources: resources)
  }

  func kubernetes(_ resources: SlurmResources) -> KubernetesSettings {
    KubernetesSettings(image: image ?? "", claim: claim ?? "", resources: resources)
  }
}

/// What jobs ask the cluster for.
struct SlurmOptions: ParsableArguments {
  @Option(help: "The partition.") var partition: String?
  @Option(help: "The account that pays.") var account: String?
  @Option(help: "Time limit of a task, as Slurm writes it (4:00:00).") var time: String?
  @Option(help: "Generic resources of a task (gpu:1).") var gres: String?
  @Option(help: "Memory of a task (32G).") var mem: String?
  @Option(help: "Processors of a task.") var cpus = 1
  @Option(help: "Tasks of one array that run at a time, at most.") var arrayLimit: Int?
  @Option(
    parsing: .singleValue,
    help: "A further option of sbatch (--sbatch=--qos=long); may be repeated.")
  var sbatch: [String] = []
  @Option(
    parsing: .singleValue,
    help: "A command before the work (--before 'module load cuda'); may be repeated.")
  var before: [String] = []
  @Option(help: "Seconds before the time limit at which a task is asked to stop.") var notice = 120
  @Option(help: "How often a task that was stopped begins again.") var requeues = 20
  @Option(help: "Tasks of one array, at most (MaxArraySize of the cluster).") var arraySize = 1000

  func validate() throws {
    try MadePlan.check(cpus, "cpus", 1...4096)
    if let arrayLimit { try MadePlan.check(arrayLimit, "array-limit", 1...1_000_000) }
    try MadePlan.check(notice, "notice", 1...86_400)
    try MadePlan.check(requeues, "requeues", 0...1000)
    try MadePlan.check(arraySize, "array-size", 1...4_000_000)
    let values = [partition, account, time, gres, mem].compactMap { $0 } + sbatch
    for value in values where value.contains(where: { $0.isNewline }) || value.isEmpty {
      throw ValidationError("found \"\(value.onOneLine)\", expected one line for sbatch")
    }
  }

  var resources: SlurmResources {
    var resources = SlurmResources()
    (resources.partition, resources.account, resources.time) = (partition, account, time)
    (resources.gres, resources.memory, resources.processors) = (gres, mem, cpus)
    (resources.arrayLimit, resources.options, resources.before) = (arrayLimit, sbatch, before)
    (resources.notice, resources.requeues, resources.longest) = (notice, requeues, arraySize)
    return resources
  }
}
