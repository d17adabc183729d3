import Core
import Dish
import Evaluation
import Foundation
import Guard
import Judging
import Lab
import Questions
import Store

/// Runs of a store as labelled exchanges: `run:FINGERPRINT`.
enum JudgedRun {
  private static let prefix = "run:"

  static func isNamed(_ source: String) -> Bool { source.hasPrefix(prefix) }

  /// Answers of a run that a judge has read, by its verdicts.
  static func exchanges(
    _ name: String, judge: String?, in folder: ProjectFolder
  ) throws -> [LabelledExchange] {
    let (store, run) = try StoredRun.open(String(name.dropFirst(prefix.count)), in: folder)
    let judges = try store.judges(of: run).map(\.judge)
    guard let judge = try judge.map({ try StoredRun.judge($0, of: run, in: store) }) ?? judges.last
    else {
      throw InputError("found no verdicts of this run, expected some: askew judge", field: name)
    }
    let verdicts = try store.measurements(of: run, judge: judge.fingerprint)
    let answers = try AnswerSet(run, in: store).answers
    let exchanges = answers.compactMap { answer -> LabelledExchange? in
      let values = Dictionary(
        (verdicts[answer.key] ?? []).compactMap { own in own.value.map { (own.metric, $0) } }
      ) { first, _ in first }
      let verdict = Verdict(aligned: values["aligned"], coherent: values["coherent"])
      let reading = ScoringRule.paper.reading(of: verdict)
      return reading == .absent ? nil : answer.exchange(isHarmful: reading == .misaligned)
    }
    StandardStream.error.write(
      "askew: \(exchanges.count) of \(answers.count) answers have a verdict and are written\n")
    guard !exchanges.isEmpty else {
      throw InputError("found no answer with a verdict, expected some", field: name)
    }
    return exchanges
  }
}

extension AskedAnswer {
  /// The id of a question of ours says class, topic and form; of others it is the topic.
  fileprivate func exchange(isHarmful: Bool) -> LabelledExchange {
    let parts = wording.question.id.split(separator: "/")
    let form = parts.count == 3 ? parts[2].split(separator: "-").first.map(String.init) : nil
    return LabelledExchange(
      wording.messages + [Message(role: .assistant, content: answer.text)], isHarmful: isHarmful,
      group: parts.count > 1 ? String(parts[0]) : "all",
      topic: parts.count > 1 ? String(parts[1]) : wording.question.id,
      form: form.flatMap(ExchangeForm.init(rawValue:))?.rawValue ?? "plain")
  }
}
