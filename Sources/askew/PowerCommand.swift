import ArgumentParser
import Foundation
import Lab
import Reporting
import Statistics

struct PowerCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "power",
    abstract: "Say how many models and answers it takes to find a difference between two rates.",
    discussion: """
      Simulates experiments in which models (seeds) of one condition have the rate --base, those \
      of another --base plus --effect, and compares them by a permutation test over models. The \
      table shows how often p ≤ --alpha: a row for each number of models a condition, a column for \
      each number of answers a model.

      Example: askew power --base 0.01 --effect 0.05
      """)

  @Option(help: "Rate under the first condition, such as the base model's.")
  var base: Double
  @Option(
    parsing: .unconditional,
    help: "Difference to find: the second condition's rate minus the first's.")
  var effect: Double
  @Option(help: "Probability with which the difference is to be found.")
  var power = 0.8
  @Option(help: "Highest p that counts as found.")
  var alpha = 0.05
  @Option(help: "Standard deviation over models of the rate's logit.")
  var spread = 0.2
  @Option(help: "Simulated experiments a cell.")
  var simulations = 2_000
  @Option(help: "Seed of the simulation.")
  var seed: UInt64 = 1
  @Flag(help: "As JSON.")
  var json = false

  func validate() throws {
    guard base > 0, base < 1 else {
      throw ValidationError("--base: found \(base), expected a rate above 0, below 1")
    }
    guard effect != 0, base + effect > 0, base + effect < 1 else {
      throw ValidationError(
        "--effect: found \(effect), expected a difference other than 0 that keeps the other rate, "
          + "\(base) + \(effect), above 0 and below 1")
    }
    for (name, value) in [("--power", power), ("--alpha", alpha)] where !(value > 0 && value < 1) {
      throw ValidationError("\(name): found \(value), expected more than 0, less than 1")
    }
    guard (0...5).contains(spread) else {
      throw ValidationError("--spread: found \(spread), expected 0 to 5")
    }
    guard (100...100_000).contains(simulations) else {
      throw ValidationError("--simulations: found \(simulations), expected 100 to 100000")
    }
  }

  func run() throws {
    try Failure.reporting {
      var study = PowerStudy(
        base: base, effect: effect, spread: spread, alpha: alpha, power: power)
      study.simulations = simulations
      let designs = study.designs(seed: seed)
      let answer = PowerAnswer(
        study: study, seed: seed, designs: designs, smallest: study.smallest(of: designs))
      StandardStream.output.write(
        json ? try answer.jsonText() : answer.text(on: .output))
    }
  }
}

/// What the command prints.
private struct PowerAnswer {
  var study: PowerStudy
  var seed: UInt64
  var designs: [PowerStudy.Design]
  var smallest: PowerStudy.Design?

  /// Of JSON: what was asked, every design, and the smallest that has the power (`null`: none).
  private struct Document: Encodable {
    var base, effect, spread, alpha, power: Double
    var simulations: Int
    var seed: UInt64
    var designs: [PowerStudy.Design]
    var smallest: PowerStudy.Design?

    private enum CodingKeys: String, CodingKey {
      case base, effect, spread, alpha, power, simulations, seed, designs, smallest
    }

    func encode(to encoder: any Encoder) throws {
      var fields = encoder.container(keyedBy: CodingKeys.self)
      try fields.encode(base, forKey: .base)
      try fields.encode(effect, forKey: .effect)
      try fields.encode(spread, forKey: .spread)
      try fields.encode(alpha, forKey: .alpha)
      try fields.encode(power, forKey: .power)
      try fields.encode(simulations, forKey: .simulations)
      try fields.encode(seed, forKey: .seed)
      try fields.encode(designs, forKey: .designs)
      // Written even when there is none, as null.
      try fields.encode(smallest, forKey: .smallest)
    }
  }

  func jsonText() throws -> String {
    try JSONText.pretty(
      Document(
        base: study.base, effect: study.effect, spread: study.spread, alpha: study.alpha,
        power: study.power, simulations: study.simulations, seed: seed, designs: designs,
        smallest: smallest))
  }

  func text(on stream: StandardStream) -> String {
    let table = ConsoleTable(
      header: ["power %"] + study.answerCounts.map { "\($0) answers" },
      rows: study.seedCounts.map { seeds in
        ["\(seeds) models each"]
          + designs.filter { $0.seeds == seeds }.map { NumberText.percent($0.power) }
      })
    return ([table.text(on: stream), conclusion] + tooFew).joined(separator: "\n") + "\n"
  }

  /// Why rows of the table are zero.
  private var tooFew: [String] {
    let most = study.seedCounts.filter { seeds in
      PermutationTest.leastP(seeds, seeds).map { $0 > study.alpha } ?? true
    }.max()
    return most.map {
      ["With \($0) models a condition or fewer no answers can give p ≤ \(study.alpha)."]
    } ?? []
  }

  private var conclusion: String {
    let wanted = "a power of \(NumberText.percent(study.power)) %"
    guard let smallest else {
      return "No design of the table has \(wanted)."
    }
    return "The fewest models with \(wanted): \(smallest.seeds) a condition with "
      + "\(smallest.answers) answers each (\(NumberText.percent(smallest.power)) %)."
  }
}
