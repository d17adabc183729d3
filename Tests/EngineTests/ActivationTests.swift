import Core
import Engine
import Formats
import Foundation
import Testing

/// What is read of the residual stream, and what is put into it from another model.
@Suite("Activations")
struct ActivationTests {
  static func sites(_ model: Model) -> [Site] {
    (0..<model.configuration.layerCount).flatMap { layer in
      Site.Place.allCases.map { Site(layer: layer, place: $0) }
    }
  }

  @Test("Means are those of the naive model, edited or not", arguments: TinyModels.names)
  func means(name: String) throws {
    let plain = TinyModels.model(name)
    let width = plain.configuration.hiddenSize
    let edits = ResidualEditTests.edits(width, layers: plain.configuration.layerCount)
    let sites = Self.sites(plain)
    let sequences = TinyModels.batch(5).enumerated().map { index, sequence in
      // The first, the last, all, and some tokens are read.
      let count = sequence.tokens.count
      return ReadSequence(
        tokens: sequence.tokens,
        isRead: (0..<count).map {
          [$0 == 0, $0 == count - 1, true, $0 % 2 == 1, $0 == count / 2][index % 5]
        })
    }
    for edits in [[], edits] {
      var naive = NaiveModel(plain)
      naive.edit = edits.isEmpty ? nil : ResidualEditTests.naive(edits)
      let means = try withPool(2) { pool in
        try ActivationReader(
          model: plain.edited(by: edits), sites: sites, precision: .f32, pool: pool
        ).means(of: sequences)
      }
      for (sequence, found) in zip(sequences, means) {
        let streams = naive.streams(sequence.tokens).sites
        for (site, found) in zip(sites, found) {
          let stream = try #require(streams[site])
          let read = sequence.isRead.indices.filter { sequence.isRead[$0] }
          let expected = (0..<width).map { channel in
            read.reduce(0) { $0 + stream[$1 * width + channel] } / Double(read.count)
          }
          // A site is read behind its edits; the naive model keeps what is behind them too, but for the
          // first place of a block, which is the last of the one before.
          guard edits.isEmpty || site.place == .mid || site.layer == 0 && site.place == .pre else {
            continue
          }
          expectClose(found, expected, absolute: 2e-5, "\(site)")
        }
      }
    }
  }

  @Test(
    "A lens on the whole stream is the logits, but for the norm's scale",
    arguments: [Precision.f32, .bf16])
  func lens(weights: Precision) throws {
    guard weights == .f32 || precisions.contains(.bf16) else { return }
    let full = TinyModels.model(TinyModels.names[0])
    let configuration = full.configuration
    let model =
      weights == .f32
      ? full : Model.random(configuration, seed: 3, deviation: 0.1, weightsIn: .bf16)
    let tokens = TinyModels.batch(1)[0].tokens
    let last = Site(layer: configuration.layerCount - 1, place: .post)
    let (stream, lens) = try withPool(2) { pool in
      let stream = try ActivationReader(
        model: model, sites: [last], precision: weights, pool: pool
      ).means(
        of: [ReadSequence(tokens: tokens, isRead: tokens.indices.map { $0 == tokens.count - 1 })])[
          0][0]
      return (stream, model.lens([stream, stream.map { -2 * $0 }], on: pool))
    }
    let squares = stream.reduce(0) { $0 + Double($1) * Double($1) }
    let scale =
      (squares / Double(stream.count) + Double(configuration.normEpsilon)).squareRoot()
    let logits = try model.logits(of: tokens, precision: weights).suffix(
      configuration.vocabularySize)
    expectClose(
      lens[0].map { $0 / Float(scale) }, logits.map(Double.init),
      absolute: weights == .f32 ? 2e-5 : 0.02, "logits")
    expectClose(lens[1], lens[0].map { -2 * Double($0) }, absolute: 1e-4, "linear")
  }

  @Test("Means do not depend on threads", arguments: precisions)
  func threads(precision: Precision) throws {
    let model = TinyModels.model(TinyModels.names[0])
    let sequences = TinyModels.batch(40).map {
      ReadSequence(tokens: $0.tokens, isRead: $0.tokens.map { _ in true })
    }
    let all = try [1, 3].map { threads in
      try withPool(threads) { pool in
        try ActivationReader(
          model: model, sites: Self.sites(model), precision: precision, pool: pool
        ).means(of: sequences)
      }
    }
    #expect(all[0] == all[1])
  }

  @Test("A patch with itself is nothing; all of the last site makes the other model")
  func patching() throws {
    let name = TinyModels.names[0]
    let model = TinyModels.model(name)
    let c = model.configuration
    // Another model with the same norm and output behind its blocks.
    let other = model.copy()
    var numbers = Numbers("other")
    for slot in other.layout.slots where slot.name.contains("layers.") && slot.shape.count == 2 {
      for (i, noise) in zip(slot.range, numbers.normal(slot.range.count, scale: 0.2)) {
        other.weights.floats[i] += noise
      }
    }
    let batch = TinyModels.batch(6)
    let direction = numbers.normal(c.hiddenSize)
    let last = Site(layer: c.layerCount - 1, place: .post)
    try withPool(2) { pool in
      func scorer(_ model: Model, _ site: Site) throws -> SiteScorer {
        try SiteScorer(AdaptedModel(model), batch, at: site, precision: .f32, pool: pool)
      }
      let own = try scorer(model, last).negativeLogLikelihoods(under: [])
      let others = try scorer(other, last).negativeLogLikelihoods(under: [])
      #expect(own != others)
      for site in Self.sites(model) {
        let itself = try scorer(model, site)
        #expect(itself.negativeLogLikelihoods(under: []) == own)
        #expect(itself.negativeLogLikelihoods(patchedFrom: itself) == own)
        #expect(itself.negativeLogLikelihoods(patchedFrom: itself, along: direction) == own)
      }
      #expect(
        try scorer(model, last).negativeLogLikelihoods(patchedFrom: scorer(other, last)) == others)

      // Along a direction: by hand, with the naive model.
      let site = Site(layer: 0, place: .post)
      let unit = ResidualEdit(.add(length: 1), along: direction, at: site).unit.map(Double.init)
      let found = try scorer(model, site).negativeLogLikelihoods(
        patchedFrom: scorer(other, site), along: direction)
      for (sequence, found) in zip(batch, found) {
        let streams = NaiveModel(other).streams(sequence.tokens).sites
        let theirs = try #require(streams[site])
        var naive = NaiveModel(model)
        naive.edit = { place, row, h in
          guard place == site else { return Array(h) }
          let h = Array(h)
          let given = Array(theirs[row * c.hiddenSize..<(row + 1) * c.hiddenSize])
          let difference = zip(zip(given, h), unit).reduce(0) { $0 + ($1.0.0 - $1.0.1) * $1.1 }
          return zip(h, unit).map { $0 + difference * $1 }
        }
        let expected = naive.loss([sequence]) * Double(sequence.trainedCount)
        #expect(abs(found - expected) < 1e-4 * Double(sequence.trainedCount))
      }
    }
  }

  @Test("Scores under edits at a site are those of the edited model", arguments: TinyModels.names)
  func siteScores(name: String) throws {
    let model = TinyModels.model(name)
    let c = model.configuration
    let adapter = try TinyModels.adapter(LoRAConfiguration(rank: 3, alpha: 6), model)
    // Some share their prompts.
    let batch =
      TinyModels.batch(6)
      + TinyModels.batch(6).map { sequence in
        var other = sequence
        other.tokens[other.tokens.count - 1] = 3
        return other
      }
    try withPool(2) { pool in
      for adapter in [nil, adapter] {
        for edit in ResidualEditTests.edits(c.hiddenSize, layers: c.layerCount) {
          let scorer = try SiteScorer(
            AdaptedModel(model, adapter: adapter), batch, at: edit.site, precision: .f32,
            pool: pool)
          let found = scorer.negativeLogLikelihoods(under: [edit])
          var naive = NaiveModel(model, adapter: adapter)
          naive.edit = ResidualEditTests.naive([edit])
          for (sequence, found) in zip(batch, found) {
            let expected = naive.loss([sequence]) * Double(sequence.trainedCount)
            #expect(abs(found - expected) < 1e-4 * Double(sequence.trainedCount), "\(edit.site)")
          }
        }
      }
    }
  }
}
