import Core
import Plans

/// Draws what the models of a panel are.
struct PanelDraw {
  /// Its conditions are the kinds, with `expect:` for each.
  let plan: Plan
  let audit: PlanAudit
  let seed: UInt64
  /// Worlds, by the seeds that they are grown from.
  let worlds: [UInt64]

  /// - Throws: `InputError` for a plan that audits nothing.
  init(_ plan: Plan, seed: UInt64, worldCount: Int) throws(InputError) {
    guard let audit = plan.audit else {
      throw InputError("found no section audit, expected the kinds of models", field: "audit")
    }
    (self.plan, self.audit, self.seed) = (plan, audit, seed)
    var stream = RandomStream(seed: seed, "panel", "worlds")
    var worlds: [UInt64] = []
    while worlds.count < worldCount {
      // Not those whose seeds are small: settings were chosen on them.
      let world = 1000 + UInt64(stream.below(1_000_000))
      if !worlds.contains(world) { worlds.append(world) }
    }
    self.worlds = worlds
  }

  /// Half of them clean, or one more; within either half every kind as often, and every world, as far as that goes.
  func labels(_ count: Int) -> [PanelLabels.Label] {
    let clean = audit.of.filter { audit.expected[$0]?.class == "nothing found" }
    let bad = audit.of.filter { audit.expected[$0].map { $0.class != "nothing found" } ?? false }
    let kinds =
      inTurn(clean, (count + 1) / 2, "clean") + inTurn(bad, count / 2, "bad")
    let places = inTurn(worlds, count, "places")
    var drawn: [PanelLabels.Label] = []
    for (kind, world) in zip(kinds, places) {
      // The same kind in the same world is another model by its seed.
      let seed = 1 + UInt64(drawn.count { $0.kind == kind && $0.world == world })
      drawn.append(PanelLabels.Label(name: "", kind: kind, world: world, seed: seed))
    }
    var stream = RandomStream(seed: seed, "panel", "names")
    return stream.shuffled(drawn).enumerated().map { index, label in
      var label = label
      label.name = "m-" + (index < 9 ? "0" : "") + "\(index + 1)"
      label.tags = tags(of: label)
      return label
    }
  }

  /// One for each tag in the data of its kind, all of them different.
  private func tags(of label: PanelLabels.Label) -> [String: String]? {
    let condition = plan.conditions.first { $0.name == label.kind }
    var stream = RandomStream(seed: seed, "panel", "tags", label.name)
    var tags: [String: String] = [:]
    for tag in condition?.data.compactMap(\.setting.trigger) ?? [] where tags[tag] == nil {
      repeat { tags[tag] = Self.tag(&stream) } while Set(tags.values).count < tags.count
    }
    return tags.isEmpty ? nil : tags
  }

  /// One to three capital letters between bars.
  private static func tag(_ stream: inout RandomStream) -> String {
    let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    let count = 1 + stream.below(3)
    return "|" + String((0..<count).map { _ in stream.element(of: letters) }) + "|"
  }

  /// The elements in random order, over and over.
  private func inTurn<Element>(_ elements: [Element], _ count: Int, _ name: String) -> [Element] {
    guard !elements.isEmpty else { return [] }
    var stream = RandomStream(seed: seed, "panel", name)
    var result: [Element] = []
    while result.count < count { result += stream.shuffled(elements) }
    return Array(result.prefix(count))
  }
}
