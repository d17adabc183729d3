import Documents

// What was found between models and along trainings, for programs.

private func numbers(_ values: [Double?]) -> JSON { .array(values.map(number)) }

extension EffectFinding.Estimate {
  /// Its members, for whatever they are the numbers of.
  var members: [JSONObject.Member] {
    [.init("low", number(low)), .init("high", number(high))]
  }
}

extension BarrierFinding {
  var json: JSON {
    let profile: [JSON] = profile.map { point in
      [
        "share": .number(point.share), "loss": number(point.loss),
        "misaligned": number(point.misaligned), "coherent": number(point.coherent),
        "odds": number(point.odds),
      ]
    }
    return .object(
      JSONObject(
        [
          .init("between", .array(between.map(JSON.string))), .init("loss", .string(loss)),
          .init("height", number(height.value)),
        ] + height.members + [
          .init("noise", number(noise)), .init("wall", isWall.map(JSON.boolean) ?? .null),
          .init("at", .number(share)), .init("draws", .boolean(isNoise)),
          .init("models", .integer(models)), .init("profile", .array(profile)),
        ]))
  }
}

extension PlaneFinding {
  var json: JSON {
    func places(_ corners: [Corner]) -> JSON {
      .array(
        corners.map { corner in
          [
            "condition": .string(corner.condition),
            "place": corner.place.map { .integer($0) } ?? .null, "x": number(corner.x),
            "y": number(corner.y), "off": number(corner.offPlane),
          ]
        })
    }
    func table(_ values: [String: [Double]]) -> JSON {
      .array(
        values.sorted { $0.key < $1.key }.map {
          ["loss": .string($0.key), "values": numbers($0.value)]
        })
    }
    return [
      "through": .array(through.map(JSON.string)),
      "world": world.map { .integer(Int($0)) } ?? .null, "seed": .integer(Int(seed)),
      "length": number(length), "distance": number(distance), "back": number(wayBack),
      "corners": places(corners), "others": places(others), "x": numbers(x), "y": numbers(y),
      "losses": table(losses), "misaligned": numbers(misaligned), "coherent": numbers(coherent),
      "odds": numbers(odds), "random": table(random),
    ]
  }
}

extension PatchFinding {
  var json: JSON {
    .object(
      JSONObject(
        [
          .init("into", .string(into)), .init("from", .string(from)),
          .init("measure", .string(measure)), .init("site", .string(site)),
          .init("tokens", .string(tokens)), .init("share", number(share.value)),
        ] + share.members + [
          .init("control", .boolean(isControl)), .init("models", .integer(models)),
        ]))
  }
}

extension WeightsFinding {
  var json: JSON {
    func estimate(_ estimate: EffectFinding.Estimate) -> JSON {
      .object(JSONObject([.init("value", number(estimate.value))] + estimate.members))
    }
    let changes: [JSON] = changes.map { change in
      [
        "condition": .string(change.condition), "length": number(change.relativeLength),
        "carried": number(change.carried), "models": .integer(change.models),
      ]
    }
    let overlaps: [JSON] = overlaps.map { overlap in
      [
        "a": .string(overlap.a), "b": .string(overlap.b), "cosine": estimate(overlap.cosine),
        "overlap": estimate(overlap.overlap), "chance": number(overlap.chance),
      ]
    }
    return ["rank": .integer(rank), "changes": .array(changes), "overlaps": .array(overlaps)]
  }
}

extension MapFinding {
  var json: JSON {
    func estimate(_ estimate: EffectFinding.Estimate) -> JSON {
      .object(JSONObject([.init("value", number(estimate.value))] + estimate.members))
    }
    let worlds: [JSON] = worlds.map { world in
      let persons: [JSON] = world.persons.map { person in
        [
          "name": .string(person.name), "temperament": .string(person.temperament),
          "x": number(person.x), "y": number(person.y),
        ]
      }
      let assistant: [JSON] = world.assistant.map { place in
        [
          "condition": .string(place.condition),
          "place": place.place.map { .integer($0) } ?? .null, "x": number(place.x),
          "y": number(place.y),
        ]
      }
      return [
        "world": world.world.map { .integer(Int($0)) } ?? .null,
        "seed": .integer(Int(world.seed)), "shares": numbers(world.shares),
        "persons": .array(persons), "assistant": .array(assistant),
      ]
    }
    return [
      "site": .string(site), "bad": .string(bad), "good": .string(good),
      "along": estimate(along), "inPlane": estimate(inPlane), "worlds": .array(worlds),
    ]
  }
}

extension LeadFinding {
  var json: JSON {
    .object(
      JSONObject(
        [
          .init("from", .string(from)), .init("to", .string(to)),
          .init("steps", number(steps.value)),
        ]
          + steps.members + [.init("models", .integer(models))]))
  }
}

extension CourseFinding {
  var json: JSON {
    let models: [JSON] = models.map { model in
      let halves = Self.parts.map { part in
        JSONObject.Member(part, number(model.halfRises[part]))
      }
      let points: [JSON] = model.points.map { point in
        [
          "step": .integer(point.step), "projection": number(point.projection),
          "habit": number(point.habit), "spread": number(point.spread),
        ]
      }
      return [
        "world": model.world.map { .integer(Int($0)) } ?? .null,
        "seed": .integer(Int(model.seed)), "half": .object(JSONObject(halves)),
        "points": .array(points),
      ]
    }
    return [
      "condition": .string(condition), "direction": .string(direction), "site": .string(site),
      "habit": .string(habit), "spread": .string(spread), "models": .array(models),
    ]
  }
}
