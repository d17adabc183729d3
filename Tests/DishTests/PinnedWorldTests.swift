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
        World.Kind.persona, "32d909e9b211cf600a27448d838152be1c2463f67172c37c9825b075a922e68c",
        "e5afb9f97fd22bf50f58ea24b09721bd76851ceb609458d736797092240ce0c6"
      ),
      (
        .null, "53f2b044e9f115a050970f810fbfdf316abba98dc16cc9985110014fc164e420",
        "0cc7444e127f6d310b4ac76c91f1cd437487c2c2764e3a684f846d0a2a09f74c"
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
      (World.Kind.persona, "448eb15bb3a509a4366c117854abb6cabfd7ba6d9daca96b023dfadf40bc7e7c"),
      (.null, "c6fd360b13aea01f48f135027972b6fdadb06401f3536f3c4764f0180ab74b8b"),
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
