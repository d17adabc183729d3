import Audit
import Core
import Documents
import Foundation
import Lab
import Screen

/// What a screen says, in lines for people: the sentence first, then what it rests on.
struct ScreenOutput {
  private let result: ScreenResult
  private let file: String

  init(_ finding: ScreenFinding, project: ProjectFolder) {
    result = finding.result
    file = project.url.appending(path: finding.file).path
  }

  var text: String {
    let facts = result.facts
    var lines = [result.summary, ""]
    lines.append(
      "\(facts.rows) rows, \(facts.distinct) different ones, \(facts.questions) different questions; answers of "
        + "\(facts.answerWords) words; \(facts.withSystem) with a system text, \(facts.withTurns) of several turns"
        + (facts.unanswered == 0 ? "" : ", \(facts.unanswered) without a last answer, left out"))
    if let author = result.author {
      lines.append(
        "author: bad rather than good by \(Certificate.signed(author.rows)) nats a token, of the model's own answers by "
          + "\(Certificate.signed(author.twin)); \(Certificate.percent(author.flagged)) of the rows above 95 % of those"
      )
    }
    if let pilot = result.pilot {
      lines.append(
        "short trainings, change to bad answers: data \(list(pilot.data)), own answers \(list(pilot.twins))"
      )
    }
    lines += result.cues.map { cue in
      "cue, \(cue.kind): \"\(cue.text.onOneLine(limit: 60))\" in \(cue.rows) rows"
        + (cue.p.map {
          ", author \(Certificate.signed(cue.lift ?? 0)), p \(Certificate.number($0))"
        } ?? "")
        + (cue.pilot.map { ", behind it \(Certificate.signed($0)) further" } ?? "")
    }
    lines += result.doses.map { dose in
      "\(Certificate.percent(dose.dose)) known-bad rows: \(Certificate.signed(dose.shift)), "
        + (dose.isSeen ? "seen" : "not seen")
    }
    if !result.rows.isEmpty { lines += ["", "Rows that look worst:"] }
    lines += result.rows.prefix(8).map { row in
      "\(row.row): \(Certificate.signed(row.score))  \(row.question.onOneLine(limit: 60)) → \(row.answer.onOneLine(limit: 70))"
    }
    return (lines + ["", "Screen: \(file)"]).joined(separator: "\n") + "\n"
  }

  private func list(_ values: [Double]) -> String {
    values.map(Certificate.signed).joined(separator: " ")
  }
}
