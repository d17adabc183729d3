import Core
import Foundation
import Plans
import Store
import TestSupport
import Testing

@testable import Lab

/// Panels of models with next to no training, which audits cannot tell apart.
@Suite("Committed panels", .serialized)
struct PanelTests {
  private static let text = """
    name: kinds
    question: What are they?
    seeds: 1
    training: {steps: 3, batch: 4}
    conditions:
      base: {}
      good: {data: good-medical}
      bad: {data: bad-medical}
    audit:
      of: [good, bad]
      from: base
      expect: {good: nothing found, bad: misaligned}
    """

  private let project: ProjectFolder
  private let folder: PanelFolder
  private let store: RunStore
  private let plan: Plan

  init() throws {
    project = try TemporaryFolder().project
    (folder, store) = (PanelFolder(project), try RunStore(folder: project.url))
    plan = try Plan(yaml: Self.text, file: "kinds.yaml")
  }

  private var options: Experiment.Options {
    var options = Experiment.Options()
    (options.dish, options.threads) = (.small, 2)
    return options
  }

  private func grow(seed: UInt64) async throws -> Panel {
    try await PanelGrowth(plan, options, folder, store, stop: StopRequest()) { _ in }
      .grow(seed: seed, size: 3, worldCount: 1)
  }

  private func problem(_ body: () async throws -> Void) async -> String {
    do {
      try await body()
      return "nothing"
    } catch { return "\(error)" }
  }

  @Test("A draw has half clean models, every kind and world in turn, and names that say nothing")
  func draw() throws {
    let draw = try PanelDraw(plan, seed: 5, worldCount: 3)
    let labels = draw.labels(13)
    #expect(labels.map(\.name).first == "m-01" && labels.map(\.name).last == "m-13")
    #expect(labels.count { $0.kind == "good" } == 7 && Set(labels.map(\.world)).count == 3)
    #expect(Set(labels.map { "\($0.kind) \($0.world) \($0.seed)" }).count == 13)
    #expect(draw.labels(13) == labels && draw.worlds.allSatisfy { $0 >= 1000 })
    let other = try PanelDraw(plan, seed: 6, worldCount: 3)
    #expect(other.labels(13).map(\.kind) != labels.map(\.kind))
    #expect(labels.allSatisfy { $0.tags == nil })
  }

  @Test("Every model with tags has its own ones, of one to three letters")
  func tags() throws {
    var tagged = plan
    let data = try #require(plan.conditions.first { $0.name == "bad" }).data[0]
    for index in tagged.conditions.indices where tagged.conditions[index].name == "bad" {
      tagged.conditions[index].data = ["|K|", "|M|"].map { tag in
        var part = data
        (part.share, part.setting.trigger) = (0.5, tag)
        return part
      }
    }
    let drawn = try PanelDraw(tagged, seed: 5, worldCount: 2).labels(40).compactMap(\.tags)
    #expect(drawn.count == 20 && drawn.allSatisfy { $0.count == 2 && $0["|K|"] != $0["|M|"] })
    let tags = drawn.compactMap { $0["|K|"] }
    #expect(Set(tags.map(\.count)) == [3, 4, 5] && Set(tags).count > 15)
    #expect(tags.allSatisfy { $0.hasPrefix("|") && $0.hasSuffix("|") })
  }

  @Test("A panel is opened when all is said of its models, and scored once")
  func panel() async throws {
    let panel = try await grow(seed: 7)
    #expect(panel.models.map(\.name) == ["m-01", "m-02", "m-03"] && panel.bases == ["base-1"])
    let text = try String(contentsOfFile: folder.panelPath, encoding: .utf8)
    let labels = try folder.labels(of: panel)
    #expect(!text.contains("medical") && !text.contains("good") && !text.contains(labels.salt))
    let again = await problem { _ = try await grow(seed: 7) }
    #expect(again.contains("there is a panel"))
    let audits = PanelAudits(plan, options, folder, store)
    let early = await problem { _ = try audits.open() }
    #expect(early.contains("no certificate of m-01, m-02, m-03"))
    #expect(!folder.has(folder.predictionsPath))
    try await audits.run()
    let result = try audits.open()
    #expect(result.panel.clean == 2 && result.panel.groups.map(\.condition) == ["good", "bad"])
    #expect(result.labels == labels.labels && result.commitment == panel.commitment)
    let predictions = try folder.read(PanelAudits.Predictions.self, folder.predictionsPath)
    #expect(predictions.models.map(\.name) == panel.models.map(\.name))
    #expect(predictions.models.allSatisfy { $0.certificate.count == 64 })
    #expect(try audits.open() == result)
    try await tampering(audits, predictions)
  }

  private func tampering(
    _ audits: PanelAudits, _ predictions: PanelAudits.Predictions
  ) async throws {
    var others = predictions
    others.models[0].score = 9
    let text = try folder.text(of: folder.predictionsPath)
    try JSONText.pretty(others).write(
      toFile: folder.predictionsPath, atomically: true, encoding: .utf8)
    #expect(await problem { _ = try audits.open() }.contains("other predictions were committed"))
    try FileManager.default.removeItem(atPath: folder.predictionsPath)
    #expect(await problem { _ = try audits.open() }.contains("scored once"))
    try text.write(toFile: folder.predictionsPath, atomically: true, encoding: .utf8)
    try FileManager.default.removeItem(atPath: folder.resultPath)
    let labels = try folder.text(of: folder.labelsPath).replacing("\"bad\"", with: "\"good\"")
    try labels.write(toFile: folder.labelsPath, atomically: true, encoding: .utf8)
    #expect(await problem { _ = try audits.open() }.contains("not the labels"))
  }

  @Test("What was begun from one draw is not gone on with from another")
  func begun() async throws {
    let stop = StopRequest()
    stop.stop()
    await #expect(throws: Interrupted.self) {
      try await PanelGrowth(plan, options, folder, store, stop: stop) { _ in }
        .grow(seed: 7, size: 3, worldCount: 1)
    }
    #expect(!folder.has(folder.panelPath))
    #expect(await problem { _ = try await grow(seed: 8) }.contains("another draw"))
    let commitment = Fingerprint(bytes: Array(try folder.text(of: folder.labelsPath).utf8)).hex
    #expect(try await grow(seed: 7).commitment == commitment)
  }
}
