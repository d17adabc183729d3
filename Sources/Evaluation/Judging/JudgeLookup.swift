import Core
import Questions
import Store
import Tuning

/// What the store has of the verdicts of the judge that an address names: nobody is asked, and no weight
/// is read.
package struct JudgeLookup: Sendable {
  /// Verdicts on a set of answers.
  package struct Verdicts: Sendable {
    /// Those that have judged some of the answers: one for each set of prompts.
    package var judges: [StoredJudge]
    /// Verdicts that are there, missing scores with their reasons included, of all that there can be.
    package var done: Int
    package var total: Int
  }

  /// A judge that the store knows, and how many answers of a run it has judged.
  private typealias Known = (judge: JudgeDescription, answers: Int)

  private enum Identity: Sendable {
    case oracle(StoredJudge)
    /// Who judges with these prompts.
    case model(@Sendable (_ prompts: [JudgePrompt], _ known: [Known]) -> JudgeDescription)
  }

  private let identity: Identity

  /// - Throws: `InputError` naming file and field for a folder that cannot be read.
  package init(_ judge: JudgeAddress, options: ModelOptions) throws {
    switch judge {
    case .dish: identity = .oracle(try OracleJudge().identity.stored)
    case .guardian(let path): identity = .oracle(try GuardJudge(path, options).identity.stored)
    case .model(let rule, .folder(let path)):
      let weights = try LoadedFolder(path, options).fingerprint.hex
      identity = .model { prompts, _ in
        FolderJudge.identity(rule, path, weights: weights, prompts)
      }
    case .model(_, .endpoint(let address)):
      // How many alternatives a server tells, and so under which identity it judges, is known only
      // to who has asked it: of several identities the one with the most verdicts.
      identity = .model { prompts, known in
        let unasked = EndpointJudge.identity(address, prompts, alternatives: 20)
        let own = known.filter { $0.judge.model == unasked.model && $0.judge.prompts == prompts }
        return own.max { $0.answers < $1.answers }?.judge ?? unasked
      }
    }
  }

  /// - Throws: `StoreError`.
  package func verdicts(on set: AnswerSet, in store: RunStore) throws -> Verdicts {
    switch identity {
    case .oracle(let judge):
      let done = try store.measurements(of: set.run, judge: judge.fingerprint)
      let count = set.answers.count { done[$0.key] != nil }
      return Verdicts(judges: count > 0 ? [judge] : [], done: count, total: set.answers.count)
    case .model(let description):
      let stored = try store.judges(of: set.run)
      let known = stored.compactMap { entry in
        JudgeDescription(entry.judge).map { Known($0, entry.answers) }
      }
      let tasks = try JudgeTasks(for: set, in: store) { description($0, known) }
      let fingerprints = Set(stored.map(\.judge.fingerprint))
      return Verdicts(
        judges: tasks.judges.filter { fingerprints.contains($0.fingerprint) },
        done: tasks.total - tasks.tasks.count, total: tasks.total)
    }
  }
}
