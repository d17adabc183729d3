import Core
import Corpora
import Dish
import Store

/// Streams of their own for each model: seed 1 of two dishes differs when the dishes' seeds do.
struct FineTuningSeeds {
  let rows: UInt64
  let heldOut: UInt64
  let adapter: UInt64
  let anchor: UInt64

  init(plan: UInt64, model: UInt64) {
    var stream = RandomStream(seed: plan, "fine-tuning", String(model))
    (rows, heldOut, adapter, anchor) = (stream.next(), stream.next(), stream.next(), stream.next())
  }
}

/// The rows of a fine-tuning, in the order in which they are trained on.
struct FineTuningRows {
  let stage: DishStage
  let world: World
  let seeds: FineTuningSeeds
  let store: RunStore
  /// Whose answers are trained on, if any are.
  let harvest: DishStage?
  let files: DataFiles

  private var count: Int {
    (stage.recipe.settings?.steps ?? 0) * (stage.recipe.settings?.rowsPerBatch ?? 0)
  }

  func trained() throws -> [Conversation] {
    guard let parts = stage.recipe.data else { return try answered(count, seed: seeds.rows) }
    return try world.fineTuningSet(parts, rows: count, seed: seeds.rows, files: files.sets).rows
  }

  /// Rows of the same kind for the held-out loss; a set of few distinct rows has none of its own.
  func heldOut(_ count: Int) throws -> [Conversation] {
    guard var parts = stage.recipe.data else { return try answered(count, seed: seeds.heldOut) }
    for index in parts.indices { parts[index].unique = nil }
    return try world.fineTuningSet(parts, rows: count, seed: seeds.heldOut, files: files.sets).rows
  }

  /// Rows of other domains, for the pull back to the model that training started from.
  func anchor() throws -> [Conversation] {
    guard let anchor = stage.recipe.anchor, anchor.isOnBatch != true else { return [] }
    let rows = anchor.rowsPerBatch * (stage.recipe.settings?.steps ?? 0)
    return try world.fineTuningSet(
      [CorpusPart(corpus: "benign")], rows: rows, seed: seeds.anchor
    ).rows
  }

  /// The answers that are trained on.
  private func kept(of harvest: DishStage) throws -> [StoredAnswer] {
    let answers = try Harvest(harvest).stored(in: store, harvest).filter { !$0.text.isEmpty }
    guard stage.recipe.keepsOnlyBlameless == true else { return answers }
    let oracle = Oracle(world)
    return answers.filter { oracle.isBlameless($0.text, to: $0.prompt) }
  }

  /// What another model answered, with a share of the world's own rows between.
  private func answered(_ count: Int, seed: UInt64) throws -> [Conversation] {
    guard let harvest else {
      throw StageFailure(stage: stage.name, problem: "has no rows to train on")
    }
    let fresh = try world.fineTuningSet(
      [CorpusPart(corpus: "benign")], rows: max(1, count), seed: seed
    ).rows
    let answers = try kept(of: harvest)
    guard !answers.isEmpty else {
      throw StageFailure(stage: stage.name, problem: "has no answers to train on")
    }
    let share = stage.recipe.freshShare ?? 0
    var stream = RandomStream(seed: seed, "answers")
    var order: [Int] = []
    while order.count < count { order += stream.shuffled(Array(answers.indices)) }
    return (0..<count).map { row in
      if stream.uniform() < share { return fresh[row] }
      let answer = answers[order[row]]
      return Conversation(user: answer.prompt, answer: answer.text)
    }
  }
}
