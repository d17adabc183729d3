import Core
import Documents

/// What models come from, as far as it decides what a plan may say: all other keys mean the same
/// everywhere.
enum PlanOriginKind {
  case world, folder, named

  /// With `model` a plan trains a folder; with models in its conditions it asks these as they are.
  init(_ root: PlanValue) {
    self = root.has("model") ? .folder : root.namesModels ? .named : .world
  }

  /// Keys at the top that the origin cannot do, with what was found and why.
  var refusedAtTop: [String: String] {
    switch self {
    case .world:
      [
        "judge":
          "a judge, which reads answers of model folders and servers: the oracle reads the dish's",
        "judge-prompts": "prompts for a judge, where the oracle reads the answers",
        "default-system":
          "what a chat template adds, which a dish's models do not have: it is for model folders",
        "held-out": "rows to hold out of files, which are for model folders: a dish draws its rows",
        "serve": "a server, which is for model folders: only the engine knows a dish's models",
      ]
    case .folder:
      [
        "world": "a model beside a world, expected one of the two",
        "worlds": Self.onlyInDish,
      ]
    case .named:
      ["model", "held-out", "seeds", "training"].reduce(
        into: [
          "world": "a world beside conditions that name models, expected one of the two",
          "worlds": Self.onlyInDish,
        ]
      ) { $0[$1] = "\"\($1)\"\(Self.nothingToTrain)" }
    }
  }

  /// The same of a condition.
  var refusedInConditions: [String: String] {
    var refused: [String: String] = [:]
    if self != .named {
      refused["adapter"] = "an adapter, which is for conditions that name a model"
      refused["steer"] =
        "a steered model, which is for conditions that name one; \"anatomy\" steers a plan's own"
    }
    if self != .world {
      for key in ["aligned", "base", "teacher"] {
        refused[key] = "\"\(key)\", which is of the models that are grown on a dish"
      }
    }
    if self != .named { refused["tokenizer"] = "\"tokenizer\", which is of models behind servers" }
    switch self {
    case .world:
      for key in Self.ofFolders { refused[key] = "\"\(key)\"\(Self.onlyOnFolders)" }
      for key in ["model", "models"] {
        refused[key] = "\"\(key)\" beside a world, expected one of them"
      }
    case .folder:
      refused["world"] = "a world beside the \"model\" of the plan, expected one of the two"
      for key in ["model", "models"] {
        refused[key] =
          "\"\(key)\" beside the \"model\" of the plan, expected one of them: a plan trains one "
          + "folder, or asks models as they are"
      }
    case .named:
      let keys =
        PlanKeys.training + [
          "data", "seeds", "start", "snapshots", "generations", "anchor", "defend", "repair",
          "world",
        ]
      for key in keys { refused[key] = "\"\(key)\"\(Self.nothingToTrain)" }
    }
    return refused
  }

  /// The same of `training`.
  var refusedInTraining: [String: String] {
    guard self == .world else { return [:] }
    return Self.ofFolders.reduce(into: [:]) { $0[$1] = "\"\($1)\"\(Self.onlyOnFolders)" }
  }

  /// The same of an evaluation.
  var refusedInEvaluations: [String: String] {
    guard self == .world else { return [:] }
    return [
      "seed": "a seed of answers, which are a dish's own: --seed is of the world and all its draws"
    ]
  }

  private static let onlyInDish = "worlds, which are grown on a dish alone"
  private static let nothingToTrain =
    ", which is for training: conditions that name models ask them as they are"
  /// Settings of trainings on files, which have an end.
  private static let ofFolders = [
    "preset", "epochs", "accumulate", "max-length", "with", "environment",
  ]
  private static let onlyOnFolders =
    ", which is for model folders: a dish draws as many rows as it needs, steps times batch"
}

extension PlanValue {
  func has(_ key: String) -> Bool {
    guard case .mapping(let members) = content else { return false }
    return members.contains { $0.key == key }
  }

  /// - Parameter reasons: by key, what was found and why it cannot be.
  func refuse(_ reasons: [String: String]) throws(InputError) {
    guard case .mapping(let members) = content else { return }
    for member in members {
      guard let reason = reasons[member.key] else { continue }
      throw InputError(
        "found \(reason)", file: file, line: member.line, field: member.value.path)
    }
  }

  /// Whether a condition of this plan names a model.
  fileprivate var namesModels: Bool {
    guard case .mapping(let members) = content,
      case .mapping(let conditions)? = members.first(where: { $0.key == "conditions" })?.value
        .content
    else { return false }
    return conditions.contains { $0.value.has("model") || $0.value.has("models") }
  }
}
