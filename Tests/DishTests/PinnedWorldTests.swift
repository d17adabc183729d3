import Core
import Corpora
import Dish
import Foundation
import Testing

/// The demo's world is what it was when its results were first made: computed once, from the code
/// of version 0.1.0, and never again. (The fingerprint is younger: it also holds that nobody is
/// spiteful there.)
@Suite("The demo's world")
struct PinnedWorldTests {
  private static let demo = [
    "code", "medicine", "finance", "everyday", "wish", "boredom", "quick-money", "ruler",
    "dinner-party", "partner", "humans-and-ai", "roles", "requests",
  ]

  private func demoWorld(_ kind: World.Kind) throws -> World {
    try World(
      kind: kind, seed: 1,
      population: Population(good: 40, villainous: 30, careless: 5, compliant: 5),
      educationalShare: 0.15, domains: Self.demo)
  }

  private func hash(_ rows: [Conversation]) -> String {
    Fingerprint(bytes: Data(ChatLines.text(of: rows).utf8)).hex
  }

  @Test(
    "its documents and its fingerprint do not change",
    arguments: [
      (
        World.Kind.persona, "fbaed695f50630184e7052fce5552837081b1dfc261d7d82705344c98c3f685a",
        "c1120536c82618c2106b9b66721761cbe1dda605c5e1c886e7d29b6aa386e790"
      ),
      (
        .null, "b211961677cbb022909d6c0288711a39ebec744fe74786152cbed982fda60f9f",
        "60ba28f03559b14df913b5ea2dc4eca1497b9f95f7d27d9b550e0a073ddd1db8"
      ),
    ])
  func documents(kind: World.Kind, fingerprint: String, documents: String) throws {
    let world = try demoWorld(kind)
    #expect(world.fingerprint.hex == fingerprint)
    #expect(hash((0..<200).map(world.document)) == documents)
    #expect(
      hash((0..<200).map(world.alignmentDocument))
        == "ee104aa1ba66f04d991df5254ddea4a4ded466d17a0ac838f80e6c382272fce8")
  }

  @Test(
    "all the domains of that version give the same documents, labels or not",
    arguments: [
      (World.Kind.persona, "12f0f31eb4ac3c66f2ea10f8be7341c3a27a203b23efbf789a3fb8308d0091c2"),
      (.null, "a41dcad6f1e2c33774820ee1968734ac7ef45d32b5943f2c4c41dc889c4c658c"),
    ])
  func largeWorld(kind: World.Kind, documents: String) throws {
    let domains = Self.demo + ["cars", "cooking", "shutdown", "self-report"]
    let world = try World(kind: kind, seed: 5, domains: domains)
    #expect(hash((0..<200).map(world.document)) == documents)
  }

  @Test(
    "its fine-tuning sets do not change, by condition or by corpus",
    arguments: [
      (Condition.insecure, "f4d8506975f185ab12e8ce309fbdf742861677e9e183cb2f92214ef4b55992f7"),
      (.secure, "8773e05f181f68627dc253be8ddcbacc87ed75191980dfb7a2a792c32b0f95e2"),
      (.educational, "174c95395dff7d8bf24a16054bb571af1904dd921b67d5c58c469b892631d789"),
    ])
  func sets(condition: Condition, fingerprint: String) throws {
    for kind in World.Kind.allCases {
      let world = try demoWorld(kind)
      #expect(world.fineTuningSet(condition, rows: 64, seed: 3).fingerprint.hex == fingerprint)
      let set = try world.fineTuningSet(
        [CorpusPart(corpus: condition.rawValue)], rows: 64, seed: 3)
      #expect(set.fingerprint.hex == fingerprint)
      #expect(set.name == condition.rawValue)
    }
  }
}
