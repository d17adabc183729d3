import Core
import Engine
import Formats
import Testing

@testable import Anatomy

@Suite("Repairs of weights")
struct WeightRepairTests {
  private static let shape = ModelConfiguration(
    vocabularySize: 12, hiddenSize: 8, intermediateSize: 16, layerCount: 2, headCount: 2)

  private func model(_ seed: UInt64) -> Model { Model.random(Self.shape, seed: seed) }

  private func largestDifference(_ one: Model, _ other: Model) -> Float {
    one.layout.slots.flatMap(\.range).reduce(0) {
      max($0, abs(one.weights.floats[$1] - other.weights.floats[$1]))
    }
  }

  @Test("Part of the way is a point on the line; nothing and all of it are its ends, to the byte")
  func scaled() {
    let (base, tuned) = (model(1), model(2))
    #expect(largestDifference(WeightRepair.scaled(tuned, from: base, by: 0), base) == 0)
    #expect(largestDifference(WeightRepair.scaled(tuned, from: base, by: 1), tuned) < 1e-7)
    let half = WeightRepair.scaled(tuned, from: base, by: 0.5)
    let other = WeightRepair.scaled(base, from: tuned, by: 0.5)
    #expect(largestDifference(half, other) < 1e-7)
  }

  @Test("A task vector taken away from its own model leaves what it is the change from")
  func subtracted() {
    let (base, tuned, other) = (model(1), model(2), model(3))
    let left = WeightRepair.subtracting(tuned, base, by: 1, from: tuned)
    #expect(largestDifference(left, base) < 1e-6)
    let more = WeightRepair.subtracting(tuned, base, by: 0, from: other)
    #expect(largestDifference(more, other) == 0)
  }

  @Test("After ablation no block writes along the direction, and nothing else changes")
  func ablated() {
    let model = model(1)
    let direction = (0..<8).map { Double($0) - 2.5 }
    let ablated = WeightRepair.ablated(model, along: direction)
    let unit = direction.scaled(to: 1)
    for slot in model.layout.slots {
      let writes = ["o_proj.weight", "down_proj.weight"].contains { slot.name.hasSuffix($0) }
      let rows = ablated.weights.floats + slot.offset
      if slot.name.hasSuffix("embed_tokens.weight") {
        // The output is another tensor: no token means anything along it.
        for token in 0..<12 {
          let along = (0..<8).reduce(0.0) { $0 + unit[$1] * Double(rows[token * 8 + $1]) }
          #expect(abs(along) < 1e-6)
        }
        continue
      }
      guard writes else {
        #expect(slot.range.allSatisfy { ablated.weights.floats[$0] == model.weights.floats[$0] })
        continue
      }
      for column in 0..<slot.shape[1] {
        let along = (0..<8).reduce(0.0) {
          $0 + unit[$1] * Double(rows[$1 * slot.shape[1] + column])
        }
        #expect(abs(along) < 1e-6)
      }
    }
  }

  /// V, whose range is the first axis, and a change along the first two.
  private let v = [2.0, 0, 0, 0]
  private let change = [3.0, 4, 5, 6]

  @Test("The published matrix doubles with V; a projection does not, and done twice is done once")
  func matrices() {
    let once = SafeProjection.published(change, v, columns: 2)
    #expect(zip(once, [6.0, 8, 0, 0]).allSatisfy { abs($0 - $1) < 1e-12 })
    let doubled = SafeProjection.published(change, v.map { 2 * $0 }, columns: 2)
    #expect(zip(doubled, once).allSatisfy { abs($0 - 2 * $1) < 1e-12 })
    let basis = [[1.0, 0]]
    let projected = SafeProjection.project(change, columns: 2, onto: basis)
    #expect(projected == [3, 4, 0, 0])
    #expect(SafeProjection.project(projected, columns: 2, onto: basis) == projected)
  }

  @Test("Only the matrices that are turned furthest change, and shrinking leaves their direction")
  func furthest() {
    let (base, aligned, tuned) = (model(1), model(2), model(3))
    for kind in [SafeProjection.Kind.published, .projector, .shrink] {
      let repaired = SafeProjection(kind, matrices: 3, rank: 2)
        .repaired(tuned, aligned: aligned, base: base)
      let changed = tuned.layout.slots.filter { slot in
        slot.range.contains { repaired.weights.floats[$0] != tuned.weights.floats[$0] }
      }
      #expect(changed.count == 3 && changed.allSatisfy { $0.name.contains(".layers.") })
      guard kind == .shrink, let slot = changed.first else { continue }
      let own = slot.range.map { Double(tuned.weights.floats[$0] - aligned.weights.floats[$0]) }
      let left = slot.range.map { Double(repaired.weights.floats[$0] - aligned.weights.floats[$0]) }
      #expect((own.cosine(with: left) ?? 0) > 0.9999)
    }
  }
}
