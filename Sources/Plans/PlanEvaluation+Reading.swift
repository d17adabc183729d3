import Core
import Documents

extension PlanEvaluation {
  /// - Parameter names: of all conditions.
  init(
    _ entry: PlanMember, conditions names: [String], _ kind: PlanOriginKind
  ) throws(InputError) {
    try entry.value.refuse(kind.refusedInEvaluations)
    let fields = try PlanFields(entry.value, keys: PlanKeys.evaluation)
    name = entry.key
    title = try fields.text("title") ?? name
    contrast = try fields["contrast"]?.distinct("sets of contrasts") {
      (value) throws(InputError) in try PlanPath(value)
    }
    try Self.check(fields, isContrast: contrast != nil)
    questions =
      contrast != nil
      ? []
      : try fields.required("questions").distinct("question sets") {
        (value) throws(InputError) in try PlanPath(value)
      }
    changeFrom = try fields["change-from"]?.name(of: "condition", among: names)
    samples = try fields.count("samples")
    temperature =
      try fields["temperature"]?.number("a number from 0 to 10") { (0...10).contains($0) } ?? 1
    topP =
      try fields["top-p"]?.number("a number above 0 and at most 1") { $0 > 0 && $0 <= 1 } ?? 1
    topK = try fields.count("top-k")
    minP =
      try fields["min-p"]?.number("a number from 0 to 1") { (0...1).contains($0) }
    maximumTokens = try fields.count("max-tokens")
    prefill = try fields.text("prefill")
    seed = try fields["seed"].map { (value) throws(InputError) in
      UInt64(try value.integer(in: 0...4_294_967_295))
    }
    setting = try PlanSetting(fields)
    let own = try fields["measure"]?.choice(of: PlanMeasure.ofAnswers.map(\.rawValue))
    measure = own.flatMap(PlanMeasure.init) ?? (contrast == nil ? .misaligned : .contrast)
    conditions = try fields["only"]?.distinct("conditions") { (value) throws(InputError) in
      try value.name(of: "condition", among: names)
    }
  }
}

extension PlanEvaluation {
  /// What is for asking alone: a contrast scores answers that are given.
  private static let ofAsking = [
    "questions", "samples", "temperature", "top-p", "top-k", "min-p", "max-tokens", "prefill",
    "seed", "format", "frame", "measure",
  ]

  /// - Throws: for keys of the other kind of evaluation.
  private static func check(_ fields: PlanFields, isContrast: Bool) throws(InputError) {
    guard isContrast else {
      if fields["change-from"] != nil {
        throw fields.failure(
          "change-from", "found it without \"contrast\": \"compare\" holds answers against others")
      }
      return
    }
    for key in ofAsking where fields[key] != nil {
      throw fields.failure(
        key,
        "found it beside \"contrast\", which asks nothing: it scores answers that are given")
    }
  }
}

/// Reads what refers to conditions and evaluations.
struct PlanCells {
  let conditions: [String]
  let evaluations: [PlanEvaluation]

  func comparison(_ value: PlanValue) throws(InputError) -> PlanComparison {
    let fields = try PlanFields(value, keys: PlanKeys.cell)
    let of = try cell(fields)
    guard let against = try opponent(of, fields) else {
      throw fields.failure("against", "is missing; expected \"against\", \"against-on\" or both")
    }
    return PlanComparison(of: of, against: against)
  }

  func prediction(_ value: PlanValue) throws(InputError) -> PlanPrediction {
    let fields = try PlanFields(value, keys: PlanKeys.prediction)
    let of = try cell(fields)
    let against = try opponent(of, fields)
    let given = PlanPrediction.Direction.allCases.filter { fields[$0.rawValue] != nil }
    guard let direction = given.first, given.count == 1 else {
      let found = given.isEmpty ? "neither \"above\" nor \"below\"" : "\"above\" and \"below\""
      throw value.failure("found \(found), expected one of them")
    }
    let isContrast = try fields.required("on").evaluation(evaluations).measure == .contrast
    let isDifference = against != nil || of.from != nil
    let range = isContrast ? -100.0...100.0 : isDifference ? -1.0...1.0 : 0.0...1.0
    let threshold = try fields.required(direction.rawValue).number(
      "a number from \(Int(range.lowerBound)) to \(Int(range.upperBound)): "
        + (isContrast ? "nats a token" : "0.1 is ten percentage points"),
      where: range.contains)
    return PlanPrediction(of: of, against: against, direction: direction, threshold: threshold)
  }

  private func cell(_ fields: PlanFields) throws(InputError) -> PlanCell {
    let condition = try fields.required("of")
    let evaluation = try fields.required("on")
    let own = try evaluation.evaluation(evaluations)
    return try change(
      "from", of: cell(condition.name(of: "condition", among: conditions), in: own, at: condition),
      in: own, fields)
  }

  /// The cell, without the number of the condition that the key names, if there is one.
  private func change(
    _ key: String, of cell: PlanCell, in evaluation: PlanEvaluation, _ fields: PlanFields
  ) throws(InputError) -> PlanCell {
    guard let place = fields[key] else { return cell }
    let name = try place.name(of: "condition", among: conditions)
    guard name != cell.condition else {
      throw place.failure("found \"\(name)\" from itself, expected another condition")
    }
    guard evaluation.contrast == nil else {
      throw place.failure(
        "found it on \"\(evaluation.name)\", expected \"change-from\" in the contrast itself")
    }
    var cell = cell
    cell.from = try self.cell(name, in: evaluation, at: place).condition
    return cell
  }

  /// What the cell is held against; `nil`: nothing is said of it.
  private func opponent(_ cell: PlanCell, _ fields: PlanFields) throws(InputError) -> PlanCell? {
    let condition = fields["against"]
    let evaluation = fields["against-on"]
    guard let place = condition ?? evaluation else {
      if fields["against-from"] != nil {
        throw fields.failure("against-from", "found it without \"against\"")
      }
      return nil
    }
    let own = try fields.required("on").evaluation(evaluations)
    let other = try evaluation?.evaluation(evaluations) ?? own
    let opponent = try change(
      "against-from",
      of: self.cell(
        try condition?.name(of: "condition", among: conditions) ?? cell.condition, in: other,
        at: place), in: other, fields)
    guard opponent != cell else {
      throw place.failure(
        "found \"\(cell.condition)\" on \"\(cell.evaluation)\" against itself, expected another")
    }
    guard other.measure == own.measure else {
      throw (evaluation ?? place).failure(
        "found \"\(other.name)\", which measures \(other.measure.rawValue), expected an evaluation"
          + " that measures \(own.measure.rawValue) like \"\(own.name)\"")
    }
    return opponent
  }

  /// - Throws: if the evaluation is of other conditions only.
  private func cell(
    _ condition: String, in evaluation: PlanEvaluation, at place: PlanValue
  ) throws(InputError) -> PlanCell {
    if let only = evaluation.conditions, !only.contains(condition) {
      throw place.failure(
        "found \"\(condition)\", which \"\(evaluation.name)\" does not ask, expected"
          + " \(NearestName.alternatives(only))")
    }
    if evaluation.changeFrom == condition {
      throw place.failure(
        "found \"\(condition)\", which the numbers of \"\(evaluation.name)\" are the change from, "
          + "expected another condition: its own change is 0")
    }
    return PlanCell(condition: condition, evaluation: evaluation.name)
  }
}

extension PlanValue {
  func evaluation(_ all: [PlanEvaluation]) throws(InputError) -> PlanEvaluation {
    let name = try name(of: "evaluation", among: all.map(\.name))
    guard let evaluation = all.first(where: { $0.name == name }) else {
      throw failure("unknown evaluation \"\(name)\"")
    }
    return evaluation
  }
}
