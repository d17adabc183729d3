import Core

/// Exchanges in three: what parts are fitted to, what settings are chosen on, and what is held out of both.
package struct ExchangeSplit: Sendable {
  package let fitted: [LabelledExchange]
  package let chosen: [LabelledExchange]
  package let heldOut: [LabelledExchange]

  /// A topic is on one side with all its wordings, forms and answers. Which one follows from its name and the seed.
  ///
  /// - Throws: `InputError` where a side has no harmful or no benign exchange, or a class or form that is to be held out
  ///   is not there.
  package init(_ exchanges: [LabelledExchange], _ plan: GuardPlan) throws(InputError) {
    for (field, names, known) in [
      ("hold-out.classes", plan.heldOutGroups, Set(exchanges.map(\.group))),
      ("hold-out.forms", plan.heldOutForms, Set(exchanges.map(\.form))),
    ] {
      for name in names where !known.contains(name) {
        throw InputError(
          "found \(name.quotedOnOneLine), \(NearestName.advice(for: name, among: known.sorted()))",
          field: "guard.data.\(field)")
      }
    }
    var sides: [[LabelledExchange]] = [[], [], []]
    var kept: [String: Bool] = [:]
    for exchange in exchanges {
      if plan.heldOutGroups.contains(exchange.group) || plan.heldOutForms.contains(exchange.form) {
        sides[2].append(exchange)
        continue
      }
      let key = exchange.group + "\u{0}" + exchange.topic
      let isChosen =
        kept[key]
        ?? {
          var stream = RandomStream(seed: plan.seed, "guard split", exchange.group, exchange.topic)
          return stream.uniform() < plan.chooseShare
        }()
      kept[key] = isChosen
      sides[isChosen ? 1 : 0].append(exchange)
    }
    (fitted, chosen, heldOut) = (sides[0], sides[1], sides[2])
    for (name, side) in [("fitted to", fitted), ("chosen on", chosen)] {
      let counts = ExchangeGuard.Counts(side)
      guard counts.harmful > 1, counts.benign > 1 else {
        throw InputError(
          "found \(counts.harmful) harmful and \(counts.benign) benign exchanges to be \(name), expected two of "
            + "each: topics are kept together, more of them are needed", field: "guard.data")
      }
    }
  }
}
