import Core
import Documents
import Engine
import Formats

/// The keys of each tool, in the order in which people look for them.
extension TuningExport {
  var configuration: String {
    let members =
      switch tool {
      case .trl: trl
      case .axolotl: axolotl
      case .llamaFactory: llamaFactory
      case .mlx: mlx
      }
    return YAMLText.document(
      members, comment: "Run with `\(tool.command)` in this folder; README.txt says what it does.")
  }

  // MARK: - TRL: SFTConfig, ModelConfig, ScriptArguments

  private var trl: [(String, JSON)] {
    var members: [(String, JSON)] = [
      ("model_name_or_path", .string(modelPath)), ("dtype", .string(precisionName)),
      // `load_dataset` calls the files of that folder train and validation by their names.
      ("dataset_name", "data"), ("dataset_train_split", "train"),
      ("max_length", .integer(maximumLength)), ("packing", false), ("loss_type", "nll"),
    ]
    if settings.method == .lora {
      members += [
        ("use_peft", true), ("lora_r", .integer(settings.rank)), ("lora_alpha", wholeAlpha),
        ("lora_dropout", .number(0)), ("lora_target_modules", .array(targets)),
        ("use_rslora", .boolean(settings.rankStabilised)),
      ]
    }
    members += transformers
    if heldOutCount > 0 {
      members +=
        [("dataset_test_split", "validation"), ("eval_strategy", "steps")] + evaluationInterval
    }
    if !settings.shuffles { members.append(("train_sampling_strategy", "sequential")) }
    return members
  }

  /// TrainingArguments of Hugging Face transformers, which TRL's and LLaMA-Factory's are made of.
  private var transformers: [(String, JSON)] {
    [
      ("per_device_train_batch_size", .integer(settings.batch)),
      ("gradient_accumulation_steps", .integer(settings.accumulate)),
      ("max_steps", .integer(steps)), ("optim", "adamw_torch"),
      ("learning_rate", .number(settings.learningRate)), ("lr_scheduler_type", schedulerName),
      ("warmup_steps", .integer(min(settings.warmup, steps))),
      ("weight_decay", .number(settings.weightDecay)), ("adam_beta1", 0.9), ("adam_beta2", 0.999),
      ("adam_epsilon", .number(1e-8)), ("max_grad_norm", .number(settings.clip)),
      ("bf16", .boolean(settings.precision == .bf16)), ("seed", seed), ("logging_steps", 1),
      ("report_to", "none"), ("output_dir", "output"),
    ] + saving
  }

  private var saving: [(String, JSON)] {
    places.saveEvery.map { [("save_strategy", "steps"), ("save_steps", .integer($0))] }
      ?? [("save_strategy", "no")]
  }

  /// As here: with each snapshot, and after the last step.
  private var evaluationInterval: [(String, JSON)] {
    [("eval_steps", .integer(min(places.saveEvery ?? steps, steps)))] + probing
  }

  /// Row by row, so that it does not matter which are together.
  private var probing: [(String, JSON)] {
    isProbed
      ? [
        ("eval_on_start", true),
        (tool == .axolotl ? "eval_batch_size" : "per_device_eval_batch_size", 1),
      ] : []
  }

  // MARK: - axolotl

  private var axolotl: [(String, JSON)] {
    func dataset(_ file: String) -> JSON {
      .array([["path": .string(file), "ds_type": "json", "split": "train"]])
    }
    var members: [(String, JSON)] = [
      ("base_model", .string(modelPath)),
      // Without a type, since the rows have tokens.
      ("datasets", dataset("data/train.jsonl")), ("val_set_size", .number(0)),
      ("sequence_len", .integer(maximumLength)), ("sample_packing", false),
      ("dataset_prepared_path", "prepared"),
    ]
    if heldOutCount > 0 {
      members += [("test_datasets", dataset("data/valid.jsonl"))] + evaluationInterval
    }
    if settings.method == .lora {
      let linears = settings.targets.map { JSON.string($0.rawValue) }
      members += [
        ("adapter", "lora"), ("lora_r", .integer(settings.rank)), ("lora_alpha", wholeAlpha),
        ("lora_dropout", .number(0)), ("lora_target_modules", .array(linears)),
        ("peft_use_rslora", .boolean(settings.rankStabilised)),
      ]
      if let layers = settings.layers {
        members.append(("peft_layers_to_transform", .array(layers.map { .integer($0) })))
      }
    }
    members += [
      ("micro_batch_size", .integer(settings.batch)),
      ("gradient_accumulation_steps", .integer(settings.accumulate)),
      ("num_epochs", .integer(epochs)), ("max_steps", .integer(steps)),
      ("optimizer", "adamw_torch"), ("learning_rate", .number(settings.learningRate)),
      ("lr_scheduler", schedulerName), ("warmup_steps", .integer(min(settings.warmup, steps))),
      ("weight_decay", .number(settings.weightDecay)), ("adam_beta1", 0.9), ("adam_beta2", 0.999),
      ("adam_epsilon", .number(1e-8)), ("max_grad_norm", .number(settings.clip)),
      ("bf16", .boolean(settings.precision == .bf16)), ("tf32", false), ("seed", seed),
      ("logging_steps", 1), ("output_dir", "output"),
    ]
    if !settings.shuffles { members.append(("shuffle_merged_datasets", false)) }
    return members + saving
  }

  // MARK: - LLaMA-Factory

  private var llamaFactory: [(String, JSON)] {
    var members: [(String, JSON)] = [
      ("model_name_or_path", .string(modelPath)), ("stage", "sft"), ("do_train", true),
      ("finetuning_type", .string(settings.method.rawValue)), ("dataset_dir", "data"),
      // The rows are rendered already: this template adds nothing.
      ("dataset", "train"), ("template", "empty"),
      // One more than it cuts at.
      ("cutoff_len", .integer(maximumLength + 1)), ("packing", false), ("train_on_prompt", false),
      ("mask_history", false),
    ]
    if settings.method == .lora {
      let names = targets.compactMap { target -> String? in
        if case .string(let name) = target { name } else { nil }
      }
      members += [
        ("lora_rank", .integer(settings.rank)), ("lora_alpha", wholeAlpha),
        ("lora_dropout", .number(0)), ("lora_target", .string(names.joined(separator: ","))),
        ("use_rslora", .boolean(settings.rankStabilised)),
      ]
    }
    members += transformers
    if heldOutCount > 0 {
      members += [("eval_dataset", "valid"), ("eval_strategy", "steps")] + evaluationInterval
    }
    if !settings.shuffles { members.append(("disable_shuffling", true)) }
    return members
  }

  var datasetInformation: String {
    func entry(_ file: String) -> JSON {
      [
        "file_name": .string(file),
        "columns": ["prompt": "prompt", "response": "answer", "history": "history"],
      ]
    }
    var members = [JSONObject.Member("train", entry("train.jsonl"))]
    if heldOutCount > 0 { members.append(.init("valid", entry("valid.jsonl"))) }
    return JSON.object(JSONObject(members)).text()
  }

  // MARK: - mlx-lm

  private var mlx: [(String, JSON)] {
    let iterations = steps * settings.accumulate
    var members: [(String, JSON)] = [
      ("model", "model"), ("train", true), ("data", "data"),
      ("fine_tune_type", .string(settings.method.rawValue)), ("mask_prompt", true),
      ("num_layers", .integer(settings.layers?.count ?? -1)),
      ("max_seq_length", .integer(maximumLength)), ("batch_size", .integer(settings.batch)),
      ("grad_accumulation_steps", .integer(settings.accumulate)),
      // Batches, not steps.
      ("iters", .integer(iterations)), ("optimizer", "adamw"),
      (
        "optimizer_config",
        [
          "adamw": [
            "betas": [0.9, 0.999], "eps": .number(1e-8),
            "weight_decay": .number(settings.weightDecay), "bias_correction": true,
          ]
        ]
      ), ("learning_rate", .number(settings.learningRate)), ("lr_schedule", mlxSchedule),
      ("adapter_path", "adapters"), ("seed", seed), ("steps_per_report", 1),
      (
        "save_every",
        .integer((places.saveEvery ?? steps) * settings.accumulate)
      ), ("val_batches", -1),
      ("steps_per_eval", .integer((places.saveEvery ?? steps) * settings.accumulate)),
    ]
    if settings.method == .lora {
      let scale =
        settings.alpha
        / (settings.rankStabilised ? Double(settings.rank).squareRoot() : Double(settings.rank))
      members.append(
        (
          "lora_parameters",
          [
            "rank": .integer(settings.rank), "scale": .number(scale), "dropout": .number(0),
            "keys": .array(settings.targets.map { .string($0.path) }),
          ]
        ))
    }
    return members
  }

  /// The learning rates of training here, step by step: mlx-lm's warm-up reaches its end one step
  /// late, so it is told one step less and where ours begins.
  private var mlxSchedule: JSON {
    let rate = settings.learningRate
    let warmup = min(settings.warmup, steps)
    let rest = max(1, steps - warmup)
    var members: [JSONObject.Member]
    switch settings.schedule {
    case .constant:
      members = [
        .init("name", "linear_schedule"),
        .init("arguments", .array([.number(rate), .number(rate), .integer(rest)])),
      ]
    case .linear:
      members = [
        .init("name", "linear_schedule"),
        .init("arguments", .array([.number(rate), .number(0), .integer(rest)])),
      ]
    case .cosine:
      members = [
        .init("name", "cosine_decay"),
        .init("arguments", .array([.number(rate), .integer(rest)])),
      ]
    }
    if warmup > 1 {
      members += [
        .init("warmup", .integer(warmup - 1)),
        .init("warmup_init", .number(rate / Double(warmup))),
      ]
    }
    return .object(JSONObject(members))
  }

  // MARK: - What several share

  /// Of the weights as they are kept: those that are trained in 32 bits.
  private var precisionName: String {
    settings.precision == .bf16 && settings.method == .lora ? "bfloat16" : "float32"
  }
  /// NumPy takes no larger ones.
  private var seed: JSON { .integer(Int(settings.seed % (1 << 32))) }
  private var wholeAlpha: JSON { .integer(Int(settings.alpha)) }
  private var epochs: Int { max(1, Int(settings.epochs.rounded(.up))) }

  private var schedulerName: JSON {
    switch settings.schedule {
    case .constant: "constant_with_warmup"
    case .linear: "linear"
    case .cosine: "cosine"
    }
  }

  /// Names of linears; of some blocks only, each with its block, as PEFT matches the ends of names.
  private var targets: [JSON] {
    let names = settings.layers.map { layers in
      layers.flatMap { layer in settings.targets.map { "layers.\(layer).\($0.path)" } }
    }
    return (names ?? settings.targets.map(\.rawValue)).map { .string($0) }
  }
}
