import Chats
import Core
import Documents
import Evaluation
import Formats
import Plans
import Tuning

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
