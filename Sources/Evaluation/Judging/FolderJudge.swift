import Chats
import Core
import Engine
import Formats
import Foundation
import Judging
import Questions
import Store
import Synchronization
import Tuning

/// A judge in a folder of this machine: pinned by its weights.
///
/// `exact` takes the probability of every label, p(k) = Π p(tokens of k) · p(end of turn), so that
/// it reads models whose tokens are single digits: "1" begins "10" and "100". Other ways to write
/// the same number in tokens carry mass too; the one that the tokenizer gives is scored. `paper`
/// reads the likeliest first tokens, as an API reports them.
package final class FolderJudge {
  private let folder: LoadedFolder
  private let rule: JudgeAddress.Rule
  private let path: String
  private let pool: WorkerPool

  package init(_ folder: LoadedFolder, path: String, rule: JudgeAddress.Rule, pool: WorkerPool) {
    (self.folder, self.path, self.rule, self.pool) = (folder, path, rule, pool)
  }

  /// Who judges with these prompts.
  package func identity(_ prompts: [JudgePrompt]) throws -> JudgeDescription {
    Self.identity(rule, path, weights: try folder.fingerprint.hex, prompts)
  }

  static func identity(
    _ rule: JudgeAddress.Rule, _ path: String, weights: String, _ prompts: [JudgePrompt]
  ) -> JudgeDescription {
    JudgeDescription(
      rule: "\(rule)",
      version: rule == .exact ? JudgeDescription.exactVersion : JudgeDescription.paperVersion,
      model: "dir:\(path)", weights: weights, prompts: prompts)
  }

  /// Judges what the store does not have judged yet.
  ///
  /// - Throws: `InputError` for a prompt that the template refuses; `Interrupted`; `StoreError`.
  package func judge(
    _ set: AnswerSet, store: RunStore, stop: StopRequest,
    onProgress: @escaping @Sendable (_ done: Int, _ total: Int) -> Void
  ) throws -> JudgingOutcome {
    let weights = try folder.fingerprint.hex
    let tasks = try JudgeTasks(for: set, in: store) { prompts in
      Self.identity(rule, path, weights: weights, prompts)
    }
    var done = tasks.total - tasks.tasks.count
    onProgress(done, tasks.total)
    // Tasks of one prompt share their labels.
    for (_, group) in Self.grouped(tasks.tasks) {
      let labels = try labels(of: group[0].prompt)
      let part = 64
      let scorer =
        group[0].prompt.readsFirstToken
        ? try folder.continuationScorer(of: labels.tokens, pool: pool) : nil
      for start in stride(from: 0, to: group.count, by: part) {
        try stop.check()
        let some = Array(group[start..<min(start + part, group.count)])
        if let scorer {
          try measure(some, labels, scorer, store, set.run)
        } else {
          try readWords(some, store, set.run)
        }
        done += some.count
        onProgress(done, tasks.total)
      }
    }
    return JudgingOutcome(judges: tasks.judges, total: tasks.total, added: tasks.tasks.count)
  }

  private static func grouped(_ tasks: [JudgeTask]) -> [(JudgePrompt, [JudgeTask])] {
    var order: [JudgePrompt] = []
    var groups: [JudgePrompt: [JudgeTask]] = [:]
    for task in tasks {
      if groups[task.prompt] == nil { order.append(task.prompt) }
      groups[task.prompt, default: []].append(task)
    }
    return order.map { ($0, groups[$0] ?? []) }
  }

  /// For prompts that ask for words: the judge's likeliest reply is read.
  private func readWords(_ tasks: [JudgeTask], _ store: RunStore, _ run: Run) throws {
    let (readable, prompts) = try readable(tasks, reply: JudgeReply.longestText, store, run)
    let replies = try folder.likeliestReplies(
      to: prompts, maximumTokens: JudgeReply.longestText, pool: pool)
    for (task, reply) in zip(readable, replies) {
      try keep(JudgeReply.measurements(task.prompt, text: reply), task, store, run)
    }
  }

  private func measure(
    _ tasks: [JudgeTask], _ labels: JudgeLabels, _ scorer: ContinuationScorer, _ store: RunStore,
    _ run: Run
  ) throws {
    let (readable, prompts) = try readable(tasks, reply: labels.longest, store, run)
    let found = Mutex<[Int: ContinuationScores]>([:])
    scorer.score(prompts) { index, scores in
      found.withLock { $0[index] = scores }
      return true
    }
    let scores = found.withLock { $0 }
    for (index, task) in readable.enumerated() {
      guard let scores = scores[index] else { continue }
      let measurement = labels.measurement(task.prompt, scores) {
        folder.tokenizer.tokenizer.decode([$0])
      }
      try keep([measurement], task, store, run)
    }
  }

  /// The tasks whose prompts leave room for a reply, with these as tokens; the others are stored as
  /// missing.
  private func readable(
    _ tasks: [JudgeTask], reply: Int, _ store: RunStore, _ run: Run
  ) throws -> (tasks: [JudgeTask], prompts: [[Int32]]) {
    let limit = folder.summary.configuration.maximumPositionCount - reply
    var readable: (tasks: [JudgeTask], prompts: [[Int32]]) = ([], [])
    for task in tasks {
      let tokens = try folder.tokenizer.prompt([Message(role: .user, content: task.text)])
      if tokens.count <= limit {
        readable.tasks.append(task)
        readable.prompts.append(tokens.map { Int32($0) })
        continue
      }
      let reason = "the judge reads at most \(max(0, limit)) tokens; its prompt has \(tokens.count)"
      try keep(
        [StoredMeasurement(metric: task.prompt.name, reason: reason)], task, store, run)
    }
    return readable
  }

  private func keep(
    _ measurements: [StoredMeasurement], _ task: JudgeTask, _ store: RunStore, _ run: Run
  ) throws {
    try store.append(
      measurements: [MeasuredAnswer(key: task.key, measurements: measurements)], by: task.judge,
      to: run)
  }

  private func labels(of prompt: JudgePrompt) throws(InputError) -> JudgeLabels {
    guard rule == .exact, prompt.readsFirstToken else {
      return JudgeLabels(rule: rule, texts: [], tokens: [])
    }
    let texts = prompt.reading == .label ? prompt.labels : (0...100).map { "\($0)" }
    return JudgeLabels(rule: rule, texts: texts, tokens: try folder.tokenizer.replies(texts))
  }
}
