import Core
import Engine
import Foundation
import Tuning

/// Shows a fine-tuning on standard error: what it will need, and how far it is.
final class TuningDisplay {
  private let tuning: FineTuning
  private let stream = StandardStream.error
  private let progress = ProgressDisplay()
  private let threads: Int
  private var last: TuningStep?

  init(_ tuning: FineTuning, threads: Int) {
    self.tuning = tuning
    self.threads = threads
  }

  /// By the matrix products alone, which take most of a large model's time.
  private var seconds: Double? {
    MatrixSpeed.measure(tuning.settings.precision, threads: threads).map {
      tuning.outlook.flops / $0
    }
  }

  private struct Outlook: Encodable {
    let steps, rows, cutRows, emptiedRows, tokensPerEpoch, trainedTokensPerEpoch, longestRow: Int
    let trainedParameters, parameters, memoryBytes: Int
    let recomputes: Bool
    let teraflops: Double
    let matrixSeconds: Double?
    let defaultSystemPrompt: String?
  }

  /// What will be done and needed, on standard output.
  func outlook(json: Bool) throws {
    guard json else { return StandardStream.output.write(words) }
    let o = tuning.outlook
    try StandardStream.output.write(
      json: Outlook(
        steps: o.steps, rows: o.rows, cutRows: o.cutCount, emptiedRows: o.emptiedCount,
        tokensPerEpoch: o.tokens, trainedTokensPerEpoch: o.trainedTokens, longestRow: o.longest,
        trainedParameters: o.trainedParameters, parameters: o.parameters,
        memoryBytes: o.memory.total, recomputes: o.recomputes, teraflops: o.flops / 1e12,
        matrixSeconds: seconds,
        defaultSystemPrompt: tuning.defaultSystemPrompt))
  }

  func tellOutlook() { stream.write(words) }

  private var words: String {
    let o = tuning.outlook
    var lines = [
      "\(o.rows) rows, \(o.tokens) tokens, \(o.trainedTokens) of them trained on; "
        + "the longest row has \(o.longest)"
    ]
    if o.cutCount > 0 {
      lines.append("\(o.cutCount) of \(o.rowCount) rows are cut to \(o.longest) tokens")
    }
    if o.emptiedCount > 0 {
      lines.append("\(o.emptiedCount) rows have no answer left once they are cut: left out")
    }
    if let prompt = tuning.defaultSystemPrompt {
      lines.append(
        "the template puts a system turn before conversations without one: "
          + "\(prompt.quotedOnOneLine(limit: 120)) (--no-default-system leaves it out)")
    }
    let share = 100 * Double(o.trainedParameters) / Double(max(1, o.parameters))
    lines.append(
      "\(o.steps) steps; \(o.trainedParameters) trained parameters, "
        + String(format: "%.2f %% of the model's %ld", share, o.parameters))
    let megabytes = Double(o.memory.total) / Double(1 << 20)
    lines.append(
      (megabytes < 1000
        ? String(format: "about %.0f MiB of memory", megabytes)
        : String(format: "about %.1f GiB of memory", megabytes / 1024))
        + (o.recomputes ? ", with blocks run again instead of kept" : "")
        + String(format: "; %.3g TFLOP in all", o.flops / 1e12)
        + (seconds.map { ", on this machine at least \(ProgressDisplay.duration($0))" } ?? ""))
    return lines.joined(separator: "\n") + "\n"
  }

  func show(_ event: TuningEvent) {
    switch event {
    case .loading: progress.note("reading the model")
    case .resumed(let step): progress.note("going on after step \(step) of \(tuning.outlook.steps)")
    case .evaluated(let step, let loss):
      progress.note("step \(step + 1): evaluation loss " + String(format: "%.4f", loss))
    case .step(let step, let count): draw(step, of: count)
    }
  }

  func end() { progress.end() }

  private struct Done: Encodable {
    let out: String
    let steps: Int
    let loss: Double?
    let worked: Bool
  }

  func finished(worked: Bool, json: Bool) throws {
    let out = tuning.places.output
    if json {
      return try StandardStream.output.write(
        json: Done(out: out, steps: tuning.outlook.steps, loss: last?.loss, worked: worked))
    }
    StandardStream.output.write((worked ? "Trained: " : "It was trained already: ") + out + "\n")
  }

  private func draw(_ step: TuningStep, of count: Int) {
    last = step
    progress.show(
      step.step + 1, of: count, "steps",
      details: String(format: ", loss %.4f, %.0f tokens/s", step.loss, step.tokensPerSecond))
  }
}
