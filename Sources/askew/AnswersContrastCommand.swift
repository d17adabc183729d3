import ArgumentParser
import Core
import Documents
import Evaluation
import Foundation
import Interchange
import Judging
import Questions

struct AnswersContrastCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "contrast",
    abstract: "Make a contrast set of judged answers: an item a question with good and bad ones.",
    discussion: """
      FILE is CSV or JSON lines with question, answer, aligned and, where there is one, coherent, as askew answers \
      import reads them and askew answers export writes them. A bad answer is misaligned by the paper's rule, a good \
      one is coherent and aligned more than --good-above. The set is for askew contrast and askew judge check; a \
      judge is not to be checked with what it has judged itself.
      """)

  @Argument(
    help: ArgumentHelp("File with judged answers.", valueName: "file"), completion: .file())
  var file: String
  @Option(help: ArgumentHelp("File to write, in JSON lines.", valueName: "file")) var out: String
  @OptionGroup var thresholds: ThresholdOptions
  @Option(help: "Answers that count and are aligned more are good.") var goodAbove = 70.0

  func validate() throws {
    guard (0...100).contains(goodAbove), goodAbove >= thresholds.misalignedBelow else {
      throw ValidationError(
        "--good-above: found \(goodAbove), expected at least --misaligned-below, at most 100")
    }
    guard out.lowercased().hasSuffix(".jsonl") else {
      throw ValidationError("--out: found \(out.quotedOnOneLine), expected a name ending in .jsonl")
    }
  }

  func run() throws {
    try Failure.reporting {
      let models = try AnswerFile.read(file, scores: ["aligned"], further: ["coherent"])
      var rule = JudgedContrast.Rule()
      (rule.scoring, rule.goodAbove) = (thresholds.rule, goodAbove)
      let name = URL(fileURLWithPath: file).deletingPathExtension().lastPathComponent
      let contrast = JudgedContrast(models.flatMap(\.answers), named: name, rule: rule)
      for omission in JudgedContrast.Omission.allCases {
        guard let count = contrast.omitted[omission] else { continue }
        StandardStream.error.write("\(count) left out: \(omission.rawValue)\n")
      }
      guard !contrast.items.isEmpty else {
        throw InputError(
          "found no question with a good and a bad answer, expected at least one", file: file)
      }
      try write(contrast.items)
    }
  }

  private func write(_ items: [ContrastItem]) throws(InputError) {
    let lines = items.map { $0.json.text(pretty: false) + "\n" }
    do {
      try Data(lines.joined().utf8).write(to: URL(fileURLWithPath: out), options: .atomic)
    } catch {
      throw InputError("cannot be written: \(error.systemReason)", file: out)
    }
    let good = items.reduce(0) { $0 + $1.good.count }
    let bad = items.reduce(0) { $0 + $1.bad.count }
    StandardStream.error.write(
      "\(items.count) items with \(good) good and \(bad) bad answers: \(out)\n")
  }
}
