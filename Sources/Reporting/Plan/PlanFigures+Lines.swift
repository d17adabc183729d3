import Lab
import Plans
import Statistics

extension PlanFigures {
  /// Rows that stand on the axis of a curve or of a course.
  package var placedRows: [FindingRow] { findings.rows.filter { place($0) != nil } }

  /// Rows of a curve or of a course that have no place on its axis.
  package var unplacedRows: [FindingRow] {
    let placed = Set(placedRows.map(\.cell))
    return findings.lastRows.filter { !placed.contains($0.cell) }
  }

  /// A dose is on the axis once, a course at all its places.
  private func place(_ row: FindingRow) -> Double? {
    if findings.plan.figure.kind == .course { return row.place.map { row.x ?? Double($0) } }
    guard findings.lastRows.contains(row) else { return nil }
    return findings.plan.conditions.first { $0.name == row.cell.condition }?.x
  }

  /// Doses on the axis, a line an evaluation; one panel for each thing that is measured.
  package var curves: [String] {
    var measures: [PlanMeasure] = []
    for evaluation in findings.plan.evaluations where !measures.contains(evaluation.measure) {
      measures.append(evaluation.measure)
    }
    return measures.compactMap { measure in
      let series = findings.plan.evaluations.filter { $0.measure == measure }.map { evaluation in
        LineFigure.Series(
          name: evaluation.title, colorClass: names.evaluationColor(evaluation.name),
          points: points(placedRows.filter { $0.cell.evaluation == evaluation.name }))
      }.filter { !$0.points.isEmpty }
      return panel(heading: findings.plan.title, measure, series)
    }
  }

  /// Steps or generations on the axis, a line a condition; one panel an evaluation.
  package var courses: [String] {
    findings.plan.evaluations.compactMap { evaluation in
      let rows = placedRows.filter { $0.cell.evaluation == evaluation.name }
      let series = findings.plan.conditions.map { condition in
        LineFigure.Series(
          name: condition.title, colorClass: names.color(condition.name),
          points: points(rows.filter { $0.cell.condition == condition.name }))
      }.filter { !$0.points.isEmpty }
      return panel(heading: evaluation.title, evaluation.measure, series)
    }
  }

  private func points(_ rows: [FindingRow]) -> [LineFigure.Point] {
    let useAnswers = !findings.hasSeedIntervals
    return rows.compactMap { row in
      place(row).map { x in
        LineFigure.Point(
          x: x, y: row.measured.number,
          whisker: useAnswers ? row.measured.overAnswers : row.measured.overSeeds)
      }
    }.sorted { $0.x < $1.x }
  }

  private func panel(
    heading: String, _ measure: PlanMeasure, _ series: [LineFigure.Series]
  ) -> String? {
    guard !series.isEmpty else { return nil }
    return LineFigure(
      title: "\(heading): \(measure.axisTitle)", heading: heading, axisTitle: axisTitle,
      valueTitle: measure.axisTitle, series: series, range: range(measure, placedRows),
      tick: MeasureScale(measure).tick,
      isLogarithmic: findings.plan.figure.isLogarithmic
    ).svg
  }

  private var axisTitle: String {
    if let axis = findings.plan.figure.axis { return axis }
    guard findings.plan.figure.kind == .course else { return "x" }
    return findings.plan.conditions.contains { $0.generations != nil } ? "generation" : "step"
  }

  /// Gradient norm and direction of the update, where trainings recorded them.
  package var dynamics: [String] {
    let norms = courseSeries(\.gradientNorms)
    let directions = courseSeries(\.directions)
    let largest = norms.flatMap { $0.points.compactMap(\.y) }.max() ?? 1
    let lowest = directions.flatMap { $0.points.compactMap(\.y) }.min() ?? 0
    return [
      training("Norm of the gradient", "before clipping", norms, 0...max(largest * 1.05, 1e-12)),
      training(
        "Direction of the update", "cosine with the whole update", directions,
        min(0, lowest)...1),
    ].compactMap { $0 }
  }

  private func courseSeries(
    _ values: KeyPath<TrainingCourse, [TrainingCourse.Point]>
  ) -> [LineFigure.Series] {
    findings.courses.map { course in
      LineFigure.Series(
        name: names.condition(course.condition), colorClass: names.color(course.condition),
        points: Self.points(course[keyPath: values]))
    }.filter { !$0.points.isEmpty }
  }

  private func training(
    _ heading: String, _ valueTitle: String, _ series: [LineFigure.Series],
    _ range: ClosedRange<Double>
  ) -> String? {
    guard !series.isEmpty else { return nil }
    return LineFigure(
      title: "\(heading) in training", heading: heading, axisTitle: "training step",
      valueTitle: valueTitle, series: series, range: range
    ).svg
  }

  /// The losses of each condition's trainings, one line a model, all on one scale.
  package var losses: [String] {
    let all = findings.courses.flatMap { Self.points($0.losses).compactMap(\.y) }
    let range = 0...max((all.max() ?? 1) * 1.05, 1e-12)
    return findings.plan.conditions.compactMap { condition in
      let series = findings.courses.filter { $0.condition == condition.name }.map { course in
        LineFigure.Series(
          name: (course.world.map { "world \($0), " } ?? "") + "seed \(course.seed)",
          colorClass: names.color(condition.name),
          points: Self.points(course.losses))
      }.filter { !$0.points.isEmpty }
      guard !series.isEmpty else { return nil }
      return LineFigure(
        title: "Training loss: \(condition.title)", heading: condition.title, axisTitle: "step",
        valueTitle: "nats a token", series: series, range: range, size: .small
      ).svg
    }
  }

  /// Longer trainings are drawn as means over equal stretches of steps.
  static let largestCount = 240

  /// Means over stretches; a value that is no number is left out.
  private static func points(_ points: [TrainingCourse.Point]) -> [LineFigure.Point] {
    let points = points.filter(\.value.isFinite)
    let length = max(1, (points.count + largestCount - 1) / largestCount)
    return stride(from: 0, to: points.count, by: length).map { start in
      let part = points[start..<min(start + length, points.count)]
      let (steps, sum) = part.reduce((0, 0.0)) { ($0.0 + $1.step, $0.1 + $1.value) }
      return LineFigure.Point(
        x: Double(steps / part.count), y: sum / Double(part.count), whisker: nil)
    }
  }
}
