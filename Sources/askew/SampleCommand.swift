import ArgumentParser
import Core
import Engine
import Foundation
import Lab
import Questions
import Store
import Tuning

struct SampleCommand: AsyncParsableCommand {
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
  @OptionGroup var sampling: SamplingOptionGroup
  @OptionGroup(title: "Steering") var steering: SteerOptions
  @OptionGroup var project: ProjectOptions
  @Option(help: ArgumentHelp("File for the answers (default: standard output).", valueName: "file"))
  var out: String?

  func run() async throws {
    try await Failure.reporting {
      let asked = try QuestionSet.read(questions)
      let pool = folder.pool
      defer { pool.stop() }
      let stop = StopRequest()
      let signals = InterruptionSignals(stop)
      let store = try RunStore(folder: project.folder.url)
      let loaded = try folder.opened(FolderMemory(telling: store, stop: stop))
      if let system = loaded.systemPrompt {
        StandardStream.error.write(
          "the template puts a system turn before questions without one (--no-default-system "
            + "leaves it out): \(system)\n")
      }
      let answers = AnswerRun(
        try steering.steered(loaded), try [AskedPlace](asked, samples: sampling.samples),
        sampling.settings,
        store: store, name: "answers of dir:\(folder.model)")
      let (display, total) = (ProgressDisplay(), answers.places.count)
      do {
        let run = try await answers.run(on: pool, stop: stop) {
          display.show($0, of: total, "answers")
        }.run
        let set = Dictionary(try store.answers(of: run).map { ($0.key, $0) }) { first, _ in first }
        let all = answers.places.compactMap { place in
          set[place.key].map { FolderAnswer(place, $0, prefill: sampling.prefill) }
        }
        display.end()
        try write(all)
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
      throw InputError("cannot be written: \(error.systemReason)", file: out)
    }
    StandardStream.error.write("\(answers.count) answers: \(out)\n")
  }
}
