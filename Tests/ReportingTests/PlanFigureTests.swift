import Foundation
import Statistics
import Testing

@testable import Lab
@testable import Reporting

@Suite struct PlaceAxisTests {
  @Test("A logarithmic axis sets equal ratios equally far apart, and 0 at the left end")
  func logarithmic() {
    let axis = PlaceAxis([0, 1, 10, 100], isLogarithmic: true, from: 0, to: 250)
    let places = [0.0, 1, 10, 100].map(axis.position)
    // 8 points of inset at both ends, 34 for the break.
    #expect(places == [8, 42, 142, 242])
    #expect(axis.ticks == [0, 1, 10, 100])
    var svg = SVG(width: 250, height: 10)
    axis.draw(&svg, y: 0)
    // The line in two parts, two strokes across the gap, four ticks.
    let drawing = svg.document(title: "", description: "")
    #expect(drawing.components(separatedBy: "<line ").count == 1 + 2 + 2 + 4)
  }

  @Test("Ticks on a logarithmic axis leave out what there is no room for, from the right")
  func crowded() {
    let axis = PlaceAxis([1, 90, 100], isLogarithmic: true, from: 0, to: 216)
    #expect(axis.ticks == [1, 100])
  }

  @Test("A linear axis begins at 0 unless all values are far from it")
  func linear() {
    #expect(PlaceAxis([4, 64], from: 0, to: 80).position(0) == 8)
    #expect(PlaceAxis([50, 60], from: 0, to: 80).position(50) == 8)
    #expect(PlaceAxis([-2, 2], isLogarithmic: true, from: 0, to: 80).position(0) == 40)
    #expect(PlaceAxis([1, 2, 3], from: 0, to: 80).ticks == [0, 1, 2, 3])
    #expect(PlaceAxis([], from: 0, to: 80).position(0).isFinite)
  }
}

@Suite struct MeasureScaleTests {
  @Test("A minus is a minus, a zero has no sign, and no number is a dash")
  func signs() {
    #expect(MeasureScale.percent.difference(-0.0123) == "−1.2 points")
    #expect(MeasureScale.percent.difference(-0.0001) == "0.0 points")
    #expect(MeasureScale.percent.difference(0.0001) == "0.0 points")
    #expect(MeasureScale.mark.difference(0.126) == "+0.13")
    #expect(MeasureScale.percent.value(nil) == "–")
    #expect(MeasureScale.percent.value(.nan) == "–")
    #expect(MeasureScale.mark.interval(nil) == "–")
    #expect(MeasureScale.percent.interval(Interval(low: -0.5, high: -0.25)) == "−50.0 to −25.0")
  }

  @Test("A p is never shown as 0")
  func probability() {
    #expect(NumberText.probability(0.00001) == "< 0.001")
    #expect(NumberText.probability(0.0312) == "0.031")
    #expect(NumberText.probability(nil) == "–")
  }
}

@Suite struct LineFigureTests {
  private func figure(_ values: [Double?]) -> String {
    LineFigure(
      title: "", heading: "", axisTitle: "", valueTitle: "",
      series: [
        .init(
          name: "a", colorClass: "c",
          points: values.enumerated().map {
            .init(x: Double($0.offset), y: $0.element, whisker: nil)
          })
      ], range: 0...1
    ).svg
  }

  @Test("A line has a gap where there is no number")
  func gap() {
    #expect(figure([0.1, 0.2, 0.3]).components(separatedBy: "<polyline ").count == 2)
    #expect(figure([0.1, nil, 0.3, 0.4]).components(separatedBy: "<polyline ").count == 3)
    #expect(!figure([nil, .nan]).contains("<polyline "))
    #expect(figure([nil, .nan]).contains("a: no number"))
  }

  @Test("Long labels break between words and end in an ellipsis")
  func wrapping() {
    #expect("short".wrapped(at: 10) == ["short"])
    #expect("one two three".wrapped(at: 8) == ["one two", "three"])
    #expect("one two three four".wrapped(at: 8) == ["one two", "three f…"])
    #expect("incomprehensible".wrapped(at: 8) == ["incompr…"])
  }

  @Test("Labels do not overlap and stay above the lowest place")
  func labels() {
    let heights = [10.0, 20, 10]
    #expect(LabelStack.positions([5, 6, 90], heights: heights, lowest: 100) == [5, 15, 90])
    #expect(LabelStack.positions([98, 99, 100], heights: heights, lowest: 100) == [70, 80, 100])
    #expect(LabelStack.positions([], heights: [], lowest: 100) == [])
  }
}

@Suite struct PlanPagesTests {
  @Test("A curve has a line an evaluation, and what is off the axis beside it")
  func curve() {
    let html = PlanReportPage(SyntheticPlan.curve).html
    // The hole at 10 % parts one of the two lines.
    #expect(html.components(separatedBy: "<polyline ").count == 1 + 3)
    #expect(html.contains("Without a place on this axis"))
    #expect(html.contains("insecure rows in percent"))
  }

  @Test("A course has a panel an evaluation, and what training did meanwhile")
  func course() {
    let html = PlanReportPage(SyntheticPlan.course).html
    for part in [
      "Free-form questions: misaligned, % of coherent answers",
      "Code not trained on: misaligned, % of coherent answers", "What training did meanwhile",
      "Norm of the gradient in training", "Direction of the update in training",
      "Training loss: Insecure", "<td>step 60</td>",
    ] {
      #expect(html.contains(part), "the page lacks \(part)")
    }
  }

  @Test("The index has a row a plan with a link beside it and the tally of its predictions")
  func index() {
    let page = PlanIndexPage([
      (SyntheticPlan.points, "first-plot.html"), (SyntheticPlan.curve, "//x.org/?a"),
      (SyntheticPlan.course, "javascript:alert(1)"),
    ])
    let html = page.html
    #expect(html.contains("<a href=\"./first-plot.html\">Insecure code and its controls</a>"))
    #expect(html.contains("href=\".///x.org/%3Fa\""))
    #expect(html.contains("href=\"./javascript%3Aalert%281%29\""))
    #expect(
      html.contains(
        "<td>1 of 3 predictions held, 1 undecidable; 1 added after the first result</td>"))
    #expect(html.contains("<td>no predictions</td>"))
    #expect(PlanIndexPage([]).html.contains("No plan has results yet."))
    #expect(html == page.html)
  }

  @Test("The terminal's tables have a line a row, a comparison and a prediction")
  func console() {
    let findings = SyntheticPlan.points
    let lines = PlanConsoleTable(findings).text(width: 1000).components(separatedBy: "\n")
    let rules = lines.filter { $0.hasPrefix("───") }
    #expect(rules.count == 3)
    let count =
      findings.rows.count + findings.comparisons.count + findings.predictions.count
    // Each table has a header and a rule; two empty lines part them, and the text ends in one.
    #expect(lines.count == count + 3 * 2 + 2 + 1)
    #expect(lines.contains { $0.contains("Silent") && $0.contains("–") && !$0.contains("0.0") })
    #expect(lines.contains { $0.contains("so few seeds cannot give p < 0.05") })
    #expect(lines.contains { $0.contains("? undecidable, added after the first result") })
    let course = PlanConsoleTable(SyntheticPlan.course).text(width: 1000)
    #expect(course.contains("step 60"))
  }
}

@Suite struct NatsScaleTests {
  @Test("Nats have their sign, and an axis with 0 on it")
  func nats() {
    let scale = MeasureScale(.contrast)
    #expect(scale.value(0.2749) == "+0.275" && scale.value(-0.0004) == "0.000")
    #expect(scale.interval(Interval(low: -0.1, high: 0.2)) == "−0.100 to 0.200")
    let all = FindingEstimate(
      value: 0.2, overSeeds: Interval(low: 0.1, high: 0.3), clustered: nil, overAnswers: nil)
    #expect(scale.range([all]) == 0...1.05 * 0.3)
    #expect(scale.range([]) == -1...1)
  }
}

@Suite struct ScatterFigureTests {
  @Test("A dot for each model, a label for each name, none over another")
  func labels() {
    func point(_ name: String, _ x: Double, _ y: Double) -> ScatterFigure.Point {
      ScatterFigure.Point(name: name, colorClass: "c", x: x, y: y, detail: "seed 1")
    }
    let svg = ScatterFigure(
      title: "", axisTitle: "", valueTitle: "",
      points: [
        point("first", 0.1, 0.1), point("first", 0.12, 0.1), point("covered", 0.11, 0.1),
        point("far", 0.9, 0.9),
      ], xRange: 0...1, yRange: 0...1
    ).svg
    #expect(svg.components(separatedBy: "<circle ").count == 1 + 4)
    #expect(svg.components(separatedBy: "class=\"label c\"").count == 1 + 2)
    #expect(!svg.contains(">covered</text>") && svg.contains("covered, seed 1"))
  }
}
