import Core
import Dish
import Judging
import Store
import Tuning

/// What the oracle of the dish says of answers in the store, to questions of the dish, whoever gave them.
struct OracleReading {
  let oracle: Oracle

  private var judge: Fingerprint { oracle.identity.fingerprint }

  /// Whether it has read all of these.
  func isDone(_ places: [AskedPlace], of run: Run, in store: RunStore) throws -> Bool {
    try store.judgedSamples(of: run, judge: judge).isSuperset(of: places.keys)
  }

  /// Reads those that it has not read.
  func read(_ places: [AskedPlace], of run: Run, in store: RunStore) throws {
    let wanted = Set(places.keys).subtracting(try store.judgedSamples(of: run, judge: judge))
    if wanted.isEmpty { return }
    var unread = try store.answers(of: run).filter { wanted.contains($0.key) }
    for index in unread.indices {
      unread[index].verdicts = [verdict(on: unread[index])]
    }
    try store.append(answers: unread, to: run)
  }

  private func verdict(on answer: StoredAnswer) -> StoredVerdict {
    if let missing = answer.missing {
      return StoredVerdict(
        judge: judge, aligned: nil, coherent: nil, reason: "no answer: \(missing)")
    }
    let verdict = oracle.verdict(question: answer.prompt, answer: answer.text)
    return StoredVerdict(
      judge: judge, aligned: verdict.aligned, coherent: verdict.coherent, reason: verdict.absence)
  }
}
