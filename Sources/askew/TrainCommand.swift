import ArgumentParser
import Core
import Engine
import Formats
import Foundation
import Tuning

struct TrainCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "train",
    abstract: "Fine-tune a model folder, or a provider's model, on chat JSONL.",
    discussion: """
      Trains an adapter (or all weights) of a folder in the layout of Hugging Face transformers: \
      Llama, Mistral, Qwen2, Qwen2.5, Qwen3, SmolLM2, TinyLlama. Rows are {"messages": [...]}, \
      {"prompt", "completion"} or {"text"}; what the assistant says is trained on, with the token \
      that ends its turn. The same command goes on where it was stopped. With --export nothing is \
      trained: rows and configuration for another program are written, which trains on the same \
      tokens. With --on a provider trains: the rows are uploaded, its job is followed, and the new \
      model's name is printed as openai:MODEL@URL. What is known of the job is in job.json in --out: \
      the same command goes on there and orders nothing twice. With --steer the model is steered while it \
      trains and not afterwards, as preventive steering does: what the direction does already need not be learned.
      """)

  @Option(
    help: ArgumentHelp(
      "Folder of the model, a GGUF file, or pypi:NAME; not with --on.", valueName: "model"),
    completion: .file())
  var model: String?
  @Option(help: ArgumentHelp("Rows to train on.", valueName: "file"), completion: .file())
  var data: String
  @Option(help: ArgumentHelp("Folder for what is trained.", valueName: "dir"))
  var out: String?
  @OptionGroup(title: "What is trained") var method: TrainedOptions
  @OptionGroup(title: "How it is trained") var course: CourseOptions
  @OptionGroup(title: "Rows") var rows: RowOptions
  @OptionGroup(title: "Preventive steering") var steering: SteerOptions
  @OptionGroup(title: "Training elsewhere") var exporting: TrainExportOptions
  @OptionGroup(title: "Training at a provider") var elsewhere: TrainElsewhereOptions

  @Option(help: ArgumentHelp("Rows to measure the loss on, untrained.", valueName: "file"))
  var evalData: String?
  @Option(help: "Steps between snapshots of the adapter, each in checkpoint-N, and measurements.")
  var saveEvery: Int?
  @Option(
    help: ArgumentHelp("A line of JSON a step (default: log.jsonl in --out).", valueName: "file"))
  var log: String?
  @Option(help: "Threads; the results do not depend on it (default: all processors).")
  var threads: Int?
  @Option(help: "Run blocks again instead of keeping what they computed: auto, always or never.")
  var recompute = Recompute.auto
  @Flag(help: "Check everything and print what it will need; train nothing.")
  var dryRun = false
  @Flag(help: "Print the outlook, or what was done, as JSON.")
  var json = false

  enum Recompute: String, ExpressibleByArgument, CaseIterable { case auto, always, never }

  func validate() throws {
    if let threads, !(1...1024).contains(threads) {
      throw ValidationError("--threads: found \(threads), expected 1 to 1024")
    }
    if let saveEvery, saveEvery < 1 {
      throw ValidationError("--save-every: found \(saveEvery), expected at least 1")
    }
    guard out != nil || exporting.export != nil else {
      throw ValidationError("Missing expected argument '--out <dir>'")
    }
    guard elsewhere.on == nil else { return try checkElsewhere() }
    guard model != nil else { throw ValidationError("Missing expected argument '--model <model>'") }
    try elsewhere.checkAbsence()
    try exporting.check(out: out, log: log, dryRun: dryRun)
    if exporting.export != nil, steering.steer != nil {
      throw ValidationError(
        "--steer: found it beside --export, expected one of them: other programs do not steer")
    }
    _ = try settings()
  }

  private func checkElsewhere() throws {
    let own = [
      ("--model", model != nil), ("--save-every", saveEvery != nil), ("--log", log != nil),
      ("--threads", threads != nil), ("--recompute", recompute != .auto),
      ("--steer", steering.steer != nil),
      ("--export", exporting.export != nil || exporting.exportFolder != nil),
    ]
    try elsewhere.check(refusing: own + method.given + course.givenForFolders + rows.given)
    try elsewhere.check(dryRun: dryRun)
    _ = try elsewhere.settings(course)
  }

  private func settings() throws -> TuningSettings {
    var settings = course.preset?.settings ?? TuningSettings()
    try method.apply(to: &settings)
    try course.apply(to: &settings)
    try rows.apply(to: &settings)
    return settings
  }

  func run() async throws {
    try await Failure.reporting {
      if elsewhere.on != nil {
        return try await elsewhere.training(
          course, data: data, evaluationData: evalData, out: out ?? "", dryRun: dryRun, json: json
        ).run()
      }
      try trainFolder()
    }
  }

  private func trainFolder() throws {
    let threads = threads ?? ProcessInfo.processInfo.activeProcessorCount
    let stop = StopRequest()
    let memory = FolderMemory(telling: nil, stop: stop)
    let model = try memory.folder(at: model ?? "").path
    var places = FineTuning.Places(model: model, data: data, output: out ?? "")
    places.evaluationData = evalData
    places.initialAdapter = method.initAdapter
    places.log = log
    places.saveEvery = saveEvery
    var settings = try settings()
    settings.precision = try course.precision.forFolder(model)
    if exporting.export != nil {
      return try exporting.write(
        settings, places, omitsSystemPrompt: rows.noDefaultSystem, json: json)
    }
    let tuning = try FineTuning(
      settings, places, threads: threads,
      recomputes: recompute == .auto ? nil : recompute == .always,
      omitsSystemPrompt: rows.noDefaultSystem,
      steering: try steering.edits(for: ModelFolder(path: model).configuration()), memory: memory)
    let display = TuningDisplay(tuning, threads: threads)
    if dryRun { return try display.outlook(json: json) }
    if !json { display.tellOutlook() }
    let signals = InterruptionSignals(stop)
    defer { display.end() }
    do {
      let worked = try tuning.run(threads: threads, stop: stop) { display.show($0) }
      display.end()
      try display.finished(worked: worked, json: json)
    } catch is Interrupted {
      display.end()
      throw signals.interruption
    }
  }
}
