import Core
import Documents

/// Reads the section `anatomy` of a plan.
struct PlanAnatomyReader {
  private let fields: PlanFields
  private let all: [PlanCondition]
  private let evaluations: [PlanEvaluation]
  private let kind: PlanOriginKind

  init(
    _ value: PlanValue, conditions: [PlanCondition], evaluations: [PlanEvaluation],
    _ kind: PlanOriginKind
  ) throws(InputError) {
    fields = try PlanFields(value, keys: PlanKeys.anatomy)
    (all, self.evaluations, self.kind) = (conditions, evaluations, kind)
  }

  private var conditions: [String] { all.map(\.name) }

  func anatomy() throws(InputError) -> PlanAnatomy {
    let of = try fields.required("of").name(of: "condition", among: conditions)
    let from = try fields.required("from").name(of: "condition", among: conditions)
    guard of != from else {
      throw fields.failure("from", "found \"\(from)\" from itself, expected another condition")
    }
    let directions = try directions(of: of, from: from)
    let steering = try steering(directions, of: of, from: from)
    let measures = try measures(of: steering)
    return PlanAnatomy(
      of: of, from: from, texts: try texts(for: directions),
      rows: try fields.count("rows", upTo: 100_000) ?? 200,
      tokens: try fields["tokens"]?.choice() ?? .answer, sites: try sites(),
      directions: directions, steering: steering, measures: measures,
      controls: try fields["controls"]?.integer(in: 0...1000) ?? 64,
      predictions: try fields["predictions"].map { (value) throws(InputError) in
        try value.list(of: "predictions").map { (value) throws(InputError) in
          try prediction(value, steering, measures)
        }
      } ?? [],
      landscape: try fields["landscape"].map { (value) throws(InputError) in
        try PlanLandscape(value, conditions: conditions, evaluations: evaluations)
      },
      course: try fields["course"].map { (value) throws(InputError) in
        try PlanCourse(value, conditions: all, directions: directions, evaluations: evaluations)
      },
      patch: try fields["patch"].map { (value) throws(InputError) in
        try PlanPatch(value, conditions: conditions, evaluations: evaluations)
      }, map: try map(),
      weights: try fields["weights"].map { (value) throws(InputError) in
        try PlanWeights(value, conditions: conditions)
      },
      lens: try fields["lens"].map { (value) throws(InputError) in
        guard !directions.isEmpty else {
          throw value.failure("found a lens without \"directions\" to look at")
        }
        return try PlanLens(value, evaluations: evaluations)
      })
  }

  private func map() throws(InputError) -> PlanMap? {
    guard let value = fields["map"] else { return nil }
    guard kind == .world else {
      throw value.failure(
        "found a map of a model folder, expected a plan on the dish, which has persons")
    }
    return try PlanMap(value)
  }

  private func measures(of steering: [PlanSteering]) throws(InputError) -> [String] {
    guard let value = fields["on"] else {
      guard steering.isEmpty else { throw fields.failure("on", "is missing") }
      return []
    }
    return try value.distinct("evaluations") { (value) throws(InputError) in
      try value.name(of: "evaluation", among: evaluations.map(\.name))
    }
  }

  private func prediction(
    _ value: PlanValue, _ steering: [PlanSteering], _ measures: [String]
  ) throws(InputError) -> PlanEffectPrediction {
    let own = try PlanFields(value, keys: PlanKeys.effectPrediction)
    let given = PlanPrediction.Direction.allCases.filter { own[$0.rawValue] != nil }
    guard let side = given.first, given.count == 1 else {
      let found = given.isEmpty ? "neither \"above\" nor \"below\"" : "\"above\" and \"below\""
      throw value.failure("found \(found), expected one of them")
    }
    let prediction = PlanEffectPrediction(
      direction: try own.required("direction").text(), into: try own.required("into").text(),
      how: try own.required("how").choice(),
      measure: try own.required("on").name(of: "measure", among: measures),
      quantity: try own["of"]?.choice() ?? .effect, side: side,
      threshold: try own.required(side.rawValue).number("a number from -100 to 100") {
        abs($0) <= 100
      })
    guard steering.contains(where: prediction.isAbout) else {
      throw value.failure(
        "found \(prediction.how.rawValue) \"\(prediction.direction)\" in \"\(prediction.into)\", which is not among "
          + "what \"steer\" does")
    }
    return prediction
  }

  private func texts(for directions: [PlanDirection]) throws(InputError) -> [PlanData] {
    guard let value = fields["texts"] else {
      guard directions.isEmpty, fields["map"] == nil else {
        throw fields.failure("texts", "is missing")
      }
      return []
    }
    return try value.parts()
  }

  private func sites() throws(InputError) -> [String] {
    try fields["sites"]?.distinct("places") { (value) throws(InputError) in try value.text() } ?? []
  }

  private func directions(
    of: String, from: String
  ) throws(InputError) -> [PlanDirection] {
    guard let value = fields["directions"] else {
      guard ["landscape", "patch", "map", "weights"].contains(where: { fields[$0] != nil }) else {
        throw fields.failure("directions", "is missing")
      }
      return []
    }
    return try value.entries(of: "directions").map { (entry) throws(InputError) in
      let plain = PlanDirection(
        name: entry.key, title: entry.key, of: of, from: from, definition: .shift)
      return entry.value.isNothing ? plain : try direction(plain, entry.value)
    }
  }

  private func direction(
    _ plain: PlanDirection, _ value: PlanValue
  ) throws(InputError) -> PlanDirection {
    var direction = plain
    let own = try PlanFields(value, keys: PlanKeys.direction)
    direction.title = try own.text("title") ?? plain.title
    direction.of = try own["of"]?.name(of: "condition", among: conditions) ?? plain.of
    direction.tokens = try own["tokens"]?.choice()
    direction.from = try own["from"]?.name(of: "condition", among: conditions) ?? plain.from
    guard direction.of != direction.from else {
      throw value.failure("found \"\(direction.of)\" from itself, expected another condition")
    }
    let given = ["split", "pairs", "authors"].filter { own[$0] != nil }
    guard given.count <= 1 else {
      throw value.failure("found \"\(given[0])\" beside \"\(given[1])\", expected one of them")
    }
    if let split = own["split"] {
      direction.definition = .split(try evaluation(split, isContrast: false))
    } else if let pairs = own["pairs"] {
      direction.definition = .pairs(try evaluation(pairs, isContrast: true))
    } else if let authors = own["authors"] {
      guard kind == .world else {
        throw authors.failure("found authors of a model folder, expected a plan on the dish")
      }
      let both = try PlanFields(authors, keys: PlanKeys.authors)
      direction.definition = .authors(
        bad: try both.required("bad").text(), good: try both.required("good").text())
    }
    return direction
  }

  private func evaluation(
    _ value: PlanValue, isContrast: Bool
  ) throws(InputError) -> String {
    let own = evaluations.filter { ($0.contrast != nil) == isContrast }.map(\.name)
    let name = try value.name(of: "evaluation", among: evaluations.map(\.name))
    guard own.contains(name) else {
      throw value.failure(
        "found \"\(name)\", expected an evaluation \(isContrast ? "with" : "without") \"contrast\"")
    }
    return name
  }

  private func steering(
    _ directions: [PlanDirection], of: String, from: String
  ) throws(InputError) -> [PlanSteering] {
    guard let value = fields["steer"] else { return [] }
    let names = directions.map(\.name)
    var known: Set<PlanSteering> = []
    return try value.list(of: "interventions").map { (value) throws(InputError) in
      let own = try PlanFields(value, keys: PlanKeys.steering)
      let how: PlanSteering.How = try own.required("how").choice()
      let into = try own.required("into").name(of: "condition", among: conditions)
      let name = try own.required("direction").name(of: "direction", among: names)
      if how == .swap, let direction = directions.first(where: { $0.name == name }),
        into != direction.of, into != direction.from
      {
        throw value.failure(
          "found a swap in \"\(into)\", expected \"\(direction.of)\" or \"\(direction.from)\", which the direction "
            + "is of and from: each takes over the other's part")
      }
      let steering = PlanSteering(
        direction: name, into: into, how: how, doses: try doses(own["doses"], how),
        tokens: try own["tokens"]?.choice())
      guard known.insert(steering).inserted else {
        throw value.failure("found it twice, expected each once")
      }
      return steering
    }
  }

  private func doses(
    _ value: PlanValue?, _ how: PlanSteering.How
  ) throws(InputError) -> [Double] {
    guard let value else { return [1] }
    guard how != .swap else { throw value.failure("found doses of a swap, which has none") }
    let doses = try (value.isList ? value.list(of: "doses") : [value]).map {
      (value) throws(InputError) in
      try value.number("a number from -100 to 100 that is not 0") { $0 != 0 && abs($0) <= 100 }
    }
    guard Set(doses).count == doses.count, doses.contains(1) else {
      throw value.failure("expected different doses, 1 among them: its controls are told")
    }
    return doses
  }
}
