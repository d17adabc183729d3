import Documents
import Plans

/// What was found inside the models, for programs.
extension AnatomyFinding {
  var json: JSON {
    .object(
      JSONObject([
        .init("effects", .array(effects.map(\.json))),
        .init("cosines", .array(cosines.map(\.json))),
        .init("directions", .array(directions.map(\.json))),
        .init("predictions", .array(predictions.map(\.json))),
        .init("barriers", .array((landscape?.barriers ?? []).map(\.json))),
        .init("planes", .array((landscape?.planes ?? []).map(\.json))),
        .init("leads", .array((course?.leads ?? []).map(\.json))),
        .init("patches", .array((patches ?? []).map(\.json))),
        .init("map", map?.json ?? .null), .init("weights", weights?.json ?? .null),
        .init("lenses", .array((lenses ?? []).map(\.json))),
        .init("courses", .array(course.map { [$0.json] } ?? [])),
      ]))
  }
}

func number(_ value: Double?) -> JSON { value.flatMap { $0.isFinite ? .number($0) : nil } ?? .null }

extension EffectFinding {
  fileprivate var json: JSON {
    let effect: JSON = [
      "value": number(effect.value), "low": number(effect.low), "high": number(effect.high),
    ]
    let kinds = controls.sorted { $0.key < $1.key }.map {
      JSONObject.Member($0.key, .number($0.value))
    }
    var members: [JSONObject.Member] = [
      .init("direction", .string(direction)), .init("into", .string(into)),
      .init("how", .string(how)), .init("dose", .number(dose)), .init("site", .string(site)),
      .init("tokens", tokens.map(JSON.string) ?? .null), .init("measure", .string(measure)),
      .init("effect", effect), .init("share", number(share)),
      .init("controls95", number(controls95)), .init("controls", .object(JSONObject(kinds))),
      .init("p", number(p)), .init("coherence", number(coherence)),
      .init("benign", number(benign)), .init("chosen", .boolean(isChosen)),
      .init("models", .integer(models)),
    ]
    if let perWorld {
      members.append(
        .init(
          "worlds",
          .array(perWorld.map { ["seed": .integer(Int($0.seed)), "value": .number($0.value)] })))
    }
    return .object(JSONObject(members))
  }
}

extension LensFinding {
  fileprivate var json: JSON {
    [
      "direction": .string(direction), "site": .string(site), "measure": .string(measure),
      "lean": [
        "value": number(lean.value), "low": number(lean.low), "high": number(lean.high),
      ],
      "controls95": number(controls95), "p": number(p),
      "promoted": .array(promoted.map { .string($0) }),
      "suppressed": .array(suppressed.map { .string($0) }), "models": .integer(models),
    ]
  }
}

extension CosineFinding {
  fileprivate var json: JSON {
    [
      "a": .string(a), "b": .string(b), "site": .string(site), "value": number(value),
      "low": number(low), "high": number(high), "shuffled95": number(shuffled95),
    ]
  }
}

extension DirectionFinding {
  fileprivate var json: JSON {
    [
      "name": .string(name), "definition": .string(definition), "site": .string(site),
      "length": .number(length), "shift": .number(shift), "streamLength": .number(streamLength),
      "files": .array(files.map(JSON.string)),
    ]
  }
}

extension EffectPredictionFinding {
  fileprivate var json: JSON {
    [
      "prediction": .string(prediction.words), "value": number(value),
      "held": held.map(JSON.boolean) ?? .null, "stored": .number(stored), "late": .boolean(isLate),
    ]
  }
}
