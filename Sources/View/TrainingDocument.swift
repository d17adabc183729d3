import Store

/// The courses of all trainings of a project.
struct TrainingDocument: Encodable {
  struct Course: Encodable {
    var run: Int64
    var kind: String
    var name: String
    var state: String
    var seconds: Double
    var steps: [Int]
    var losses: [Double]
    var gradientNorms: [Double]
    var learningRates: [Double]
    var evaluatedSteps: [Int]
    var evaluatedLosses: [Double]
  }

  /// The most points of a line: more cannot be told apart on a page.
  static let mostPoints = 240

  var courses: [Course]

  init(_ store: StoreReader) throws {
    courses = try store.runs().filter { [.base, .align, .finetune].contains($0.kind) }.map { run in
      let (steps, evaluations) = try store.course(of: run, most: Self.mostPoints)
      return Course(
        run: run.id, kind: run.kind.rawValue, name: run.name, state: run.state.rawValue,
        seconds: try store.seconds(of: run), steps: steps.map(\.step), losses: steps.map(\.loss),
        gradientNorms: steps.map(\.gradientNorm), learningRates: steps.map(\.learningRate),
        evaluatedSteps: evaluations.map(\.step), evaluatedLosses: evaluations.map(\.loss))
    }
  }
}
