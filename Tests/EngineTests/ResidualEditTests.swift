import Core
import Engine
import Formats
import Foundation
import Testing

/// Edits of the residual stream in every pass, against the naive model in double precision.
@Suite("Edits of the residual stream")
struct ResidualEditTests {
  typealias Edit = ResidualEdit

  /// Of every kind, at every place; two at one, and one before the first block.
  static func edits(_ width: Int, layers: Int) -> [ResidualEdit] {
    var numbers = Numbers("edits")
    func edit(_ operation: Edit.Operation, _ layer: Int, _ place: Site.Place) -> ResidualEdit {
      ResidualEdit(operation, along: numbers.normal(width), at: Site(layer: layer, place: place))
    }
    return [
      edit(.add(length: 0.3), 0, .pre), edit(.remove(share: 1), 0, .mid),
      edit(.cap(at: -0.2), 0, .post), edit(.add(length: -0.5), layers - 1, .pre),
      edit(.replace(with: 0.7), layers - 1, .mid), edit(.remove(share: 0.5), layers - 1, .post),
    ]
  }

  /// As the formulas stand in the documentation, an edit after the other.
  ///
  /// - Parameter sequence: tells which tokens are of an answer, where edits tell them apart.
  static func naive(
    _ edits: [ResidualEdit], in sequence: TrainingSequence? = nil
  ) -> (Site, Int, ArraySlice<Double>) -> [Double] {
    { site, row, stream in
      var h = Array(stream)
      for edit in edits where edit.site == site {
        let trained = sequence?.trained ?? []
        switch edit.tokens {
        case .all: break
        case .lastPrompt where row + 1 == trained.dropFirst().firstIndex(of: true): break
        case .answer where row > 0 && trained[row]: break
        default: continue
        }
        let unit = edit.unit.map(Double.init)
        let p = zip(h, unit).reduce(0) { $0 + $1.0 * $1.1 }
        let a =
          switch edit.operation {
          case .add(let length): Double(length)
          case .remove(let share): -Double(share) * p
          case .cap(let level): p > Double(level) ? Double(level) - p : 0
          case .replace(let level): Double(level) - p
          }
        h = zip(h, unit).map { $0 + a * $1 }
      }
      return h
    }
  }

  @Test("Logits are those of the naive model", arguments: TinyModels.names)
  func logits(name: String) throws {
    let model = TinyModels.model(name)
    let c = model.configuration
    let adapter = try TinyModels.adapter(LoRAConfiguration(rank: 3, alpha: 6), model)
    let edits = Self.edits(c.hiddenSize, layers: c.layerCount)
    for adapter in [nil, adapter] {
      var naive = NaiveModel(model, adapter: adapter)
      for edits in edits.map({ [$0] }) + [edits] {
        naive.edit = Self.naive(edits)
        let edited = model.edited(by: edits)
        for sequence in TinyModels.batch() {
          expectClose(
            try edited.logits(of: sequence.tokens, adapter: adapter),
            naive.logits(sequence.tokens), absolute: 5e-5, "\(edits.map(\.site))")
        }
      }
    }
  }

  @Test("Scores and samples come from the edited model", arguments: TinyModels.names)
  func decoding(name: String) throws {
    let model = TinyModels.model(name)
    let c = model.configuration
    let edits = Self.edits(c.hiddenSize, layers: c.layerCount)
    var naive = NaiveModel(model)
    naive.edit = Self.naive(edits)
    let batch = TinyModels.batch()
    try withPool(2) { pool in
      let scorer = try Scorer(
        model: model.edited(by: edits), precision: .f32, pool: pool, longest: 11)
      let later = try Scorer(model: model, precision: .f32, pool: pool, longest: 11)
      let before = later.likelihoods(of: batch).map(\.sum)
      later.edit(by: edits)
      let scores = scorer.likelihoods(of: batch).map(\.sum)
      #expect(later.likelihoods(of: batch).map(\.sum) == scores)
      for (sequence, score) in zip(batch, scores) {
        let expected = naive.loss([sequence]) * Double(sequence.trainedCount)
        #expect(abs(score - expected) < 1e-4 * Double(sequence.trainedCount))
      }
      later.edit(by: [])
      #expect(later.likelihoods(of: batch).map(\.sum) == before)

      var options = SamplingOptions(maximumTokens: 5, stopTokens: [])
      options.temperature = 0
      let sampler = try Sampler(model: model.edited(by: edits), precision: .f32, pool: pool)
      let prompt = Prompt(
        tokens: Array(batch[0].tokens.prefix(4)), streams: [RandomStream(seed: 1, "x")])
      var tokens = prompt.tokens
      for _ in 0..<5 {
        let last = naive.logits(tokens).suffix(c.vocabularySize)
        tokens.append(
          Int32(try #require(last.indices.max { last[$0] < last[$1] }) - last.startIndex))
      }
      #expect(sampler.sample([prompt], options: options)[0].tokens == Array(tokens.suffix(5)))
    }
  }

  @Test("The gradient goes through the edits", arguments: TinyModels.names)
  func gradient(name: String) throws {
    let model = TinyModels.model(name)
    let c = model.configuration
    let edits = Self.edits(c.hiddenSize, layers: c.layerCount)
    let adapter = try TinyModels.adapter(LoRAConfiguration(rank: 3, alpha: 6), model)
    let own = try ModelGradientTests.gradient(model.edited(by: edits), nil)
    try ModelGradientTests.compare(own, names: model.layout.slots.map(\.name)) { direction, step in
      var naive = NaiveModel(model)
      naive.edit = Self.naive(edits)
      naive.tensors = ModelGradientTests.moved(naive.tensors, direction, step)
      return naive.loss(TinyModels.batch())
    }
    let adapted = try ModelGradientTests.gradient(model.edited(by: edits), adapter)
    try ModelGradientTests.compare(adapted, names: adapter.layout.slots.map(\.name)) {
      direction, step in
      var naive = NaiveModel(model, adapter: adapter)
      naive.edit = Self.naive(edits)
      naive.adapter = ModelGradientTests.moved(naive.adapter, direction, step)
      return naive.loss(TinyModels.batch())
    }
  }

  @Test("Nothing, and a length of 0, leave the model as it is", arguments: precisions)
  func untouched(precision: Precision) throws {
    let model = TinyModels.model(TinyModels.names[0])
    let width = model.configuration.hiddenSize
    var numbers = Numbers("untouched")
    let nothing = [
      ResidualEdit(.add(length: 0), along: numbers.normal(width), at: Site(layer: 0, place: .post)),
      ResidualEdit(
        .remove(share: 0), along: numbers.normal(width), at: Site(layer: 1, place: .mid)),
      ResidualEdit(.cap(at: 1e6), along: numbers.normal(width), at: Site(layer: 1, place: .pre)),
    ]
    let tokens = TinyModels.batch()[0].tokens
    let plain = try model.logits(of: tokens, precision: precision)
    #expect(try model.edited(by: nothing).logits(of: tokens, precision: precision) == plain)
    #expect(
      try model.edited(by: nothing).edited(by: []).logits(of: tokens, precision: precision) == plain
    )
  }

  @Test(
    "Edits of some tokens leave the others", arguments: TinyModels.names,
    [ResidualEdit.Tokens.lastPrompt, .answer])
  func someTokens(name: String, tokens: ResidualEdit.Tokens) throws {
    let model = TinyModels.model(name)
    let c = model.configuration
    var numbers = Numbers("tokens")
    let batch = TinyModels.batch()
    try withPool(2) { pool in
      for layer in 0..<c.layerCount {
        for place in Site.Place.allCases {
          let site = Site(layer: layer, place: place)
          let edit = ResidualEdit(
            .add(length: 0.8), along: numbers.normal(c.hiddenSize), at: site, on: tokens)
          let edited = model.edited(by: [edit])
          let expected = batch.map { sequence in
            var naive = NaiveModel(model)
            naive.edit = Self.naive([edit], in: sequence)
            return naive.loss([sequence]) * Double(sequence.trainedCount)
          }
          let scored = try Scorer(model: edited, precision: .f32, pool: pool, longest: 11)
            .likelihoods(of: batch).map(\.sum)
          let atSite = try SiteScorer(
            AdaptedModel(model), batch, at: site, precision: .f32, pool: pool
          ).negativeLogLikelihoods(under: [edit])
          let trainer = try Trainer(
            model: edited, configuration: TrainingConfiguration(steps: 1, learningRate: 0),
            pool: pool, longest: 11)
          for (index, sequence) in batch.enumerated() {
            let limit = 1e-4 * Double(sequence.trainedCount)
            #expect(abs(scored[index] - expected[index]) < limit, "\(site)")
            #expect(abs(atSite[index] - expected[index]) < limit, "\(site)")
            let loss = try #require(trainer.evaluationLoss([sequence]))
            #expect(abs(loss * Double(sequence.trainedCount) - expected[index]) < limit, "\(site)")
          }
        }
      }
    }
  }
}
