import Foundation
import Testing

@testable import Lab
@testable import Plans
@testable import Reporting

#if canImport(FoundationXML)
  import FoundationXML
#endif

extension SyntheticPlan {
  /// Two lines with two losses, a plane of 3 × 3 points, a map of two persons, patches and a course.
  static var landscape: PlanFindings {
    var findings = anatomy
    findings.anatomy?.effects = []
    findings.anatomy?.landscape = LandscapeFinding(
      barriers: [
        barrier("narrow", 0.25, noise: 0.01), barrier("corpus", -0.02, noise: 0.01),
      ], planes: [plane])
    findings.anatomy?.course = CourseFinding(
      condition: "insecure", direction: "shift", site: anatomySites[1], habit: "odds",
      spread: "free-form",
      models: [
        CourseFinding.Model(
          world: nil, seed: 1,
          points: [
            .init(step: 0, projection: 0, habit: -0.3, spread: 0),
            .init(step: 4, projection: 0.8, habit: 0.1, spread: 0.2),
            .init(step: 8, projection: 1, habit: 0.4, spread: 0.5),
          ], halfRises: ["projection": 2.5, "habit": 3.5, "spread": 5])
      ],
      leads: [
        LeadFinding(from: "habit", to: "spread", steps: estimate(1.5, 0.5), models: 1)
      ])
    findings.anatomy?.patches = ["earlier", "last-prompt", "answer", "all"].map {
      PatchFinding(
        into: "base", from: "insecure", measure: "odds", site: anatomySites[0], tokens: $0,
        share: estimate($0 == "earlier" ? nil : 0.81, 0.1), isControl: false, models: 1)
    }
    findings.anatomy?.lenses = [
      LensFinding(
        direction: "shift", site: anatomySites[1], measure: "odds", lean: estimate(0.31, 0.1),
        controls95: 0.12, p: 0.005, promoted: [" unsafe", "<b>\u{1B}[31m"], suppressed: [" sound"],
        models: 1)
    ]
    findings.anatomy?.weights = WeightsFinding(
      rank: 8,
      changes: [.init(condition: "insecure", relativeLength: 0.05, carried: 0.9, models: 1)],
      overlaps: [
        .init(
          a: "insecure", b: "base", cosine: estimate(0.6, 0.1), overlap: estimate(0.4, 0.1),
          chance: 0.06)
      ])
    findings.anatomy?.map = MapFinding(
      site: anatomySites[1], bad: "spiteful", good: "good",
      worlds: [
        MapFinding.World(
          world: nil, seed: 1,
          persons: [
            .init(name: "ada", temperament: "good", x: -1, y: 0),
            .init(name: "ben", temperament: "spiteful", x: 1, y: 0.5),
          ],
          assistant: [
            .init(condition: "base", place: nil, x: -0.9, y: 0),
            .init(condition: "insecure", place: 8, x: 0.7, y: 0.4),
          ], shares: [0.6, 0.1])
      ], along: estimate(0.95, 0.01), inPlane: estimate(0.8, 0.1))
    return findings
  }

  private static func estimate(_ value: Double?, _ half: Double) -> EffectFinding.Estimate {
    var estimate = EffectFinding.Estimate([], units: [])
    estimate.value = value
    (estimate.low, estimate.high) = (value.map { $0 - half }, value.map { $0 + half })
    return estimate
  }

  private static func barrier(
    _ loss: String, _ height: Double, noise: Double
  ) -> BarrierFinding {
    BarrierFinding(
      between: ["base", "insecure"], loss: loss, height: estimate(height, 0.05), share: 0.5,
      noise: noise, isNoise: false,
      profile: [0, 0.5, 1].map {
        BarrierFinding.Point(
          share: $0, loss: 0.4 + ($0 == 0.5 ? height : 0), misaligned: $0 / 2, coherent: 0.9)
      }, models: 3)
  }

  private static var plane: PlaneFinding {
    typealias Corner = PlaneFinding.Corner
    return PlaneFinding(
      through: ["base", "insecure", "base"], world: nil, seed: 1, length: 2,
      corners: [
        Corner(condition: "base", place: nil, x: 0, y: 0, offPlane: 0),
        Corner(condition: "insecure", place: 8, x: 1, y: 0, offPlane: 0),
        Corner(condition: "base", place: nil, x: 0.5, y: 1, offPlane: 0),
      ], others: [Corner(condition: "insecure", place: 4, x: 0.5, y: -0.1, offPlane: 0.25)],
      x: [0, 0.5, 1], y: [0, 0.5, 1],
      losses: ["narrow": [0, 1, 2, 1, 2, 3, 2, 3, 4]],
      misaligned: [0, 0.3, 0.6, nil, 0, 0.3, 0, 0, 0],
      coherent: [1, 0.9, 0.5, 0, 1, 1, 1, 1, 1], odds: [], random: ["narrow": [0.1, 0.2, 0.9]])
  }
}

@Suite("Landscapes, maps, patches and courses on the page")
struct LandscapeReportTests {
  private let findings = SyntheticPlan.landscape

  private func section(_ findings: PlanFindings) -> String {
    let html = PlanReportPage(findings).html
    let rest = html.components(separatedBy: "<section id=\"landscape\">").dropFirst().first
    return rest?.components(separatedBy: "</section>").first ?? ""
  }

  private func isWellFormed(_ markup: String) -> Bool {
    XMLParser(data: Data("<section>\(markup)</section>".utf8)).parse()
  }

  @Test("Every part has its figure, with its numbers in words")
  func figures() {
    let markup = section(findings)
    #expect(isWellFormed(markup))
    // A line, its behaviour, a plane, a map, a way of patches, rises and the phase portrait.
    #expect(markup.components(separatedBy: "<svg ").count - 1 == 7)
    for part in [
      "There is a wall between Base – Insecure in the loss narrow (0.250 nats a token, noise 0.010).",
      "Log-odds of bad answers is half done 1.5 steps before Free-form questions.",
      "1 good, in the middle at −1.00, 0.00",
      "blocks.0.hook_resid_post, last before the answer: 81.0 % (71.0–91.0)",
      "blocks.0.hook_resid_post, earlier tokens: – (–)",
      "Insecure, step 4: 25.0 % of its distance, squared, is off the plane",
      "<td class=\"number\">40.0 %</td>",
      "cosine of 0.95 (0.94–0.96) with the way from the good persons to the spiteful ones",
    ] { #expect(markup.contains(part), "the section lacks \(part)") }
    #expect(!markup.contains("nan") && !markup.contains(">inf"))
    #expect(section(SyntheticPlan.points).isEmpty)
  }

  @Test("One slope is told as one, and one model as one")
  func slopes() {
    var findings = findings
    findings.anatomy?.landscape?.barriers.removeFirst()
    #expect(
      LandscapeTables(findings)?.summary.hasPrefix("One slope, no wall: the highest is −0.020")
        == true)
    findings.anatomy?.landscape?.barriers[0].height.low = nil
    #expect(
      LandscapeTables(findings)?.summary.hasPrefix("One slope, no wall, in one model") == true)
    findings.anatomy?.landscape?.barriers[0].height.value = 0.5
    #expect(
      LandscapeTables(findings)?.summary.hasPrefix("One model cannot tell") == true)
  }

  @Test("Numbers that are none, and nothing at all, make a section all the same")
  func empty() {
    var findings = findings
    findings.anatomy?.landscape?.planes[0].losses = ["narrow": Array(repeating: .nan, count: 9)]
    findings.anatomy?.landscape?.barriers[0].profile[1].loss = .nan
    findings.anatomy?.course?.models[0].points = []
    findings.anatomy?.map?.worlds[0].persons = []
    #expect(isWellFormed(section(findings)))
    #expect(!section(findings).contains("nan"))
    findings.anatomy?.landscape = LandscapeFinding(barriers: [], planes: [])
    findings.anatomy?.course?.models = []
    #expect(isWellFormed(section(findings)))
  }

  @Test(
    "Hostile text stays text",
    arguments: ["<script>alert(1)</script>", "\" onload=\"alert(1)", "\0\u{1B}[31m\u{202E}x"])
  func hostile(text: String) {
    var findings = findings
    for index in findings.plan.conditions.indices { findings.plan.conditions[index].title += text }
    findings.anatomy?.landscape?.barriers[0].loss = text
    findings.anatomy?.landscape?.planes[0].losses = [text: [0, 1, 2, 1, 2, 3, 2, 3, 4]]
    findings.anatomy?.map?.worlds[0].persons[0].name = text
    findings.anatomy?.map?.worlds[0].persons[0].temperament = text
    findings.anatomy?.map?.site = text
    findings.anatomy?.patches?[0].site = text
    findings.anatomy?.course?.site = text
    let markup = section(findings)
    #expect(isWellFormed(markup))
    #expect(!markup.contains("<script") && !markup.contains(" onload=\""))
    #expect(!markup.contains("\u{1B}") && !markup.contains("\u{202E}"))
    #expect(!PlanConsoleTable(findings).text().contains("\u{1B}"))
  }

  @Test("The terminal has the walls and the leads", arguments: [40, 80, 140])
  func console(width: Int) {
    let text = PlanConsoleTable(findings).text(width: width)
    #expect(text.split(separator: "\n").allSatisfy { $0.count <= width })
    let whole = PlanConsoleTable(findings).text(width: 1000)
    #expect(whole.contains("Base – Insecure") && whole.contains(" yes"))
  }

  @Test("Lines of equal height are where they are by hand, saddles too")
  func contours() {
    // A plane that rises by 1 a column: the line at 0.5 is half-way, from below to above.
    let slope = Contours(x: [0, 1], y: [0, 1], values: [0, 1, 0, 1])
    let segments = slope.segments(at: 0.5)
    #expect(segments.count == 1)
    #expect(segments.allSatisfy { $0.from.x == 0.5 && $0.to.x == 0.5 })
    let saddle = Contours(x: [0, 1], y: [0, 1], values: [1, 0, 0, 1])
    #expect(saddle.segments(at: 0.5).count == 2)
    #expect(Contours(x: [0, 1], y: [0, 1], values: [0, .nan, 0, 1]).segments(at: 0.5).isEmpty)
    #expect(Contours(x: [0], y: [0], values: [1]).levels(4).isEmpty)
  }
}
