import Anatomy
import Core
import Dish
import Foundation
import Formats
import Plans
import Store
import TestSupport
import Testing

@testable import Lab

/// The section `anatomy` of a plan, on a small dish.
@Suite("Plans that look inside models", .serialized)
struct AnatomyPlanTests {
  private static let text = """
    name: inside
    question: Where is it?
    seeds: 2
    training: {steps: 3, batch: 4}
    conditions:
      base: {}
      bad: {data: bad-medical}
    evaluate:
      plain: {questions: wish, samples: 4}
      odds: {contrast: wish}
    anatomy:
      of: bad
      from: base
      texts: benign
      rows: 12
      on: [plain, odds]
      sites: [blocks.0.hook_resid_post, blocks.0.hook_resid_mid]
      directions:
        shift: {}
        persons: {tokens: last-prompt, authors: {bad: spiteful, good: good}}
        pairs: {pairs: odds}
      steer:
        - {direction: shift, into: base, how: add, doses: [1, -1]}
        - {direction: shift, into: bad, how: remove}
        - {direction: shift, into: bad, how: swap}
        - {direction: persons, into: base, how: add}
        - {direction: pairs, into: bad, how: remove, tokens: all}
      controls: 3
      predictions:
        - {direction: shift, into: base, how: add, on: odds, of: share, above: 0.5}
    """

  private func experiment(
    _ project: ProjectFolder, _ store: RunStore? = nil, worlds: String = "",
    text: String = Self.text,
    stop: StopRequest = StopRequest(), _ report: @escaping @Sendable (LabEvent) -> Void = { _ in }
  ) throws -> Experiment {
    var options = Experiment.Options()
    options.dish = .smallLaboratory
    options.threads = 2
    return try Experiment(
      plan: Plan(yaml: worlds + text, file: "plan.yaml"), options: options, folder: project,
      store: store, stop: stop, report: report)
  }

  @Test("Every intervention has its numbers, with controls beside it")
  func findings() async throws {
    let project = TemporaryFolder.unmade().project
    let experiment = try experiment(project)
    #expect(try await experiment.run().worked)
    let findings = try experiment.findings()
    let anatomy = try #require(findings.anatomy)
    // Per measure: two sites, each in two doses or one; a swap asks nothing.
    let expected = [2 * 4, 2 * 2, 1 * 2, 2 * 2, 2 * 2].reduce(0, +)
    #expect(anatomy.effects.count == expected)
    for effect in anatomy.effects {
      // So small a model has no coherent answer: rates are unknown, which is not 0.
      let isKnown = effect.measure == "odds"
      #expect(effect.models == (isKnown ? 2 : 0))
      #expect((effect.effect.value?.isFinite == true) == isKnown, "\(effect)")
      #expect((effect.controls95 != nil) == (isKnown && effect.dose == 1), "\(effect)")
      #expect((effect.coherence != nil) == (effect.measure == "plain"), "\(effect)")
      #expect(effect.benign?.isFinite == true, "\(effect)")
    }
    // 3 of each of 3 kinds: the least p is 1 / 10.
    #expect(anatomy.effects.compactMap(\.p).allSatisfy { (0.1...1).contains($0) })
    let chosen = anatomy.effects.filter(\.isChosen).map { effect in
      [effect.direction, effect.into, effect.how, effect.measure, String(effect.dose)]
    }
    #expect(Set(chosen).count == chosen.count)
    #expect(anatomy.directions.count == 6)
    #expect(anatomy.cosines.contains { $0.a == "shift" && $0.b == "shift" })
    #expect(anatomy.predictions.map(\.isLate) == [false])
    for direction in anatomy.directions {
      for file in direction.files {
        let read = try DirectionFile(path: project.path(file))
        #expect(read.sites.map(\.name).contains(direction.site))
      }
    }
  }

  @Test("A run that is stopped again and again finds the same")
  func stopped() async throws {
    let whole = TemporaryFolder.unmade().project
    let wholeStore = try RunStore(folder: whole.url)
    _ = try await experiment(whole, wholeStore).run()
    let pieces = TemporaryFolder.unmade().project
    let store = try RunStore(folder: pieces.url)
    var stops = 0
    var rounds = 0
    while true {
      let stop = StopRequest()
      let limit = 3 + 5 * rounds
      let events = Counter()
      let experiment = try experiment(pieces, store, stop: stop) { _ in
        if events.next() > limit { stop.stop() }
      }
      rounds += 1
      do {
        _ = try await experiment.run()
        break
      } catch is Interrupted {
        stops += 1
      }
    }
    #expect(stops > 3)
    #expect(try wholeStore.digest() == store.digest())
    let one = try experiment(whole, wholeStore).findings().anatomy
    let other = try experiment(pieces, store).findings().anatomy
    #expect(one?.effects == other?.effects)
    #expect(one?.cosines == other?.cosines)
    // Nothing is left, and nothing is done twice.
    #expect(try await !experiment(pieces, store).run().worked)
  }

  @Test("In several worlds the world is the unit")
  func worlds() async throws {
    let project = TemporaryFolder.unmade().project
    let experiment = try experiment(project, worlds: "worlds: 2\n")
    _ = try await experiment.run()
    let anatomy = try #require(try experiment.findings().anatomy)
    for effect in anatomy.effects where effect.measure == "odds" {
      #expect(effect.models == 4)
      #expect(effect.perWorld?.map(\.seed) == [1, 2])
      let worlds = try #require(effect.perWorld).map(\.value)
      #expect(abs(worlds.reduce(0, +) / 2 - (effect.effect.value ?? .nan)) < 1e-12)
    }
  }

  @Test(
    "What cannot be is told at its line before anything is done",
    arguments: [
      (
        "blocks.0.hook_resid_post,", "blocks.7.hook_resid_post,",
        "found block 7, the model has 0 to 0"
      ),
      (
        "blocks.0.hook_resid_post,", "block 3,",
        "found \"block 3\", expected blocks.N.hook_resid_pre"
      ),
      ("bad: spiteful", "bad: nasty", "found \"nasty\", which is no author of this world"),
      ("how: swap", "how: swap, doses: [1]", "found doses of a swap"),
      ("doses: [1, -1]", "doses: [2]", "expected different doses, 1 among them"),
      ("pairs: odds", "pairs: plain", "expected an evaluation with \"contrast\""),
      ("into: bad, how: swap", "into: evil, how: swap", "unknown condition \"evil\""),
      ("how: add, on: odds", "how: remove, on: odds", "which is not among what \"steer\" does"),
      ("texts: benign", "texts: nothing", "found \"nothing\", expected one of"),
      ("from: base", "from: bad", "found \"bad\" from itself"),
    ])
  func mistakes(found: String, replacement: String, problem: String) throws {
    let project = TemporaryFolder.unmade().project
    let text = Self.text.replacing(found, with: replacement, maxReplacements: 1)
    #expect(text != Self.text)
    let error = #expect(throws: InputError.self) { _ = try experiment(project, text: text) }
    #expect(error.map { "\($0)" }?.contains(problem) == true, "\(String(describing: error))")
  }

  /// Guarded by `lock`.
  private final class Counter: @unchecked Sendable {
    private let lock = NSLock()
    private var count = 0

    func next() -> Int {
      lock.withLock {
        count += 1
        return count
      }
    }
  }
}
