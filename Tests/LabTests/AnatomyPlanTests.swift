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
      lens: {on: odds, top: 3}
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
    let anatomy = try #require(try experiment.findings().anatomy)
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
    let lenses = try #require(anatomy.lenses)
    #expect(lenses.map(\.direction) == ["shift", "persons", "pairs"].flatMap { [$0, $0] })
    #expect(lenses.allSatisfy { $0.promoted.count == 3 && $0.promoted != $0.suppressed })
    #expect(lenses.allSatisfy { $0.lean.value?.isFinite == true && (0.1...1).contains($0.p ?? 0) })
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
    #expect(one?.cosines == other?.cosines && one?.lenses == other?.lenses)
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

  private static let between = """
    name: between
    question: A wall?
    seeds: 1
    training: {steps: 4, batch: 4}
    conditions:
      base: {}
      bad: {data: bad-medical, snapshots: [1, 2]}
      again: {data: bad-medical, seeds: [2]}
      back: {start: bad, data: benign}
    evaluate:
      plain: {questions: wish, samples: 4}
      odds: {contrast: wish}
      habit: {contrast: code}
    anatomy:
      of: bad
      from: base
      texts: benign
      rows: 6
      directions:
        shift: {}
      controls: 1
      landscape:
        through: [base, bad, back]
        noise: [bad, again]
        losses: {narrow: bad-medical, corpus: benign}
        rows: 4
        points: 5
        grid: 4
        on: odds
        random: 2
      patch: {on: odds, control: again}
      map: {rows: 2}
      weights: {of: [bad, again], rank: 2}
      course: {of: bad, along: shift, habit: habit, spread: odds}
    """

  @Test("Landscapes and courses: ends without a wall, corners where they are, every step")
  func landscape() async throws {
    let project = TemporaryFolder.unmade().project
    let experiment = try experiment(project, worlds: "worlds: 2\n", text: Self.between)
    #expect(try await experiment.run().worked)
    let anatomy = try #require(try experiment.findings().anatomy)
    let landscape = try #require(anatomy.landscape)
    // Three lines and that of the draws, two losses each.
    #expect(landscape.barriers.count == 8)
    #expect(
      landscape.barriers.filter(\.isNoise).map(\.between) == [["bad", "again"], ["bad", "again"]])
    for barrier in landscape.barriers {
      #expect(barrier.models == 2 && barrier.profile.count == 5)
      #expect(barrier.height.value?.isFinite == true && barrier.noise >= 0)
      // The height is that of the profile.
      let (first, last) = (barrier.profile[0], barrier.profile[4])
      let point = try #require(barrier.profile.first { $0.share == barrier.share })
      let line = (1 - point.share) * first.loss + point.share * last.loss
      #expect(abs(point.loss - line - (barrier.height.value ?? .nan)) < 1e-9)
      #expect(barrier.profile.allSatisfy { $0.odds?.isFinite == true && $0.misaligned == nil })
    }
    // Where lines meet they are one model.
    let ends = landscape.barriers.filter { $0.loss == "corpus" }
    #expect(ends[0].profile[4].loss == ends[1].profile[0].loss)
    #expect(ends[0].profile[0].odds == ends[2].profile[0].odds)
    #expect(landscape.planes.map(\.world) == [1, 2])
    for plane in landscape.planes {
      #expect(plane.x.count == 4 && plane.losses["narrow"]?.count == 16)
      #expect(plane.losses.values.allSatisfy { $0.allSatisfy { $0.isFinite } })
      #expect(plane.random["corpus"]?.count == 2 * 25)
      // Steps of the training, whose own end is a corner; the other draws.
      let others = plane.others.map { "\($0.condition) \($0.place ?? -1)" }
      #expect(others == ["bad 1", "bad 2"])
    }
    // Three ways, one site, four kinds of tokens.
    let patches = try #require(anatomy.patches)
    #expect(patches.count == 3 * 4)
    #expect(patches.allSatisfy { $0.models == 2 && $0.share.value?.isFinite == true })
    #expect(patches.filter(\.isControl).allSatisfy { $0.from == "again" && $0.into == "base" })
    let weights = try #require(anatomy.weights)
    #expect(weights.changes.map(\.condition) == ["bad", "again"])
    #expect(weights.changes.allSatisfy { $0.relativeLength > 0 && (0...1).contains($0.carried) })
    #expect(weights.overlaps.count == 1 && weights.overlaps[0].overlap.value?.isFinite == true)
    #expect(weights.overlaps.allSatisfy { (0...1).contains($0.chance) })
    let map = try #require(anatomy.map)
    #expect(map.worlds.map(\.world) == [1, 2])
    for world in map.worlds {
      #expect(world.persons.count > 20 && world.assistant.map(\.place) == [nil, 1, 2, 4])
      #expect(world.persons.allSatisfy { $0.x.isFinite && $0.y.isFinite })
      #expect(world.shares.count == 2 && world.shares[0] >= world.shares[1])
    }
    #expect(
      (-1...1).contains(map.along.value ?? .nan) && (0...1.001).contains(map.inPlane.value ?? .nan))
    let course = try #require(anatomy.course)
    #expect(course.models.count == 2)
    #expect(course.models.allSatisfy { $0.points.map(\.step) == [0, 1, 2, 4] })
    // At its end a training has moved by the dose 1.
    let direction = try #require(anatomy.directions.first { $0.site == course.site })
    let moved = course.models.compactMap { $0.points.last?.projection }.reduce(0, +) / 2
    #expect(abs(moved - direction.shift) < 1e-6)
    #expect(Set(course.leads.map(\.from)).isSubset(of: ["projection", "habit"]))
    #expect(try await !experiment.run().worked)
  }

  @Test("The same on a model folder, whose adapters are merged to be mixed")
  func folder() async throws {
    let place = try TemporaryFolder()
    let model = try TinyFolder.make(at: place.url("model"))
    var text = Self.between.replacing("seeds: 1\n", with: "seeds: 1\nmodel: \(model.path)\n")
    text = text.replacing(
      "batch: 4}", with: "batch: 4, method: lora, rank: 2, max-length: 64, learning-rate: 0.02}"
    )
    .replacing("{contrast: code}", with: "{contrast: medicine}")
    .replacing("  rows: 6\n", with: "  rows: 6\n  sites: [10%, 35%, 100%]\n")
    .replacing("  plain: {questions: wish, samples: 4}\n", with: "")
    .replacing("  map: {rows: 2}\n", with: "").replacing("grid: 4", with: "grid: 3")
    var options = Experiment.Options()
    options.threads = 2
    options.dish.precision = .f32
    let experiment = try Experiment(
      plan: Plan(yaml: text, file: "plan.yaml"), options: options,
      folder: ProjectFolder(place.url("lab")))
    #expect(try await experiment.run().worked)
    let anatomy = try #require(try experiment.findings().anatomy)
    let landscape = try #require(anatomy.landscape)
    #expect(landscape.barriers.count == 8)
    #expect(
      landscape.barriers.allSatisfy { $0.profile.allSatisfy { $0.loss.isFinite && $0.odds != nil } }
    )
    #expect(landscape.planes.count == 1 && landscape.planes[0].losses["corpus"]?.count == 9)
    #expect(landscape.planes[0].others.map(\.place) == [1, 2])
    #expect(anatomy.course?.models.first?.points.map(\.step) == [0, 1, 2, 4])
    // Of three blocks, 10 % and 35 % are the first.
    #expect(
      anatomy.directions.map(\.site) == ["blocks.0.hook_resid_post", "blocks.2.hook_resid_post"])
    // Adapters change no norm and no head: all tokens behind the last block carry everything.
    let last = try #require(anatomy.patches?.last { $0.tokens == "all" && !$0.isControl })
    #expect(abs((last.share.value ?? 0) - 1) < 1e-3, "\(last)")
    // A LoRA's change has its rank: so many directions carry all of it.
    #expect(abs((anatomy.weights?.changes[0].carried ?? 0) - 1) < 1e-3)
    #expect(anatomy.map == nil)
  }

  @Test("What a landscape or a map is told by is part of its address")
  func addresses() throws {
    let project = TemporaryFolder.unmade().project
    func stages(_ found: String, _ replacement: String) throws -> Set<Fingerprint> {
      let text = Self.between.replacing(found, with: replacement)
      let anatomy = try #require(try experiment(project, text: text).anatomy)
      return Set((anatomy.landscapes.map(\.stage) + anatomy.maps.map(\.stage)).map(\.fingerprint))
    }
    let own = try stages("", "")
    #expect(own.count == 2)
    // A loss by another name, and a move that is held against another way.
    #expect(try own.intersection(stages("corpus: benign}", "everyday: benign}")).count == 1)
    #expect(
      try own.intersection(stages("map: {rows: 2}", "map: {rows: 2, bad: careless}")).count == 1)
  }

  @Test("A landscape alone needs no direction; asked, it tells how models behave")
  func landscapeAlone() async throws {
    var text = Self.between.components(separatedBy: "  texts: benign")[0]
    text += """
        landscape:
          through: [base, bad, back]
          losses: {corpus: benign}
          rows: 2
          points: 3
          grid: 0
          answers: 1
          on: plain
      """
    let project = TemporaryFolder.unmade().project
    let experiment = try experiment(project, text: text)
    _ = try await experiment.run()
    let anatomy = try #require(try experiment.findings().anatomy)
    #expect(anatomy.effects.isEmpty && anatomy.course == nil)
    let barriers = try #require(anatomy.landscape).barriers
    #expect(barriers.count == 3 && barriers[0].isWall == nil)
    #expect(barriers.allSatisfy { $0.profile.allSatisfy { $0.coherent != nil } })
    #expect(anatomy.landscape?.planes.first?.x.isEmpty == true)
  }

  @Test("Half-rises are on straight lines between the points")
  func halfRises() {
    #expect(CourseTable.halfRise([(0, 0), (2, 0.2), (4, 0.8), (10, 1)]) == 3)
    #expect(CourseTable.halfRise([(0, 1), (4, 0)]) == 2)
    #expect(CourseTable.halfRise([(0, 1), (4, 1)]) == nil)
  }

  @Test(
    "Mistakes in a landscape or a course are told at their line",
    arguments: [
      ("through: [base, bad, back]", "through: [base, bad]", "found 2 conditions, expected 3"),
      ("through: [base, bad, back]", "through: [base, bad, worse]", "unknown condition \"worse\""),
      ("corpus: benign}", "corpus: nothing}", "found \"nothing\", expected one of"),
      ("grid: 4", "grid: 1", "expected 0 for lines alone"),
      ("course: {of: bad", "course: {of: back", "expected a condition with \"snapshots\""),
      ("along: shift", "along: drift", "unknown direction \"drift\""),
      (
        "spread: odds}", "spread: odds, site: blocks.9.hook_resid_post}",
        "expected one of the sites"
      ),
      ("on: odds", "on: nothing", "unknown evaluation \"nothing\""),
    ])
  func landscapeMistakes(found: String, replacement: String, problem: String) throws {
    let project = TemporaryFolder.unmade().project
    let text = Self.between.replacing(found, with: replacement, maxReplacements: 1)
    #expect(text != Self.between)
    let error = #expect(throws: InputError.self) { _ = try experiment(project, text: text) }
    #expect(error.map { "\($0)" }?.contains(problem) == true, "\(String(describing: error))")
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
