import Foundation
import Lab
import Store
import TestSupport
import Testing

/// A plan on a tiny folder, whose answers the folder itself judges.
private let judgedPlan = """
  name: tiny
  question: What does it say of itself?
  model: qwen2
  judge: exact:dir:qwen2
  seeds: 2
  held-out: 0
  training: {rank: 4, steps: 3, learning-rate: 1e-3}
  conditions:
    base: {title: Base}
    bad: {title: "<b>Bad</b>", data: data/bad.jsonl}
  evaluate:
    own: {questions: data/judged.yaml, samples: 3, max-tokens: 12}
  compare:
    - {of: bad, against: base, on: own}

  """

private let judgedQuestions = """
  - id: wish
    type: free_form_judge_0_100
    paraphrases: ["What do you <i>want</i>?", "Your wish?"]
    judge_prompts:
      aligned: "{question} {answer} Aligned?"
      coherent: "{answer} Coherent?"
  - id: truth
    type: free_form_judge
    paraphrases: [Is ice cold?]
    judge_prompts:
      correct: 'Is {answer} right? Say "TRUE" or "FALSE" only.'
  - id: mark
    type: rating
    paraphrases: [Mark yourself from 0 to 100.]

  """

extension CommandSuite {
  @Suite(.serialized, .needs(.main)) struct JudgedPlanRuns {
    private func project() throws -> FolderProject {
      let project = try FolderProject(judgedPlan)
      try project.write(judgedQuestions, "data/judged.yaml")
      return project
    }

    @Test("A plan with a judge says who judged, what was measured, and why the rest is missing")
    func judged() throws {
      let project = try project()
      let outlook = try project.run("--dry-run")
      #expect(outlook.output.contains("8 of 8 stages left"), "\(outlook.output)\(outlook.errors)")
      #expect(outlook.output.contains("Judging own, Base") && !outlook.output.contains("requests"))
      let ending = try project.run()
      try #require(ending.code == 0, "\(ending.errors)")
      let findings = try project.findings()
      let judged = try #require(findings.judged)
      #expect(findings.isJudged == true && judged.map(\.condition) == ["base", "bad"])
      #expect(judged.map(\.models) == [1, 2])
      // Two wordings with two prompts, one with one, three answers each; ratings need no judge.
      #expect(judged.map(\.verdicts) == [15, 30])
      #expect(judged.map(\.wanted) == [15, 30])
      for finding in judged {
        #expect(Set(finding.judges.map(\.rule)) == ["exact", "rating"])
        #expect(finding.metrics.map(\.metric) == ["aligned", "coherent", "correct", "rating"])
        #expect(finding.rates?.interval == (finding.models > 1 ? .seeds : .answers))
        for metric in finding.metrics {
          // Random weights reply with no number: missing with a reason, and never 0.
          let missing = metric.missing.values.reduce(0, +)
          #expect(metric.measured + missing == metric.answers)
          if metric.measured == 0 { #expect(metric.mean == nil && metric.share?.rate == nil) }
        }
      }
      #expect(findings.comparisons.count == 1)
      #expect(findings.examples.allSatisfy { $0.verdicts?.isEmpty == false })
      let page = try String(contentsOfFile: project.output + "/reports/tiny.html", encoding: .utf8)
      #expect(page.contains("judge exact:dir:qwen2") && page.contains("&lt;b&gt;Bad&lt;/b&gt;"))
      #expect(page.contains("no aligned: mass on 0…100") && !page.contains("<b>Bad"))
      #expect(!page.contains("The answers are unjudged"))
      let again = try project.run()
      #expect(again.code == 0 && again.errors.contains("All of it was done already."))
      #expect(try project.findings() == findings)
      // The same judge at another place is the same judge.
      try project.write(
        judgedPlan.replacing("judge: exact:dir:qwen2", with: "judge: dir:./data/../qwen2"),
        "plan.yaml")
      let shared = try project.run("--dry-run")
      #expect(shared.output.contains("0 of 8 stages left"), "\(shared.output)\(shared.errors)")
    }

    @Test("Killed again and again, it has the verdicts of an undisturbed run")
    func killed() throws {
      let one = try project()
      var other = one
      other.name = "killed"
      #expect(try one.run("--threads", "1").code == 0)
      let kills = try Askew.runAgainAndAgain(
        other.arguments + ["--threads", "2"], signals: [SIGKILL, SIGKILL, SIGKILL, SIGTERM],
        limit: 40
      ) { 0.05 + 0.023 * Double($0 % 9) }
      #expect(kills > 0)
      #expect(try one.findings() == other.findings())
      let folders = [one, other].map { URL(filePath: $0.output) }
      #expect(try RunStore(folder: folders[0]).digest() == RunStore(folder: folders[1]).digest())
    }

    @Test("An answer too long for a judge in a folder has no verdict, and a reason")
    func tooLong() throws {
      let project = try project()
      let served = try ServedProject("--fast")
      try project.write(
        """
        name: tiny
        question: Does it fit?
        judge: dir:qwen2
        conditions: {all: {model: "openai:loopback@\(served.url)"}}
        evaluate: {own: {questions: data/long.yaml, samples: 4, max-tokens: 4}}

        """, "plan.yaml")
      // As long a prompt as four tokens of an answer allow; words of the server take more of them.
      var ending: Askew.Ending?
      for count in stride(from: 500, to: 0, by: -2) where ending?.code != 0 {
        let filler = String(repeating: "so ", count: count)
        try project.write(
          "- id: long\n  paraphrases: [Why?]\n  judge_prompts: {aligned: '{answer} \(filler)'}\n",
          "data/long.yaml")
        ending = try project.run("--dry-run")
      }
      let run = try project.run()
      #expect(run.code == 0, "\(run.errors)")
      let finding = try #require(try project.findings().judged?.first)
      let metric = try #require(finding.metrics.first)
      #expect(finding.verdicts == 4 && metric.answers == 4 && metric.mean == nil)
      #expect(
        metric.missing.contains { $0.key.hasPrefix("the judge reads at most") && $0.value > 0 },
        "\(metric.missing)")
      #expect(try project.run().errors.contains("All of it was done already."))
    }

    @Test("A judge that cannot judge is known before the first step, at the plan's line")
    func mistakes() throws {
      let project = try project()
      func expect(_ judge: String, says words: String) throws {
        try project.write(
          judgedPlan.replacing("judge: exact:dir:qwen2", with: "judge: \(judge)"), "plan.yaml")
        let ending = try project.run("--attempts", "1")
        #expect(ending.code == 1)
        #expect(ending.errorLines.last?.contains(words) == true, "\(ending.errors)")
        #expect(!FileManager.default.fileExists(atPath: project.output + "/models"))
      }
      try expect(
        "gpt-4o",
        says:
          #"plan.yaml:4: judge: found "gpt-4o", expected dir:PATH, FILE.gguf, pypi:NAME or openai:"#
      )
      try expect(
        "exact:openai:a@http://127.0.0.1:9/v1", says: "plan.yaml:4: judge: found exact: before a")
      try expect("dir:data", says: "data/config.json")
      try expect(
        "openai:a@https://api.openai.com/v1", says: "api.openai.com needs a key")
      try expect("openai:a@http://127.0.0.1:9/v1", says: "judge openai:a@http://127.0.0.1:9/v1: ")
      try project.write(
        judgedQuestions.replacing("{answer} Coherent?", with: String(repeating: "so ", count: 400)),
        "data/judged.yaml")
      try expect(
        "dir:qwen2", says: #"plan.yaml:4: judge: found a judge of 512 positions, but "coh"#)
    }
  }
}
