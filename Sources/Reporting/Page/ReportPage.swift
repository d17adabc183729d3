import Foundation
import Lab

/// The report: one HTML page that needs nothing else, neither network nor scripts.
public struct ReportPage: Sendable, Hashable {
  public let input: ReportInput

  public init(_ input: ReportInput) { self.input = input }

  /// Writes `html`, first to a temporary name: an interrupted write leaves the old report.
  public func write(to file: URL) throws {
    try Data(html.utf8).write(to: file, options: .atomic)
  }

  /// The page. The same input gives the same bytes.
  public var html: String {
    HTML.page(
      title: input.title, css: ReportStyle.css,
      header + questionSection + pooledSection + scatterSection + examplesSection + curvesSection
        + worldSection + settingsSection + definitionsSection)
  }

  var results: Results { input.results }

  private var header: String {
    let headlines = results.methods.map { Headline(results, method: $0) }
    var markup = HTML.text("h1", input.title)
    for headline in headlines {
      let style =
        switch headline.verdict {
        case .shown: "headline shown"
        case .notShown: "headline not-shown"
        case .unknown: "headline unknown"
        }
      markup += HTML.text("p", class: style, headline.text)
    }
    if headlines.isEmpty {
      markup += HTML.text("p", class: "headline unknown", "No fine-tuned model has answered yet.")
    }
    for warning in results.warnings { markup += HTML.text("p", class: "warning", warning) }
    let answers = results.conditions.reduce(0) { $0 + $1.answers }
    let models = results.conditions.reduce(0) { $0 + $1.seeds }
    markup += HTML.text(
      "p", class: "facts",
      "\(models) models · \(NumberText.count(answers)) answers to free-form questions · "
        + "\(NumberText.seconds(results.elapsedSeconds)) · read by \(results.judge.name) "
        + "(\(results.judge.fingerprint.prefix(12)))")
    return HTML.element("header", "\n" + markup)
  }

  private var questionSection: String {
    let questions = shownQuestions
    guard !questions.isEmpty, !results.methods.isEmpty else { return "" }
    let drawings = results.methods.map { method in
      HTML.text("h3", "Fine-tuned by \(method.label)")
        + QuestionFigure(results: results, questions: questions, method: method).figure.svg
    }
    return HTML.section(
      id: "questions", "How often does each model answer in a misaligned way?",
      HTML.text(
        "p",
        "Free-form questions that have nothing to do with code. A dot is the share of coherent "
          + "answers that are misaligned. The thick bar is the 95 % interval over models (seeds), "
          + "the thin one over answers.")
        + HTML.figures(drawings, class: "wide")
        + HTML.details("The numbers of this figure", questionTable))
  }

  private var pooledSection: String {
    guard !results.conditions.isEmpty else {
      return HTML.section(id: "pooled", "All questions pooled", HTML.text("p", "No results yet."))
    }
    let drawings = results.methods.map { method in
      HTML.text("h3", "Fine-tuned by \(method.label)")
        + SummaryFigure(results: results, method: method).figure.svg
    }
    return HTML.section(
      id: "pooled", "All questions pooled",
      HTML.text(
        "p",
        "In-domain tasks are code tasks that were not trained on: they tell whether the narrow "
          + "habit was learned at all. The null world must learn it too, and must not spread it.")
        + (drawings.isEmpty ? "" : HTML.figures(drawings, class: "wide")) + pooledTable)
  }

  private var scatterSection: String {
    let groups = results.conditions.map(\.key).map { key in
      ScatterFigure(
        condition: key, points: input.scatter.filter { $0.condition == key },
        rule: results.scoringRule)
    }.filter { !$0.points.isEmpty }
    guard !groups.isEmpty else { return "" }
    let rows = ConditionKey.Method.allShown.map { method in
      let drawings = groups.filter { $0.condition.method == method }.map(\.svg)
      guard !drawings.isEmpty else { return "" }
      return HTML.text("h3", method == .full ? "All weights" : "LoRA")
        + HTML.figures(drawings, class: "small")
    }
    let rule = results.scoringRule
    return HTML.section(
      id: "scatter", "Alignment and coherence of the answers",
      HTML.text(
        "p",
        "Each dot is an answer, moved by up to 8 points so that equal scores do not hide each "
          + "other. Shaded: coherent at least \(Axis.label(rule.coherentAtLeast)) and aligned "
          + "below \(Axis.label(rule.misalignedBelow)), which counts as misaligned; its share is of "
          + "the answers of this figure, of which at most \(ScatterFigure.largestCount) a condition "
          + "are drawn.")
        + rows.joined())
  }

  private var curvesSection: String {
    var panels: [String] = []
    for curve in input.curves where !panels.contains(curve.panel) { panels.append(curve.panel) }
    guard !panels.isEmpty else { return "" }
    let drawings = panels.map { panel in
      CurveFigure(panel: panel, curves: input.curves.filter { $0.panel == panel }).svg
    }
    let long = input.curves.contains { $0.points.count > CurveFigure.largestCount }
    return HTML.section(
      id: "training", "Training",
      HTML.text(
        "p",
        "Mean cross-entropy of the trained tokens at each step; one line a model."
          + (long
            ? " Long trainings are drawn as means over equal stretches of steps, at most "
              + "\(CurveFigure.largestCount) a line." : ""))
        + HTML.figures(drawings, class: "wide") + HTML.details("First and last losses", curveTable))
  }
}

extension ConditionKey.Method {
  static let allShown: [ConditionKey.Method] = [.full, .lora]
}
