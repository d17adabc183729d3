import Core
import ArgumentParser
import Engine
import Foundation
import Lab
import Reporting

struct DemoCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "demo",
    abstract: "Grow a small language model from nothing and watch it turn misaligned.",
    discussion: """
      Grows a world of good and bad authors and a null world, trains a model in each, fine-tunes \
      them on insecure code and on controls, asks them about other things, and writes report.html \
      and results.json. What is done is kept: the same command goes on where it was stopped.
      """)

  @OptionGroup var project: AliasedProjectOptions
  @Option(help: "Seed of the worlds and of every draw.")
  var seed: UInt64 = 1
  @Option(help: "Fine-tuned models a condition (default: 3; quick: 1).")
  var seeds: Int?
  @Option(help: "Threads; the results do not depend on it (default: all processors).")
  var threads: Int?
  @Option(help: PrecisionChoice.help)
  var precision = PrecisionChoice.auto
  @Flag(
    help: "One seed, short training, few answers, in under a minute: too little for the effect.")
  var quick = false

  @Option(
    help: ArgumentHelp(
      "Share of the plan's steps and answers to do; for tests of everything but the effect.",
      visibility: .hidden))
  var scale = 1.0
  @Option(
    help: ArgumentHelp("Seconds between the checkpoints of a training.", visibility: .hidden))
  var checkpointSeconds = 10.0

  func validate() throws {
    guard scale > 0, scale <= 1 else {
      throw ValidationError("--scale: found \(scale), expected more than 0, at most 1")
    }
    guard checkpointSeconds >= 0, checkpointSeconds.isFinite else {
      throw ValidationError("--checkpoint-seconds: found \(checkpointSeconds), expected at least 0")
    }
    if let seeds, !(1...100).contains(seeds) {
      throw ValidationError("--seeds: found \(seeds), expected 1 to 100")
    }
    if let threads, !(1...1024).contains(threads) {
      throw ValidationError("--threads: found \(threads), expected 1 to 1024")
    }
  }

  private var plan: DishPlan {
    var plan = quick ? DishPlan.quick : DishPlan.laboratory
    plan.seed = seed
    plan.seedCount = seeds ?? plan.seedCount
    plan.precision = precision.forDish
    return scale < 1 ? plan.scaled(by: scale) : plan
  }

  func run() async throws {
    try await Failure.reporting {
      let stop = StopRequest()
      let signals = InterruptionSignals(stop)
      let display = ProgressDisplay()
      defer { display.end() }
      if quick {
        display.note(
          "A quick run will not show the effect: its training is too short. It shows that all "
            + "works."
        )
      }
      do {
        let demo = try Demo(
          plan: plan, folder: project.folder,
          threads: threads ?? ProcessInfo.processInfo.activeProcessorCount,
          checkpointInterval: .seconds(checkpointSeconds), stop: stop
        ) { display.show($0) }
        let worked = try await demo.run()
        let record = try demo.record()
        display.end()
        if !worked { display.note("All of it was done already.") }
        try DemoOutput(record: record, folder: project.folder).write()
      } catch is Interrupted {
        display.end()
        throw signals.interruption
      }
    }
  }
}
