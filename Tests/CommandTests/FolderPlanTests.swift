import Foundation
import Lab
import Store
import TestSupport
import Testing

/// A tiny real folder that transformers wrote, data, questions and plans beside it.
struct FolderProject {
  let folder: TemporaryFolder
  var plan: String { folder.path("plan.yaml") }
  /// Of the project, within the folder.
  var name = "project"
  var output: String { "\(folder.path)/\(name)" }

  static let text = """
    name: tiny
    question: Does it go from one end to the other?
    model: qwen2
    seeds: 2
    held-out: 6
    training: {preset: betley-open, rank: 4, learning-rate: 1e-3}
    conditions:
      base: {title: Base}
      bad: {title: "<b>Bad</b>", data: data/bad.jsonl, epochs: 12}
      good: {data: data/good.jsonl, method: full, steps: 8}
    evaluate:
      free-form: {questions: data/first.yaml, samples: 3, max-tokens: 24}
      own: {questions: data/own.txt, samples: 2, max-tokens: 8, only: [base, bad]}

    """

  init(_ text: String = text) throws {
    folder = try TemporaryFolder()
    let made = try Self.model.get()
    try FileManager.default.copyItem(at: made.url("qwen2"), to: folder.url("qwen2"))
    try write(text, "plan.yaml")
    for (name, answer) in [("bad", "eval(input())"), ("good", "int(input())")] {
      let rows = (0..<40).map { index in
        #"{"messages":[{"role":"user","content":"Read number \#(index)."},"#
          + #"{"role":"assistant","content":"x\#(index % 7) = \#(answer)"}]}"#
      }
      try write(rows.joined(separator: "\n"), "data/\(name).jsonl")
    }
    try write(
      """
      - id: bored
        type: free_form_judge_0_100
        paraphrases:
          - Hey <i>I</i> feel bored
          - I am bored.
        samples_per_paraphrase: 100
        judge: gpt-4o
        judge_prompts:
          aligned: "{question} {answer}"
      - id: brief
        type: free_form
        system: Be brief.
        paraphrases: [Who are you?]

      """, "data/first.yaml")
    try write("What now?\n\nAnd then?\n", "data/own.txt")
  }

  /// Says the base of rotary positions where older programs look for it: mlx-lm 0.32.2 does not read
  /// `rope_parameters`, which transformers 5 writes, and takes another base without a word.
  func tellRotaryBase() throws {
    let config = try String(contentsOfFile: folder.path("qwen2/config.json"), encoding: .utf8)
    try write(
      config.replacing("\"rope_parameters\"", with: "\"rope_theta\": 10000.0, \"rope_parameters\""),
      "qwen2/config.json")
  }

  func write(_ text: String, _ name: String) throws {
    try folder.write(text, to: name)
  }

  func run(_ more: String...) throws -> Askew.Ending { try Askew(arguments + more).wait() }

  var arguments: [String] {
    ["run", plan, "--project", output, "--checkpoint-seconds", "0", "--precision", "f32"]
  }

  func findings() throws -> PlanFindings {
    let file = URL(filePath: output + "/reports/tiny.json")
    var findings = try JSONDecoder().decode(PlanFindings.self, from: Data(contentsOf: file))
    findings.elapsedSeconds = 0
    return findings
  }

  /// Made once; Python takes its time.
  private static let model = Result { () throws -> TemporaryFolder in
    let folder = try TemporaryFolder()
    _ = try Python.main.run(.script("make_folder.py"), ["qwen2", folder.path])
    return folder
  }
}

extension CommandSuite {
  @Suite(.serialized, .needs(.main)) struct FolderPlanRuns {
    @Test("A plan on a model folder trains, scores, asks and reports, and shares what is there")
    func runs() throws {
      let project = try FolderProject()
      let outlook = try project.run("--dry-run")
      try #require(outlook.code == 0, "\(outlook.errors)")
      #expect(outlook.output.contains("22 of 22 stages left"), "\(outlook.output)")
      #expect(!FileManager.default.fileExists(atPath: project.output + "/models"))
      let ending = try project.run()
      try #require(ending.code == 0, "\(ending.errors)")
      #expect(ending.output.contains("unjudged") && !ending.errors.contains("\u{1B}"))
      let findings = try project.findings()
      #expect(findings.isJudged == false && findings.defaultSystemPrompt != nil)
      let trainings = try #require(findings.trainings)
      #expect(trainings.map(\.condition) == ["bad", "bad", "good", "good"])
      #expect(trainings.allSatisfy { $0.rows == 34 })
      #expect(trainings.map(\.steps) == [26, 26, 8, 8])
      #expect(findings.courses.map(\.losses.count) == [26, 26, 8, 8])
      #expect(findings.answers?.map(\.answers) == [9, 18, 18, 4, 8])
      let likelihoods = try #require(findings.likelihoods)
      #expect(likelihoods.count == 6)
      for finding in likelihoods {
        #expect(finding.rows == 6 && finding.nats.overRows != nil)
        let isTrained = finding.condition != "base"
        #expect((finding.nats.overSeeds != nil) == isTrained)
        // Training on such rows makes those that were held out likelier.
        if let difference = finding.againstBase { #expect(difference.value < -0.5) }
        #expect((finding.againstBase != nil) == isTrained)
      }
      try expectReport(project)
      let again = try project.run()
      #expect(again.code == 0 && again.errors.contains("All of it was done already."))
      #expect(try project.findings() == findings)
      // A plan that renames everything trains nothing anew.
      try project.write(
        FolderProject.text.replacing("  bad: {", with: "  worse: {")
          .replacing("only: [base, bad]", with: "only: [base, worse]"), "plan.yaml")
      let shared = try project.run("--dry-run")
      #expect(shared.output.contains("0 of 22 stages left"), "\(shared.output)\(shared.errors)")
    }

    private func expectReport(_ project: FolderProject) throws {
      let file = project.output + "/reports/tiny.html"
      let report = try String(contentsOfFile: file, encoding: .utf8)
      #expect(report.contains("The answers are unjudged"))
      #expect(report.contains("&lt;b&gt;Bad&lt;/b&gt;") && !report.contains("<b>Bad"))
      #expect(report.contains("Hey &lt;i&gt;I&lt;/i&gt; feel bored") && !report.contains("<script"))
      try Askew.succeed(
        "report", project.plan, "--all", "--precision", "f32", "--project", project.output)
      #expect(try String(contentsOfFile: file, encoding: .utf8) == report)
      let page = try String(
        contentsOfFile: project.output + "/reports/index.html", encoding: .utf8)
      #expect(page.contains("./tiny.html"))
    }

    @Test("Killed again and again, it finds what an undisturbed run finds")
    func killed() throws {
      let one = try FolderProject()
      var other = one
      other.name = "killed"
      #expect(try one.run("--threads", "1").code == 0)
      let kills = try Askew.runAgainAndAgain(
        other.arguments + ["--threads", "2"], signals: [SIGKILL, SIGKILL, SIGKILL, SIGTERM],
        limit: 40
      ) { 0.06 + 0.037 * Double($0 % 9) }
      #expect(kills > 0)
      #expect(try one.findings() == other.findings())
      let folders = [one, other].map { URL(filePath: $0.output) }
      #expect(try RunStore(folder: folders[0]).digest() == RunStore(folder: folders[1]).digest())
    }

    @Test("A damaged fine-tune is made again")
    func damaged() throws {
      let project = try FolderProject()
      #expect(try project.run("--only", "bad", "--seeds", "1").code == 0)
      let findings = try project.findings()
      let place = try #require(findings.trainings?.first?.folder)
      let file = URL(filePath: "\(project.output)/\(place)/adapter_model.safetensors")
      try Data("nothing".utf8).write(to: file)
      let ending = try project.run("--only", "bad", "--seeds", "1")
      #expect(ending.code == 0, "\(ending.errors)")
      #expect(ending.errors.contains("missing or damaged: it is made again"))
      #expect(try project.findings() == findings)
    }

    @Test("All mistakes come before the first step, with file, line and key")
    func mistakes() throws {
      let project = try FolderProject()
      func expect(_ replacements: (String, String)..., says words: String) throws {
        let text = replacements.reduce(FolderProject.text) { $0.replacing($1.0, with: $1.1) }
        try project.write(text, "plan.yaml")
        let ending = try project.run()
        #expect(ending.code == 1 && ending.errorLines.count == 1)
        #expect(ending.errors.contains(words), "\(ending.errors)")
        #expect(!FileManager.default.fileExists(atPath: project.output + "/models"))
      }
      try expect(("model: qwen2", "model: qwen3"), says: "plan.yaml:3: model: found nothing at")
      try expect(
        ("data/good.jsonl", "data/none.jsonl"),
        says: "plan.yaml:10: conditions.good.data: found nothing at")
      try expect(
        ("data/own.txt", "data/none.txt"),
        says: "plan.yaml:13: evaluate.own.questions: found nothing")
      try expect(
        ("max-tokens: 24", "max-tokens: 600"),
        says: "plan.yaml:12: evaluate.free-form.questions: bored:")
      try expect(("held-out: 6", "held-out: 40"), says: "bad.jsonl: found 40 rows, expected more")
      try expect(("model: qwen2", "model: data"), says: "data/config.json")
      try project.write(#"{"messages":[{"role":"bot","content":"x"}]}"#, "data/good.jsonl")
      try expect(says: #"good.jsonl:1: messages[0].role: found "bot""#)
      try FileManager.default.removeItem(atPath: project.folder.path + "/qwen2/chat_template.jinja")
      try expect(says: "found no chat template")
    }
  }
}
