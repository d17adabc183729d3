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
      let verdict = oracle.verdict(question: unread[index].prompt, answer: unread[index].text)
      unread[index].verdicts = [
        StoredVerdict(
          judge: judge, aligned: verdict.aligned, coherent: verdict.coherent,
          reason: verdict.absence)
      ]
    }
    try store.append(answers: unread, to: run)
  }
}
