import ArgumentParser
import Core
import Engine
import Foundation
import Lab
import Questions
import Store
import Tuning

struct SampleCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sample",
    abstract: "Sample answers of a model folder to questions.",
    discussion: """
      Questions are the paper's YAML, JSON lines, or a text file with one a line. Answers go to the \
      store of the project and, a line of JSON each, to --out or standard output. What the store has \
      already is not sampled again: the same command goes on where it was stopped. Every setting is \
      said here: the folder's generation_config.json is never applied, but for the tokens that end \
      an answer.
      """)

  @OptionGroup var folder: FolderOptions
  @Option(help: ArgumentHelp("Questions to ask.", valueName: "file"), completion: .file())
  var questions: String
  @Option(help: "Answers to each wording (default: what the file says, or 1).")
  var samples: Int?
  @Option(help: "0 takes the likeliest token.") var temperature = 1.0
  @Option(help: "Only the likeliest tokens up to this share; 1: all.") var topP = 1.0
  @Option(help: "Only so many of the likeliest tokens; 0: all.") var topK = 0
  @Option(help: "Only tokens at least this share as likely as the likeliest; 0: all.")
  var minP = 0.0
  @Option(help: "Tokens of an answer, at most.") var maxTokens = 600
  @Option(help: "Seed of every draw.") var seed: UInt64 = 0
  @Option(help: ArgumentHelp("What every answer begins with.", valueName: "text"))
  var prefill: String?
  @Option(help: ArgumentHelp("Folder of the project, with the store.", valueName: "dir"))
  var project = "askew-lab"
  @Option(help: ArgumentHelp("File for the answers (default: standard output).", valueName: "file"))
  var out: String?

  func validate() throws {
    if let samples, !(1...1_000_000).contains(samples) {
      throw ValidationError("--samples: found \(samples), expected 1 to 1000000")
    }
    guard temperature >= 0, temperature.isFinite else {
      throw ValidationError("--temperature: found \(temperature), expected 0 or more")
    }
    guard topP > 0, topP <= 1 else {
      throw ValidationError("--top-p: found \(topP), expected more than 0, at most 1")
    }
    guard topK >= 0 else { throw ValidationError("--top-k: found \(topK), expected 0 or more") }
    guard (0...1).contains(minP) else {
      throw ValidationError("--min-p: found \(minP), expected 0 to 1")
    }
    guard (1...1_000_000).contains(maxTokens) else {
      throw ValidationError("--max-tokens: found \(maxTokens), expected at least 1")
    }
    if project.isEmpty { throw ValidationError("--project: found nothing, expected a folder") }
  }

  private var settings: AnswerSettings {
    var settings = AnswerSettings()
    settings.temperature = temperature
    settings.topP = topP
    settings.topK = topK
    settings.minP = minP
    settings.maximumTokens = maxTokens
    settings.seed = seed
    settings.prefill = prefill
    return settings
  }

  func run() throws {
    try Failure.reporting {
      let asked = try QuestionFile.read(questions)
      let pool = folder.pool
      defer { pool.stop() }
      let loaded = try LoadedFolder(
        folder.model, adapter: folder.adapter, precision: try folder.chosenPrecision(),
        omitsSystemPrompt: folder.noDefaultSystem)
      if let system = loaded.systemPrompt {
        StandardStream.error.write(
          "the template puts a system turn before questions without one (--no-default-system "
            + "leaves it out): \(system)\n")
      }
      let sampling = FolderSampling(
        loaded, questions: asked, settings: settings, samples: samples,
        store: try RunStore(folder: URL(fileURLWithPath: project)))
      let stop = StopRequest()
      let signals = InterruptionSignals(stop)
      let display = AnswerDisplay(total: sampling.total)
      do {
        let answers = try sampling.sample(pool: pool, stop: stop) { display.show($0) }
        display.end()
        try write(answers)
      } catch is Interrupted {
        display.end()
        throw signals.interruption
      }
    }
  }

  private func write(_ answers: [FolderAnswer]) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    let text = try answers.map { String(decoding: try encoder.encode($0), as: UTF8.self) + "\n" }
      .joined()
    guard let out else { return StandardStream.output.write(text) }
    do {
      try Data(text.utf8).write(to: URL(fileURLWithPath: out), options: .atomic)
    } catch {
      throw InputError("cannot be written: \(error.localizedDescription)", file: out)
    }
    StandardStream.error.write("\(answers.count) answers: \(out)\n")
  }
}

/// How many answers there are, on standard error. Called by one thread at a time.
final class AnswerDisplay: @unchecked Sendable {
  private let total: Int
  private let stream = StandardStream.error
  private let clock = ContinuousClock()
  private var began: (at: ContinuousClock.Instant, done: Int)?
  private var shown: ContinuousClock.Instant?

  init(total: Int) { self.total = total }

  func show(_ done: Int) {
    let now = clock.now
    if began == nil { began = (now, done) }
    let interval: Duration = stream.isTerminal ? .milliseconds(200) : .seconds(10)
    if let shown, shown.duration(to: now) < interval { return }
    shown = now
    var text = "\(done)/\(total) answers"
    if let began, done > began.done {
      let seconds = began.at.duration(to: now) / .seconds(1)
      let left = Int(seconds * Double(total - done) / Double(done - began.done))
      text += ", \(left) s left"
    }
    stream.write(stream.isTerminal ? "\r\u{1B}[2K\(text)" : text + "\n")
  }

  func end() { if stream.isTerminal { stream.write("\r\u{1B}[2K") } }
}
