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
    case trained(FolderTraining)
    /// The same after some of its steps.
    case snapshot(Int, FolderTraining)
    /// As the condition names it.
    case named(ModelAddress)
  }

  let condition: PlanCondition
  /// Of a fine-tune; of several named models the place among them, from 1; else 0.
  let seed: UInt64
  /// Steps or generations, where the plan looks at several; `nil`: the finished model.
  let place: Int?
  let source: Source

  /// What it needs to be trained.
  var training: FolderTraining? {
    switch source {
    case .trained(let training), .snapshot(_, let training): training
    case .base, .named: nil
    }
  }

  var endpoint: ModelAddress? {
    if case .named(let address) = source, case .endpoint = address { address } else { nil }
  }

  var name: String {
    switch source {
    case .base: condition.title
    case .trained(let training): training.name
    case .snapshot(let step, let training): "\(training.name), after \(step) steps"
    case .named: seed == 0 ? condition.title : "\(condition.title), model \(seed)"
    }
  }
}

/// The folder that a plan's models come from.
struct BaseFolder {
  let path: String
  let summary: ModelSummary
  let tokenizer: RowTokenizer

  /// - Throws: `InputError` naming file and field; `StoreError`.
  init(_ place: PlanPath, _ plan: Plan, _ memory: FolderMemory) throws {
    let folder = try place.modelFolder(memory)
    path = folder.path
    summary = try folder.check()
    tokenizer = try memory.rowTokenizer(
      of: folder, omittingDefaultSystemPrompt: !plan.keepsDefaultSystem)
  }
}

extension PlanCondition {
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
