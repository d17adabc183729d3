import Core
import Documents

extension AdapterConfiguration {
  static let ranks = 1...65_536

  /// Reads `adapter_config.json`; what changes the model in ways that B·A cannot say (other
  /// methods, DoRA, biases, modules that are saved whole, starts that change the base) is refused
  /// by name.
  ///
  /// - Throws: `InputError` naming file and field.
  package init(json: JSON, file: String? = "adapter_config.json") throws(InputError) {
    let fields = try Fields(json, file: file)
    let kind = try fields.required("peft_type", fields.string("peft_type"))
    guard kind == "LORA" else { throw fields.wrong("peft_type", expected: "\"LORA\"") }
    try Self.refuseUnsupported(fields)
    // PEFT's defaults are r 8 and alpha 8.
    self.init(
      rank: try fields.integer("r") ?? 8, alpha: try fields.number("lora_alpha") ?? 8,
      rankStabilized: try fields.boolean("use_rslora") ?? false,
      layers: try Self.layers(fields), baseModel: try fields.string("base_model_name_or_path"))
    targetModules = try Self.targetModules(fields)
    excludedModules = try Self.excludedModules(fields)
    rankPattern = try Self.pattern("rank_pattern", fields) { (value) throws(InputError) in
      guard case .integer(let rank) = value else { return nil }
      return Self.ranks.contains(rank) ? rank : nil
    }
    alphaPattern = try Self.pattern("alpha_pattern", fields) { (value) throws(InputError) in
      switch value {
      case .integer(let alpha): alpha > 0 ? Double(alpha) : nil
      case .number(let alpha): alpha > 0 && alpha.isFinite ? alpha : nil
      default: nil
      }
    }
    guard Self.ranks.contains(rank) else {
      throw fields.failure("r", "found \(rank), expected 1 to 65536")
    }
    guard alpha.isFinite, alpha > 0 else {
      throw fields.failure("lora_alpha", "found \(alpha), expected a positive number")
    }
    if layers != nil, case .pattern = targetModules {
      throw fields.failure(
        "layers_to_transform", "PEFT allows it only beside a list of target_modules")
    }
  }

  /// Settings that must be missing, null, false or empty.
  private static let unsupported = [
    "use_dora", "fan_in_fan_out", "lora_bias", "use_qalora", "use_bdlora", "velora_config",
    "kasa_config", "arrow_config", "monteclora_config", "megatron_config",
    "alora_invocation_tokens", "modules_to_save", "target_parameters", "layer_replication",
    "trainable_token_indices",
  ]

  private static func refuseUnsupported(_ fields: Fields) throws(InputError) {
    for name in unsupported {
      switch fields[name] {
      case nil, .boolean(false), .array([]): continue
      case .object(let object) where object.members.isEmpty: continue
      default: throw fields.failure(name, "is not supported, expected none")
      }
    }
    if let bias = try fields.string("bias"), bias != "none" {
      throw fields.wrong("bias", expected: "\"none\"")
    }
    // PiSSA, OLoRA, LoftQ and their like also change the base model's own weights.
    switch fields["init_lora_weights"] {
    case nil, .boolean, .string("gaussian"), .string("eva"), .string("orthogonal"): break
    default:
      throw fields.wrong(
        "init_lora_weights", expected: "a start that leaves the base model's weights alone")
    }
    switch fields["layers_pattern"] {
    case nil, .string("layers"), .array(["layers"]), .array([]): break
    default: throw fields.wrong("layers_pattern", expected: "null or \"layers\"")
    }
  }

  private static func targetModules(_ fields: Fields) throws(InputError) -> ModuleSelection {
    let name = "target_modules"
    guard let selection = try selection(name, fields) else {
      throw fields.failure(name, "is missing")
    }
    guard case .names(let names) = selection else { return selection }
    for module in names.sorted() where !ModuleSelection.isLinear(module) {
      throw fields.failure(
        name,
        "found \(module.quotedOnOneLine), expected some of " + blockLinears.joined(separator: ", "))
    }
    if names.isEmpty { throw fields.failure(name, "expected at least one name") }
    return selection
  }

  private static func excludedModules(_ fields: Fields) throws(InputError) -> ModuleSelection? {
    let selection = try selection("exclude_modules", fields)
    return selection == .names([]) ? nil : selection
  }

  private static func selection(
    _ name: String, _ fields: Fields
  ) throws(InputError) -> ModuleSelection? {
    guard case .string(let text)? = fields[name] else {
      return try fields.strings(name).map { .names(Set($0)) }
    }
    if name == "target_modules", text.lowercased() == "all-linear" {
      return .names(Set(blockLinears))
    }
    do throws(InputError) {
      return .pattern(try ModulePattern(text))
    } catch {
      throw fields.failure(name, error.problem)
    }
  }

  private static func pattern<Value>(
    _ name: String, _ fields: Fields, _ read: (JSON) throws(InputError) -> Value?
  ) throws(InputError) -> [ModuleValue<Value>] {
    guard let entries = try fields.fields(name) else { return [] }
    var result: [ModuleValue<Value>] = []
    for member in entries.object.members {
      let field = member.name.onOneLine
      guard let value = try read(member.value) else {
        throw entries.failure(field, "found \(member.value.summary), expected a positive number")
      }
      do throws(InputError) {
        result.append(try ModuleValue(member.name, value))
      } catch {
        throw entries.failure(field, error.problem)
      }
    }
    return result
  }

  private static func layers(_ fields: Fields) throws(InputError) -> [Int]? {
    let layers: [Int]?
    if case .integer(let layer)? = fields["layers_to_transform"] {
      layers = [layer]
    } else {
      layers = try fields.integers("layers_to_transform")
    }
    guard let layers, !layers.isEmpty else { return nil }
    if let bad = layers.first(where: { !(0..<1024).contains($0) }) {
      throw fields.failure("layers_to_transform", "found \(bad), expected block numbers from 0")
    }
    return layers
  }
}
