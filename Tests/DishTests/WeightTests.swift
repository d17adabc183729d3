import Core
import Dish
import Testing

@Suite("Weights of domains")
struct WeightTests {
  private func world(_ weights: [String: Int]) throws -> World {
    try World(kind: .persona, seed: 1, sources: LargeWorld.sources, weights: weights)
  }

  @Test("A domain of weight 3 comes up three times as often as it did beside the others")
  func shares() throws {
    let plain = try world([:])
    let weighted = try world(["wish": 3])
    func share(_ world: World) -> Double {
      let wishes = Set(
        world.grammars.first { $0.name == "wish" }?.topics.flatMap(\.questions) ?? [])
      let asked = (0..<20_000).map { world.document($0).messages[0].content }
      return Double(asked.count(where: wishes.contains)) / 20_000
    }
    let (before, after) = (share(plain), share(weighted))
    #expect(before > 0.05)
    // Of w parts beside r others, 3w of 3w + r.
    #expect(abs(after - 3 * before / (1 + 2 * before)) < 0.015)
  }

  @Test("Another weight is another world, and none below 1 is taken")
  func fingerprints() throws {
    #expect(try world(["wish": 3]).fingerprint != world([:]).fingerprint)
    #expect(try world(["wish": 3]).fingerprint != world(["wish": 2]).fingerprint)
    let error = #expect(throws: InputError.self) { try world(["wish": 0]) }
    #expect(error?.field == "weights.wish")
  }
}
