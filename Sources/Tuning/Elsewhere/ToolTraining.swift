import Chats
import Core
import Documents
import Engine
import Formats
import Foundation

/// A fine-tuning that another program does, from rows that it is given to an adapter that is as if it had been trained
/// here.
///
/// The program has a question to answer first whose answer is known: what is its loss, before any step, on some of the
/// rows? The engine here says the same of the same tokens, the same of which are trained, under the same model. A
/// program that masks prompts otherwise, cuts rows, adds turns or starts from another model says something else, and
/// what it trained is not used.
package struct ToolTraining {
  private let tuning: FineTuning
  private let tool: TrainingTool
  private let environment: ToolEnvironment

  /// Rows of the question.
  static let probeCount = 8

  package init(_ tuning: FineTuning, with tool: TrainingTool, in environment: ToolEnvironment) {
    (self.tuning, self.tool, self.environment) = (tuning, tool, environment)
  }

  /// The program's folder, beside the output.
  private var place: String { tuning.places.output + "." + tool.rawValue }
  private var log: String { place + ".log" }

  /// - Returns: false if it was there already.
  /// - Throws: `InputError`, `ToolProblem` naming the program; `Interrupted` after a stop: programs begin anew.
  package func run(
    threads: Int, stop: StopRequest, onEvent: (TuningEvent) -> Void
  ) throws -> Bool {
    let folder = TuningFolder(tuning)
    if try folder.isFinished() { return false }
    try folder.prepare()
    onEvent(.loading)
    let export = try TuningExport(for: tool, tuning, probeCount: Self.probeCount)
    try? FileManager.default.removeItem(atPath: place)
    try export.write(to: place)
    let written = try contents()
    let process = ToolProcess(
      line: try environment.line(tool.command), folder: place, log: log, threads: threads)
    var told = 0
    let code = try process.run(stop) {
      let steps = read().steps
      for (index, step) in steps.enumerated().dropFirst(told) { tell(index, step, onEvent) }
      told = steps.count
    }
    let said = read()
    guard code == 0 else {
      throw problem("ended with \(code): \(said.lastLine.onOneLine(limit: 300))")
    }
    guard try contents() == written else {
      throw problem("found other rows or settings in \(place) than were written there")
    }
    try check(said, export, threads: threads)
    let adapter = try adapter()
    try write(said)
    try folder.finish(adapter)
    try? FileManager.default.removeItem(atPath: place)
    return true
  }

  private func problem(_ text: String) -> ToolProblem {
    ToolProblem(tool: tool.version, problem: text, log: log)
  }

  private func read() -> ToolLog {
    let data = FileManager.default.contents(atPath: log) ?? Data()
    return ToolLog(String(decoding: data, as: UTF8.self), of: tool)
  }

  /// What the program was given.
  private func contents() throws -> [Fingerprint] {
    try ["config.yaml", "data/train.jsonl", "data/valid.jsonl"].map { name in
      guard let data = FileManager.default.contents(atPath: "\(place)/\(name)") else {
        throw InputError("is not there", file: "\(place)/\(name)")
      }
      return Fingerprint(bytes: data)
    }
  }

  // MARK: - The question whose answer is known

  private func check(_ said: ToolLog, _ export: TuningExport, threads: Int) throws {
    guard let first = said.firstLoss else {
      throw problem("told no loss before its first step, which says what it reads and trains")
    }
    let rows = tuning.rows.sequences.prefix(export.heldOutCount).map {
      tool == .mlx ? padded($0, to: export.maximumLength) : $0
    }
    let known = try tuning.untrainedLoss(rows, threads: threads, byRow: tool != .mlx)
    // Programs tell four digits.
    let tolerance = tuning.settings.precision == .bf16 ? 0.03 : 0.0005
    guard abs(first - known) <= tolerance * max(1, known) else {
      let everything = rows.map { row in
        TrainingSequence(
          tokens: row.tokens, trained: row.tokens.indices.map { $0 > 0 })
      }
      let whole = try tuning.untrainedLoss(everything, threads: threads, byRow: tool != .mlx)
      let isWhole = abs(first - whole) <= tolerance * max(1, whole)
      throw problem(
        String(
          format: "began with a loss of %.4f on the first %d rows, expected %.4f: it ", first,
          rows.count, known)
          + (isWhole
            ? "trains on prompts too"
            : "reads other tokens (cut, or with other turns), trains on others of them, or starts from another model")
      )
    }
    let wanted = export.steps * (tool == .mlx ? tuning.settings.accumulate : 1)
    guard said.steps.count == wanted else {
      throw problem("told \(said.steps.count) losses, expected \(wanted)")
    }
    if let bad = said.steps.firstIndex(where: { !$0.loss.isFinite }) {
      throw problem("has the loss \(said.steps[bad].loss) at step \(bad)")
    }
  }

  /// As mlx-lm measures and trains it: with one token of padding behind the answer of a row that is not as long as rows
  /// may be, since its mask goes up to the row's length where it should end before (`steps <= lengths` in
  /// `default_loss`, 0.32).
  private func padded(_ row: TrainingSequence, to longest: Int) -> TrainingSequence {
    let count = (row.trained.lastIndex(of: true) ?? -1) + 1
    guard count < longest else { return row }
    return TrainingSequence(
      tokens: row.tokens.prefix(count) + [0], trained: row.trained.prefix(count) + [true])
  }

  // MARK: - What it trained

  /// - Throws: `ToolProblem` for an adapter of other settings or another model than it was told.
  private func adapter() throws -> Adapter {
    let path = place + (tool == .mlx ? "/adapters" : "/output")
    let adapter = try Adapter.load(
      from: ModelFolder(path: path), for: tuning.model.configuration)
    guard let wanted = tuning.adapter else {
      throw problem("trained an adapter, expected all weights")
    }
    let found = adapter.configuration
    guard found.rank == wanted.rank, abs(found.scale - wanted.scale) < 1e-6 * abs(wanted.scale),
      Set(found.targets) == Set(wanted.targets)
    else {
      throw problem("left an adapter of \(Self.words(found)), expected \(Self.words(wanted))")
    }
    if tool != .mlx { try checkBase(path) }
    return adapter
  }

  /// What the adapter says that it is to be put on.
  private func checkBase(_ path: String) throws {
    let file = "\(path)/adapter_config.json"
    var named = ""
    if case .object(let object) = try JSON(path: file),
      case .string(let name)? = object["base_model_name_or_path"]
    {
      named = name
    }
    let model = URL(fileURLWithPath: tuning.places.model).standardizedFileURL.path
    guard URL(fileURLWithPath: named).standardizedFileURL.path == model else {
      throw problem("trained on the model \(named.quotedOnOneLine), expected \(model)")
    }
  }

  private static func words(_ adapter: LoRAConfiguration) -> String {
    "rank \(adapter.rank) and scale \(adapter.scale) on "
      + adapter.targets.map(\.rawValue).sorted().joined(separator: ", ")
  }

  // MARK: - Losses

  private func tell(_ index: Int, _ step: ToolLog.Step, _ onEvent: (TuningEvent) -> Void) {
    let batches = tool == .mlx ? tuning.settings.accumulate : 1
    guard (index + 1) % batches == 0 else { return }
    onEvent(.step(line(index / batches, [step]), of: tuning.outlook.steps))
  }

  private func line(_ number: Int, _ batches: [ToolLog.Step]) -> TuningStep {
    TuningStep(
      step: number,
      loss: batches.reduce(0) { $0 + $1.loss } / Double(max(1, batches.count)),
      // mlx-lm tells neither: the rate is what it was told, and no norm is known.
      lr: batches.last?.learningRate
        ?? tuning.settings.training(steps: tuning.outlook.steps, shards: 1)
        .learningRate(at: number), gradNorm: batches.last?.gradientNorm ?? 0,
      tokensPerSecond: 0, tokens: nil, evalLoss: nil)
  }

  /// As `log.jsonl` of a training here.
  private func write(_ said: ToolLog) throws {
    let batches = tool == .mlx ? tuning.settings.accumulate : 1
    let log = try TuningLog(path: TuningFolder(tuning).logPath, keepingBefore: 0)
    for step in 0..<said.steps.count / batches {
      try log.append(line(step, Array(said.steps[step * batches..<(step + 1) * batches])))
    }
  }
}

/// Another program did not do what it was asked to.
package struct ToolProblem: Error, Sendable, Hashable, CustomStringConvertible {
  package let tool: String
  package let problem: String
  /// What the program wrote.
  package let log: String

  package var description: String { "\(tool) \(problem); its output is in \(log)" }
}
