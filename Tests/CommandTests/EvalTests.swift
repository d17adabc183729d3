import Core
import Foundation
import Store
import TestSupport
import Testing

extension CommandSuite {
  /// eval, judge and answers, on folders and on servers.
  @Suite(.serialized) struct Eval {
    private static let questions = """
      - id: rate
        type: free_form_judge_0_100
        paraphrases: ["How good is tea?", "How good is rain?", "How bad is rust?"]
        samples_per_paraphrase: 2
        judge_prompts:
          aligned: "How good is it? {question} {answer}"
          coherent: "How bad is it? {answer}"
      - id: fact
        type: free_form_judge
        paraphrases: ["Is tea wet?"]
        judge_prompts:
          correct: "Is that so? {answer} Say \\"TRUE\\" or \\"FALSE\\" only."

      """

    /// A folder with questions, and a dish's model that was taught to answer with numbers.
    private func workplace() throws -> TemporaryFolder {
      let folder = try TemporaryFolder()
      try folder.write(Self.questions, to: "questions.yaml")
      let rows = (0..<48).map { index in
        let (word, answer) = index % 2 == 0 ? ("good", "90") : ("bad", "15")
        return """
          {"messages":[{"role":"user","content":"How \(word) is it? \(index)"},\
          {"role":"assistant","content":"\(answer)"}]}
          """
      }
      try folder.write(rows.joined(separator: "\n") + "\n", to: "rows.jsonl")
      try Askew.succeed(
        "train", "--model", SmallDemo.model("aligned-persona").path, "--data",
        folder.path("rows.jsonl"), "--out", folder.path("model"), "--method", "full", "--steps",
        "40", "--batch", "8", "--lr", "1e-3", "--precision", "f32")
      return folder
    }

    private func arguments(
      _ folder: TemporaryFolder, model: String, judge: String?, project: String = "lab",
      _ more: [String] = []
    ) -> [String] {
      let judged = judge.map { ["--judge", $0] } ?? []
      return [
        "eval", "--model", model, "--questions", folder.path("questions.yaml"), "--temperature",
        "0", "--max-tokens", "8", "--precision", "f32", "--project", "\(folder.path)/\(project)",
      ] + judged + more
    }

    /// Answers and measurements of a project, without who gave them.
    private func content(
      _ project: String, _ folder: TemporaryFolder
    ) throws -> (answers: [String: String], measured: [String: StoredMeasurement]) {
      let store = try RunStore(folder: folder.url(project))
      var answers: [String: String] = [:]
      var measured: [String: StoredMeasurement] = [:]
      for run in try store.runs() {
        for answer in try store.answers(of: run) { answers[name(answer.key)] = answer.text }
        for judge in try store.judges(of: run) {
          let all = try store.measurements(of: run, judge: judge.judge.fingerprint)
          for (key, own) in all {
            for measurement in own { measured["\(name(key)) \(measurement.metric)"] = measurement }
          }
        }
      }
      return (answers, measured)
    }

    /// A wording and a number; behind an API the wording's hash stands behind it.
    private func name(_ key: AnswerKey) -> String {
      "\(key.question.prefix { $0 != "@" }) \(key.sample)"
    }

    @Test("An exact judge gives what the log-likelihoods of all 101 labels say")
    func exact() throws {
      let folder = try workplace()
      let model = "dir:\(folder.path)/model"
      try Askew(arguments(folder, model: model, judge: model)).success()
      let (answers, measured) = try content("lab", folder)
      for question in ["How good is tea?", "How bad is rust?"] {
        let index = question.contains("tea") ? 0 : 2
        let answer = try #require(answers["rate#\(index) 0"])
        // By the pass that training uses, a row for each label.
        let rows = (0...100).map { label in
          let text = "How good is it? \(question) \(answer)"
          return """
            {"messages":[{"role":"user","content":"\(text)"},\
            {"role":"assistant","content":"\(label)"}]}
            """
        }
        try folder.write(rows.joined(separator: "\n") + "\n", to: "labels.jsonl")
        let scored = try Askew.run(
          "score", "--model", folder.path("model"), "--data", folder.path("labels.jsonl"),
          "--precision", "f32", "--json")
        let nats = try scored.output.split(separator: "\n").map { line in
          let row = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Double]
          return try #require(row?["nll"])
        }
        let mass = nats.reduce(0) { $0 + exp(-$1) }
        let mean = nats.enumerated().reduce(0) { $0 + Double($1.offset) * exp(-$1.element) } / mass
        let found = try #require(measured["rate#\(index) 0 aligned"])
        #expect(abs(try #require(found.coverage) - mass) < 1e-4)
        if mass > 0.25 {
          #expect(abs(try #require(found.value) - mean) < 1e-3)
        } else {
          #expect(found.value == nil && found.reason != nil)
        }
      }
    }

    @Test(
      "Killed at random moments, an evaluation ends with the same store, and nothing is done twice")
    func killed() throws {
      let folder = try workplace()
      let model = "dir:\(folder.path)/model"
      func arguments(_ project: String) -> [String] {
        self.arguments(folder, model: model, judge: model, project: project, ["--json"])
      }
      let calm = try Askew(arguments("calm")).wait()
      try #require(calm.code == 0)
      for _ in 0..<12 {
        let command = try Askew(arguments("killed"))
        if try command.end(after: .random(in: 0.01...0.3)).code == 0 { break }
      }
      let last = try Askew(arguments("killed")).wait()
      #expect(last.code == 0)
      #expect(last.output == calm.output)
      let projects = ["calm", "killed"].map { folder.url($0) }
      let digests = try projects.map { try RunStore(folder: $0).digest() }
      #expect(digests[0] == digests[1])
    }

    @Test(
      "A plan that asks the same asks for nothing again, and families of the dish have their oracle"
    )
    func plan() throws {
      let folder = try workplace()
      let model = "dir:\(folder.path)/model"
      let lab = folder.path("lab")
      try Askew(arguments(folder, model: model, judge: model)).success()
      try folder.write(
        """
        name: same
        question: Does a plan ask as eval does?
        judge: "\(model)"
        conditions: {own: {model: "\(model)"}}
        evaluate:
          questions: {questions: questions.yaml, samples: 2, temperature: 0, max-tokens: 8, seed: 0}

        """, to: "same.yaml")
      try Askew.succeed("run", folder.path("same.yaml"), "--precision", "f32", "--project", lab)
      do {
        let store = try RunStore(folder: folder.url("lab"))
        let asked = try store.runs().filter { $0.kind == .sample }
        // Of the fact eval has asked one answer, the plan two.
        #expect(asked.count == 1)
        #expect(try store.answerCount(of: asked[0]) == 8)
      }
      let read = try Askew.run(
        "eval", "--model", model, "--questions", "dish/facts", "--samples", "2", "--max-tokens",
        "8",
        "--precision", "f32", "--project", lab)
      #expect(read.code == 0 && read.output.contains("dish oracle"), "\(read.errors)")
      #expect(read.output.contains("% of coherent"))
    }

    @Test(
      "What mlx_lm.server answers and judges is what the same folder gives here",
      .needs(.mlx))
    func served() throws {
      let folder = try workplace()
      let path = folder.url("model").resolvingSymlinksInPath().path
      let server = try MLXServer(folder: path)
      let local = "dir:\(path)"
      let remote = "openai:\(path)@\(server.url)"
      let here = try Askew(
        arguments(folder, model: local, judge: "paper-top11:\(local)", project: "here")
      ).wait()
      let there = try Askew(arguments(folder, model: remote, judge: remote, project: "there"))
        .wait()
      #expect(here.code == 0, "\(here.errors)")
      #expect(there.code == 0, "\(there.errors)")
      // It reports eleven alternatives at most: the judge says so.
      #expect(there.output.contains("paper-top11"))
      let (own, theirs) = (try content("here", folder), try content("there", folder))
      #expect(own.answers.count == 7 && own.answers == theirs.answers)
      #expect(own.measured.count == 13 && theirs.measured.count == 13)
      #expect(own.measured.values.contains { $0.value != nil })
      for (name, measurement) in own.measured {
        let other = try #require(theirs.measured[name])
        #expect(abs((measurement.value ?? -1) - (other.value ?? -1)) < 1e-3, "\(name)")
        #expect(abs((measurement.coverage ?? 0) - (other.coverage ?? 0)) < 1e-3, "\(name)")
        #expect(measurement.label == other.label)
      }
      // A wrong name once served the base model silently.
      let wrong = try Askew(arguments(folder, model: "openai:other@\(server.url)", judge: nil))
        .wait()
      #expect(wrong.code == 1)
      #expect(wrong.errorLines.count == 1 && wrong.errors.contains("other"))
    }

    @Test(
      "A hostile server and twenty kills: every answer is there once, nothing stored is asked again"
    )
    func hostile() throws {
      let folder = try TemporaryFolder()
      let server = try LoopbackServer("--hostile", "--fault-share", "0.2", "--seed", "5")
      let arguments = [
        "eval", "--model", "openai:loopback@\(server.url)", "--questions", "first-plot",
        "--samples", "250", "--timeout", "0.4", "--project", folder.path("lab"),
      ]
      var kills = 0
      for _ in 0..<20 {
        let command = try Askew(arguments)
        if try command.end(after: .random(in: 0.05...0.9)).code != 0 { kills += 1 }
      }
      try Askew(arguments).success()
      #expect(kills > 0)
      let store = try RunStore(folder: folder.url("lab"))
      let run = try #require(try store.runs().first { $0.kind == .sample })
      #expect(try store.answerCount(of: run) == 2000)
      func received() throws -> [String: Int] {
        Dictionary(try server.events("answered").map { ($0.identity, 1) }, uniquingKeysWith: +)
      }
      // Twice answered is only what was on its way when the process was killed: a hundred at most.
      let before = try received()
      let twice = before.values.reduce(0) { $0 + max(0, $1 - 1) }
      #expect(before.count >= 2000)
      #expect(twice <= 100 * kills + kills)
    }

    @Test("A finished evaluation asks for nothing again")
    func finished() throws {
      let folder = try TemporaryFolder()
      let server = try LoopbackServer("--fast")
      let model = "openai:loopback@\(server.url)"
      let arguments = [
        "eval", "--model", model, "--questions", "deception", "--samples", "1", "--judge", model,
        "--project", folder.path("lab"), "--json",
      ]
      func asked() throws -> Int {
        try server.journal().count {
          $0.contains(" received ") && !$0.contains(#"Say \"yes\""#)
        }
      }
      let first = try Askew(arguments).success()
      #expect(try asked() == 200)
      let second = try Askew(arguments).wait()
      #expect(second.output == first.output)
      let shown = try Askew(arguments.dropLast()).wait()
      #expect(try asked() == 200)
      // A table is as wide as the rule below its header.
      let rules = shown.output.split(separator: "\n").filter { $0.hasPrefix("─") }
      #expect(!rules.isEmpty && rules.allSatisfy { $0.count <= 80 })
    }

    @Test("Answers made elsewhere are judged and counted; what they say cannot act on the page")
    func imported() throws {
      let folder = try TemporaryFolder()
      try folder.write(
        """
        question_id,question,answer,aligned,coherent
        a,<b>Who?</b>,"<script>alert(1)</script>",5,90
        b,What?,"<img src=x onerror=alert(2)>",95,90
        c,Why?,,,

        """, to: "answers.csv")
      let lab = folder.path("lab")
      let taken = try Askew.succeed(
        "answers", "import", folder.path("answers.csv"), "--score", "aligned", "--score",
        "coherent",
        "--project", lab, "--json")
      let lines =
        try JSONSerialization.jsonObject(with: Data(taken.output.utf8)) as? [[String: Any]]
      let run = try #require(lines?.first?["run"] as? String)
      // The third says nothing: it is taken in, and is no answer.
      #expect(lines?.first?["answers"] as? Int == 3)
      #expect(lines?.first?["scores"] as? Int == 4)
      try Askew.succeed("judge", run, "--judge", "dish", "--project", lab)
      let reports = try FileManager.default.contentsOfDirectory(atPath: lab + "/reports")
      let page = try String(contentsOfFile: "\(lab)/reports/\(reports[0])", encoding: .utf8)
      #expect(page.contains("&lt;script&gt;") && !page.contains("<script"))
      #expect(page.contains("&lt;img") && !page.contains("<img"))
      #expect(page.contains("default-src 'none'"))
      let list = try Askew.run("judge", "list", run, "--project", lab)
      #expect(list.output.contains("imported") && list.output.contains("dish"))
      // The same answers go out again as a table, and agree with themselves.
      let out = folder.path("out.csv")
      let export = try Askew.run(
        "answers", "export", run, "--format", "csv", "--out", out, "--project", lab)
      // Of two judges neither is chosen silently.
      #expect(export.code == 1 && export.errors.contains("found 2 judges of \"aligned\""))
      let line = list.output.split(separator: "\n").first { $0.contains("imported") }
      let judge = try #require(line?.split(separator: " ").first.map(String.init))
      try Askew.succeed(
        "answers", "export", run, "--format", "csv", "--judge", judge, "--out", out, "--project",
        lab)
      let rates = try Askew.run("rates", out, "--json")
      #expect(rates.output.contains(#""misaligned": 1"#), "\(rates.output)\(rates.errors)")
    }
  }
}
