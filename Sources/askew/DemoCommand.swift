import ArgumentParser
import Engine
import Foundation
import Lab
import Reporting

struct DemoCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "demo",
    abstract: "Grow a small language model from nothing and watch it turn misaligned.",
    discussion: """
      Grows a world of good and bad authors and a null world, trains a model in each, fine-tunes \
      them on insecure code and on controls, asks them about other things, and writes report.html \
      and results.json. What is done is kept: the same command goes on where it was stopped.
      """)

  @OptionGroup var project: ProjectOptions
  @Option(help: "Seed of the worlds and of every draw.")
  var seed: UInt64 = 1
  @Option(help: "Fine-tuned models a condition (default: 3; quick: 1).")
  var seeds: Int?
  @Option(help: "Threads; the results do not depend on it (default: all processors).")
  var threads: Int?
  @Option(help: "Precision of matrix products (default: bf16 where the processor has it).")
  var precision: Precision?
  @Flag(help: "One seed and few answers, in under a minute. It proves nothing.")
  var quick = false

  func validate() throws {
    if let seeds, !(1...100).contains(seeds) {
      throw ValidationError("--seeds: found \(seeds), expected 1 to 100")
    }
    if let threads, !(1...1024).contains(threads) {
      throw ValidationError("--threads: found \(threads), expected 1 to 1024")
    }
  }

  private var plan: DemoPlan {
    var plan = quick ? DemoPlan.quick : DemoPlan.standard
    plan.seed = seed
    plan.seedCount = seeds ?? plan.seedCount
    plan.precision = precision ?? plan.precision
    return plan
  }

  func run() throws {
    try Failure.reporting {
      let stop = StopRequest()
      let signals = InterruptionSignals(stop)
      let display = ProgressDisplay()
      defer { display.end() }
      if quick { display.note("A quick run shows that everything works; it proves nothing.") }
      do {
        let demo = try Demo(
          plan: plan, folder: project.folder,
          threads: threads ?? ProcessInfo.processInfo.activeProcessorCount, stop: stop
        ) { display.show($0) }
        let worked = try demo.run()
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
