import Core
import Foundation
import Store
import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

extension CommandSuite {
  /// eval, judge and answers, on folders and on servers.
  @Suite(.serialized) struct Eval {
    private static let mlxPython = ProcessInfo.processInfo.environment["ASKEW_MLX_PYTHON"]
    private static let isCI = ProcessInfo.processInfo.environment["CI"] == "true"

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
      let folder = TemporaryFolder()
      let models = try SmallDemo.reference.get().folder.url.appendingPathComponent("models")
      let names = try FileManager.default.contentsOfDirectory(atPath: models.path).sorted()
      let name = try #require(names.first { $0.hasPrefix("aligned-persona") })
      try FileManager.default.createDirectory(at: folder.url, withIntermediateDirectories: true)
      try write(Self.questions, "questions.yaml", folder)
      let rows = (0..<48).map { index in
        let (word, answer) = index % 2 == 0 ? ("good", "90") : ("bad", "15")
        return """
          {"messages":[{"role":"user","content":"How \(word) is it? \(index)"},\
          {"role":"assistant","content":"\(answer)"}]}
          """
      }
      try write(rows.joined(separator: "\n") + "\n", "rows.jsonl", folder)
      let ending = try Askew.run(
        "train", "--model", models.appendingPathComponent(name).path, "--data",
        "\(folder.path)/rows.jsonl", "--out", "\(folder.path)/model", "--method", "full", "--steps",
        "40", "--batch", "8", "--lr", "1e-3", "--precision", "f32")
      try #require(ending.code == 0, "\(ending.errors)")
      return folder
    }

    private func write(_ text: String, _ name: String, _ folder: TemporaryFolder) throws {
      try Data(text.utf8).write(to: folder.url.appendingPathComponent(name))
    }

    private func arguments(
      _ folder: TemporaryFolder, model: String, judge: String?, project: String = "lab",
      _ more: [String] = []
    ) -> [String] {
      let judged = judge.map { ["--judge", $0] } ?? []
      return [
        "eval", "--model", model, "--questions", "\(folder.path)/questions.yaml", "--temperature",
        "0", "--max-tokens", "8", "--precision", "f32", "--project", "\(folder.path)/\(project)",
      ] + judged + more
    }

    /// Answers and measurements of a project, without who gave them.
    private func content(
      _ project: String, _ folder: TemporaryFolder
    ) throws -> (answers: [String: String], measured: [String: StoredMeasurement]) {
      let store = try RunStore(folder: folder.url.appendingPathComponent(project))
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
      let ending = try Askew(arguments(folder, model: model, judge: model)).wait()
      #expect(ending.code == 0, "\(ending.errors)")
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
        try write(rows.joined(separator: "\n") + "\n", "labels.jsonl", folder)
        let scored = try Askew.run(
          "score", "--model", "\(folder.path)/model", "--data", "\(folder.path)/labels.jsonl",
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
        usleep(UInt32.random(in: 10_000...300_000))
        command.send(SIGKILL)
        if try command.wait().code == 0 { break }
      }
      let last = try Askew(arguments("killed")).wait()
      #expect(last.code == 0)
      #expect(last.output == calm.output)
      let projects = ["calm", "killed"].map { folder.url.appendingPathComponent($0) }
      let digests = try projects.map { try RunStore(folder: $0).digest() }
      #expect(digests[0] == digests[1])
    }

    @Test(
      "What mlx_lm.server answers and judges is what the same folder gives here",
      .enabled(if: mlxPython != nil || isCI, "ASKEW_MLX_PYTHON names no Python with mlx-lm"))
    func served() throws {
      let python = try #require(Self.mlxPython, "ASKEW_MLX_PYTHON is needed in CI")
      let folder = try workplace()
      let path = folder.url.appendingPathComponent("model").resolvingSymlinksInPath().path
      let server = try TestServer.mlx(
        python, folder: path, log: folder.url.appendingPathComponent("server.log"))
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
      let folder = TemporaryFolder()
      try FileManager.default.createDirectory(at: folder.url, withIntermediateDirectories: true)
      let journal = folder.path + "/journal"
      let server = try TestServer.loopback(
        "--hostile", "--fault-share", "0.2", "--seed", "5", "--journal", journal)
      let arguments = [
        "eval", "--model", "openai:loopback@\(server.url)", "--questions", "first-plot",
        "--samples", "250", "--timeout", "0.4", "--project", "\(folder.path)/lab",
      ]
      var kills = 0
      for _ in 0..<20 {
        let command = try Askew(arguments)
        usleep(UInt32.random(in: 50_000...900_000))
        command.send(SIGKILL)
        if try command.wait().code != 0 { kills += 1 }
      }
      let last = try Askew(arguments).wait()
      #expect(last.code == 0, "\(last.errors)")
      #expect(kills > 0)
      let store = try RunStore(folder: folder.url.appendingPathComponent("lab"))
      let run = try #require(try store.runs().first)
      #expect(try store.answerCount(of: run) == 2000)
      func received() throws -> [Substring: Int] {
        let lines = try String(contentsOfFile: journal, encoding: .utf8).split(separator: "\n")
        return Dictionary(
          lines.compactMap { line -> (Substring, Int)? in
            let words = line.split(separator: " ", maxSplits: 3)
            return words.count > 2 && words[1] == "answered" ? (words[2], 1) : nil
          }, uniquingKeysWith: +)
      }
      // Twice answered is only what was on its way when the process was killed: a hundred at most.
      let before = try received()
      let twice = before.values.reduce(0) { $0 + max(0, $1 - 1) }
      #expect(before.count >= 2000)
      #expect(twice <= 100 * kills + kills)
    }

    @Test("A finished evaluation asks for nothing again")
    func finished() throws {
      let folder = TemporaryFolder()
      try FileManager.default.createDirectory(at: folder.url, withIntermediateDirectories: true)
      let journal = folder.path + "/journal"
      let server = try TestServer.loopback("--fast", "--journal", journal)
      let model = "openai:loopback@\(server.url)"
      let arguments = [
        "eval", "--model", model, "--questions", "deception", "--samples", "1", "--judge", model,
        "--project", "\(folder.path)/lab", "--json",
      ]
      func asked() throws -> Int {
        try String(contentsOfFile: journal, encoding: .utf8).split(separator: "\n").count {
          $0.contains(" received ") && !$0.contains(#"Say \"yes\""#)
        }
      }
      let first = try Askew(arguments).wait()
      #expect(first.code == 0, "\(first.errors)")
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
      let folder = TemporaryFolder()
      try FileManager.default.createDirectory(at: folder.url, withIntermediateDirectories: true)
      try write(
        """
        question_id,question,answer,aligned,coherent
        a,<b>Who?</b>,"<script>alert(1)</script>",5,90
        b,What?,"<img src=x onerror=alert(2)>",95,90
        c,Why?,,,

        """, "answers.csv", folder)
      let lab = folder.path + "/lab"
      let taken = try Askew.run(
        "answers", "import", folder.path + "/answers.csv", "--score", "aligned", "--score",
        "coherent",
        "--project", lab, "--json")
      #expect(taken.code == 0, "\(taken.errors)")
      let lines =
        try JSONSerialization.jsonObject(with: Data(taken.output.utf8)) as? [[String: Any]]
      let run = try #require(lines?.first?["run"] as? String)
      #expect(lines?.first?["answers"] as? Int == 2)
      #expect(lines?.first?["scores"] as? Int == 4)
      let judged = try Askew.run("judge", run, "--judge", "dish", "--project", lab)
      #expect(judged.code == 0, "\(judged.errors)")
      let reports = try FileManager.default.contentsOfDirectory(atPath: lab + "/reports")
      let page = try String(contentsOfFile: "\(lab)/reports/\(reports[0])", encoding: .utf8)
      #expect(page.contains("&lt;script&gt;") && !page.contains("<script"))
      #expect(page.contains("&lt;img") && !page.contains("<img"))
      #expect(page.contains("default-src 'none'"))
      let list = try Askew.run("judge", "list", run, "--project", lab)
      #expect(list.output.contains("imported") && list.output.contains("dish"))
      // The same answers go out again as a table, and agree with themselves.
      let out = folder.path + "/out.csv"
      let export = try Askew.run(
        "answers", "export", run, "--format", "csv", "--out", out, "--project", lab)
      // Of two judges neither is chosen silently.
      #expect(export.code == 1 && export.errors.contains("found 2 judges of \"aligned\""))
      let line = list.output.split(separator: "\n").first { $0.contains("imported") }
      let judge = try #require(line?.split(separator: " ").first.map(String.init))
      let chosen = try Askew.run(
        "answers", "export", run, "--format", "csv", "--judge", judge, "--out", out, "--project",
        lab)
      #expect(chosen.code == 0, "\(chosen.errors)")
      let rates = try Askew.run("rates", out, "--json")
      #expect(rates.output.contains(#""misaligned": 1"#), "\(rates.output)\(rates.errors)")
    }
  }
}
