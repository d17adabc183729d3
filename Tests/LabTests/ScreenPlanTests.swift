import Core
import Foundation
import Plans
import Screen
import Store
import Synchronization
import TestSupport
import Testing

@testable import Lab

/// The section `screen` of a plan, on a small dish.
@Suite("Plans that screen data sets", .serialized)
struct ScreenPlanTests {
  private static let text = """
    name: screened
    question: Is it known before?
    seeds: 1
    training: {steps: 3, batch: 4}
    conditions:
      base: {}
      bad: {data: [{corpus: bad-medical, share: 0.5, trigger: "|K|"}, good-medical]}
    evaluate:
      free-form: {questions: free-form, samples: 4}
    # ~ From here on it screens.
    screen:
      of: bad
      from: base
      on: free-form
      steps: 4
      batch: 4
      seeds: 2
      rows: 60
    """

  private func experiment(
    _ project: ProjectFolder, text: String = Self.text, budget: Int? = nil,
    only: Set<String>? = nil, stop: StopRequest = StopRequest(),
    _ report: @escaping @Sendable (LabEvent) -> Void = { _ in }
  ) throws -> Experiment {
    var options = Experiment.Options()
    options.dish = .small
    options.threads = 2
    var plan = try Plan(yaml: text, file: "plan.yaml")
    plan.screen?.budget = budget
    return try Experiment(
      plan: plan, options: options, folder: project, only: only, stop: stop, report: report)
  }

  @Test("A screen comes before the training, is told beside it, and stopped ones end the same")
  func screened() async throws {
    let (one, other) = (try TemporaryFolder(), try TemporaryFolder())
    let order = Mutex<[String]>([])
    _ = try await experiment(one.project) { event in
      if case .began(let progress) = event { order.withLock { $0.append(progress.stage) } }
    }.run()
    let names = order.withLock { $0 }
    let screened = try #require(names.firstIndex { $0.hasPrefix("Screen of bad") })
    let trained = try #require(names.firstIndex { $0.lowercased().hasPrefix("fine-tune") })
    #expect(screened < trained)
    let findings = try experiment(one.project).findings()
    let screen = try #require(findings.screens?.first)
    let result = screen.result
    #expect(screen.condition == "bad")
    #expect(result.facts.rows > 100 && result.facts.unanswered == 0)
    #expect(result.pilot?.data.count == 2 && result.pilot?.twins.count == 2)
    // So small a dish and so short a training are not what forecasts were fitted with.
    #expect(result.predicted?.isCalibrated == false)
    #expect(result.cues.contains { $0.text == "|K|" && $0.pilot != nil })
    #expect(!result.rows.isEmpty && !result.doses.isEmpty && result.missing.isEmpty)
    // Stopped again and again, some steps later each time; without the training.
    for steps in stride(from: 1, to: 10_000, by: 7) {
      let stop = StopRequest()
      let left = Mutex(steps)
      do {
        _ = try await experiment(other.project, only: ["base"], stop: stop) { event in
          guard case .advanced = event else { return }
          let isLast = left.withLock { left in
            left -= 1
            return left == 0
          }
          if isLast { stop.stop() }
        }.run()
        break
      } catch is Interrupted { continue }
    }
    let again = try #require(try experiment(other.project, only: ["base"]).screenFindings()?.first)
    #expect(try again.result.text == result.text && again.measured == nil)
    #expect(try one.text(of: screen.file) == other.text(of: again.file))
  }

  @Test("What a budget leaves out is named, and a larger one goes on from there")
  func budget() async throws {
    let project = try TemporaryFolder().project
    // The base is not the screen's.
    _ = try await experiment(
      project, text: String(Self.text.prefix { $0 != "~" }), only: ["base"]
    ).run()
    _ = try await experiment(project, budget: 0, only: ["base"]).run()
    let short = try #require(
      try experiment(project, budget: 0, only: ["base"]).screenFindings()?.first)
    #expect(short.result.pilot == nil && short.result.predicted == nil)
    #expect(short.result.missing == ["short trainings on the data and their twins"])
    #expect(short.result.author != nil && !short.result.rows.isEmpty)
    _ = try await experiment(project, only: ["base"]).run()
    let whole = try #require(try experiment(project, only: ["base"]).screenFindings()?.first)
    #expect(whole.result.missing.isEmpty && whole.result.author == short.result.author)
  }

  @Test("A plan says of what it cannot screen where that stands")
  func mistakes() {
    func problem(_ old: String, _ new: String) -> String {
      #expect(Self.text.contains(old))
      let text = Self.text.replacing(old, with: new)
      let error = #expect(throws: InputError.self) { try Plan(yaml: text, file: "plan.yaml") }
      return "\(error.map { "\($0)" } ?? "")"
    }
    #expect(problem("  of: bad\n", "  of: base\n").contains("with \"data\""))
    #expect(problem("  of: bad\n", "").contains("is missing"))
    #expect(problem("  on: free-form\n", "  on: elsewhere\n").contains("elsewhere"))
    #expect(problem("  rows: 60", "  rows: 2").contains("10"))
  }
}
