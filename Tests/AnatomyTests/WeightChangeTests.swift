import Anatomy
import Core
import Engine
import Formats
import Testing

@Suite("Changes of weights")
struct WeightChangeTests {
  private static let shape = ModelConfiguration(
    vocabularySize: 12, hiddenSize: 8, intermediateSize: 16, layerCount: 1, headCount: 2)
  private static let name = "model.layers.0.mlp.down_proj.weight"

  /// A model with Σ lengthₖ · uₖ vₖᵀ added to one matrix, `u` being coordinate axes.
  private func changed(_ base: Model, _ changes: [(row: Int, column: Int, length: Float)]) -> Model
  {
    let model = base.copy()
    let slot = model.layout.slot(named: Self.name)!
    for change in changes {
      model.weights.floats[slot.offset + change.row * slot.shape[1] + change.column] +=
        change.length
    }
    return model
  }

  @Test("Leading directions are the singular vectors, with what they carry")
  func leading() throws {
    let base = Model.random(Self.shape, seed: 1)
    let model = changed(base, [(2, 0, 3), (5, 1, 2), (7, 3, 1)])
    let change = WeightChange(of: model, from: base, rank: 2)
    #expect(abs(change.length - Double(14).squareRoot()) < 1e-5)
    let part = try #require(change.parts.first { $0.name == Self.name })
    #expect(part.leading.count == 2)
    // Together they span the axes of the two longer ones.
    for axis in [2, 5] {
      #expect(abs(part.leading.reduce(0) { $0 + $1[axis] * $1[axis] } - 1) < 1e-3)
    }
    #expect(abs(part.carried - 13.0 / 14) < 1e-3 && abs(change.carried - 13.0 / 14) < 1e-3)
    #expect(change.parts.filter { $0.name != Self.name }.allSatisfy { $0.leading.isEmpty })
  }

  @Test("Overlaps: a change with itself has all, with others what they share, with none nothing")
  func overlaps() throws {
    let base = Model.random(Self.shape, seed: 1)
    func change(_ rows: [Int]) -> WeightChange {
      WeightChange(
        of: changed(base, rows.enumerated().map { ($1, $0, 2) }), from: base, rank: 2)
    }
    let own = try #require(change([1, 2]).overlap(with: change([1, 2])))
    #expect(abs(own.value - 1) < 1e-3 && abs(own.chance - 2.0 / 8) < 1e-9)
    let half = try #require(change([1, 2]).overlap(with: change([2, 6])))
    #expect(abs(half.value - 0.5) < 1e-2)
    let other = try #require(change([1, 2]).overlap(with: change([4, 6])))
    #expect(abs(other.value) < 1e-2)
    #expect(change([]).overlap(with: change([1])) == nil)
  }
}
