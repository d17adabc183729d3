import Chats
import Core
import Documents
import Evaluation
import Formats
import Plans
import Tuning

/// A model that a plan asks.
struct FolderModel {
  enum Source {
    /// The plan's folder as it is.
    case base
    case finetune(FineTuning)
    /// As the condition names it.
    case named(ModelAddress)
  }

  let condition: FolderCondition
  /// Of a fine-tune; of several named models the place among them, from 1; else 0.
  let seed: UInt64
  let source: Source

  var tuning: FineTuning? {
    if case .finetune(let tuning) = source { tuning } else { nil }
  }

  var endpoint: ModelAddress? {
    if case .named(let address) = source, case .endpoint = address { address } else { nil }
  }

  var name: String {
    switch source {
    case .base: condition.title
    case .finetune: "\(condition.title), seed \(seed)"
    case .named: seed == 0 ? condition.title : "\(condition.title), model \(seed)"
    }
  }

  /// Where a fine-tune is in the project.
  static func place(_ fingerprint: Fingerprint) -> String { "models/\(fingerprint.short)" }
}

/// The folder that a plan's models come from.
struct BaseFolder {
  let path: String
  let summary: ModelSummary
  let tokenizer: RowTokenizer

  /// - Throws: `InputError` naming file and field; `StoreError`.
  init(_ place: PlanPath, _ plan: FolderPlan, _ memory: FolderMemory) throws {
    try place.requireFile(isFolder: true)
    path = place.path
    let folder = ModelFolder(path: path)
    summary = try folder.check()
    tokenizer = try memory.rowTokenizer(
      of: folder, omittingDefaultSystemPrompt: !plan.keepsDefaultSystem)
  }
}

extension FolderCondition {
  /// Where the models are that it names.
  ///
  /// - Throws: `InputError` at the plan's line, also for the same model in other words: it would count as
  ///   two.
  func addresses() throws(InputError) -> [ModelAddress] {
    var addresses: [ModelAddress] = []
    for model in models {
      let address = try ModelAddress(model)
      guard !addresses.contains(address) else {
        throw model.failure(
          "found \(address.description.quotedOnOneLine) again, expected each of the models once")
      }
      addresses.append(address)
    }
    return addresses
  }
}

extension ModelAddress {
  /// - Throws: `InputError` at the plan's line.
  fileprivate init(_ address: PlanAddress) throws(InputError) {
    do throws(InputError) {
      try self.init(parsing: address.resolved)
    } catch {
      throw address.failure(error.problem)
    }
  }
}
