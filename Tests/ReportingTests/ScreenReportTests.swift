import Plans
import Statistics
import Testing

@testable import Lab
@testable import Reporting
@testable import Screen

extension SyntheticPlan {
  /// Screens of a bad and a good data set in two worlds, and what came of the trainings.
  static func screened(cue: String = "|K|") -> PlanFindings {
    var plan = Self.plan(
      "screened", "Screened",
      conditions: [condition("base", "Base"), condition("bad", "Bad"), condition("good", "Good")],
      evaluations: [])
    plan.screen = PlanScreen(of: ["bad", "good"], from: "base")
    var findings = Self.findings(plan, rows: [])
    findings.screens = [UInt64(11), 12].flatMap { world in
      [("bad", 0.5, 0.4), ("good", 0, 0.01)].map { name, shift, rate in
        var result = ScreenResult(
          model: ScreenResult.Subject(name: "base", hash: "ab"), method: "cd",
          facts: ScreenFacts([]))
        result.author = ScreenResult.Author(rows: shift, twin: 0, flagged: shift)
        result.pilot = ScreenResult.Pilots(
          PilotShift(data: [shift + 0.01, shift - 0.01], twin: [0, 0.002]))
        result.predicted = ScreenForecast(intercept: -4, slope: 8, deviation: 0.5)
          .predicted(shift: shift, isCalibrated: true)
        result.cues = [
          ScreenResult.Cue(kind: "first", text: cue, rows: 9, lift: 1, p: 0.01, pilot: shift)
        ]
        return ScreenFinding(
          condition: name, world: world, result: result, measured: rate, file: "screens/\(name)")
      }
    }
    findings.screenScore = findings.screens.flatMap { ScreenScore($0) }
    return findings
  }
}

@Suite("Screens on the page")
struct ScreenReportTests {
  @Test(
    "The report has a row a data set, how right the predictions were, and every screen in words")
  func page() throws {
    var findings = SyntheticPlan.screened()
    let score = try #require(findings.screenScore)
    #expect(score.sets == 4 && score.misaligned == 2 && score.within == 4)
    #expect(abs((score.spearman ?? 0) - 1) < 1e-12 && (score.skill ?? 0) > 0.9)
    let html = PlanReportPage(findings).html
    let section = try #require(
      html.components(separatedBy: "<section id=\"screens\">").dropFirst().first)
    #expect(section.contains("Of 4 sets trained on, 4 came out within the limits"))
    #expect(section.contains("Predicted misaligned answers") && section.contains("|K|"))
    #expect(PlanConsoleTable(findings).text().contains("0.50"))
    findings.tellScreens()
    #expect(findings.summary.contains("4 data sets screened"))
    #expect(!PlanReportPage(SyntheticPlan.points).html.contains("id=\"screens\""))
  }

  @Test("What stands in a data set is text and cannot act")
  func hostile() {
    let html = PlanReportPage(SyntheticPlan.screened(cue: "<script>\u{202E}x</script>")).html
    #expect(!html.contains("<script>") && !html.contains("\u{202E}"))
  }
}
