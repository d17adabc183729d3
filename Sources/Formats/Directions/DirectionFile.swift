import Core
import Documents

/// A vector in the residual stream at one place.
package struct Direction: Sendable, Hashable {
  package var site: Site
  /// `[hiddenSize]`, at its natural length.
  package var vector: [Float]
  /// The threshold τ of the projection on v̂, for the operation `cap` alone.
  package var cap: Double?

  package init(site: Site, vector: [Float], cap: Double? = nil) {
    (self.site, self.vector, self.cap) = (site, vector, cap)
  }
}

/// Directions in the residual stream of one model, and what has to be known to use them.
///
/// A value of this type holds what a file may hold: at least one direction, one a site, in the order of
/// sites, all of one length, finite and none of zeros; thresholds exactly where the operation is `cap`.
package struct DirectionFile: Sendable, Hashable {
  package let directions: [Direction]
  package let facts: DirectionFacts

  /// - Parameter file: stands in messages.
  /// - Throws: `InputError` naming the site or the fact that cannot be.
  package init(
    _ directions: [Direction], facts: DirectionFacts, file: String? = nil
  ) throws(InputError) {
    self.directions = directions.sorted { $0.site < $1.site }
    self.facts = facts
    do throws(InputError) {
      try checkDirections()
      try checkFacts()
    } catch {
      throw file.map { error.inFile($0) } ?? error
    }
  }

  /// Length of the vectors: the width of the residual stream.
  package var hiddenSize: Int { directions.first?.vector.count ?? 0 }

  package var sites: [Site] { directions.map(\.site) }

  package subscript(site: Site) -> Direction? { directions.first { $0.site == site } }

  /// The directions at some blocks alone.
  ///
  /// - Throws: `InputError` if there is none.
  package func limited(to layers: ClosedRange<Int>) throws(InputError) -> DirectionFile {
    let chosen = directions.filter { layers.contains($0.site.layer) }
    guard !chosen.isEmpty else {
      let there = Set(sites.map(\.layer)).sorted().map(String.init)
      throw InputError(
        "found no direction at the blocks \(layers.lowerBound) to \(layers.upperBound), expected some of "
          + there.joined(separator: ", ").onOneLine)
    }
    return try DirectionFile(chosen, facts: facts)
  }

  /// Holds the file against a model: its width, its blocks and, where both are known, its identity.
  ///
  /// - Parameter fingerprint: the model's; `nil`: not looked at. A file that names no model passes.
  /// - Throws: `InputError` naming both sides.
  package func check(
    against model: ModelConfiguration, fingerprint: String? = nil
  ) throws(InputError) {
    guard hiddenSize == model.hiddenSize else {
      throw InputError(
        "found vectors of \(hiddenSize) numbers, the model's residual stream has \(model.hiddenSize)"
      )
    }
    for site in sites { try site.check(against: model) }
    if let count = facts.layerCount, count != model.layerCount {
      throw InputError(
        "found directions of a model of \(count) blocks, the model has \(model.layerCount)",
        field: "layer_count")
    }
    if let own = facts.modelFingerprint, let fingerprint, own != fingerprint {
      throw InputError(
        "found directions of the model \(own.onOneLine), the model is \(fingerprint.onOneLine)",
        field: "model")
    }
  }

  private func checkDirections() throws(InputError) {
    guard let first = directions.first else {
      throw InputError("found no direction, expected at least one")
    }
    var previous: Site?
    for direction in directions {
      let field = direction.site.name
      guard direction.site != previous else {
        throw InputError("found two directions, expected one a site", field: field)
      }
      previous = direction.site
      guard direction.vector.count == first.vector.count, !direction.vector.isEmpty else {
        throw InputError(
          "found \(direction.vector.count) numbers, expected \(max(1, first.vector.count)) as at "
            + first.site.name, field: field)
      }
      if let value = direction.vector.first(where: { !$0.isFinite }) {
        throw InputError("found \(value), expected finite numbers", field: field)
      }
      guard direction.vector.contains(where: { $0 != 0 }) else {
        throw InputError("found nothing but zeros, which are no direction", field: field)
      }
      try checkCap(direction)
    }
  }

  private func checkCap(_ direction: Direction) throws(InputError) {
    let isCapped = facts.operation == .cap
    switch direction.cap {
    case nil where isCapped:
      throw InputError(
        "found no threshold, expected one with the operation cap", field: direction.site.name)
    case .some where !isCapped:
      throw InputError(
        "found a threshold, expected none with the operation \(facts.operation.rawValue)",
        field: direction.site.name)
    case let cap? where !cap.isFinite:
      throw InputError(
        "found the threshold \(cap), expected a finite one", field: direction.site.name)
    default: break
    }
  }

  private func checkFacts() throws(InputError) {
    for (field, text) in [("dose_unit", facts.doseUnit), ("definition", facts.definition)] {
      guard !text.isEmpty, text.onOneLine(limit: nil) == text else {
        throw InputError("found \(text.quotedOnOneLine), expected one line of text", field: field)
      }
    }
    if let count = facts.layerCount, let last = directions.last, last.site.layer >= count {
      throw InputError(
        "found a direction at block \(last.site.layer), the model has 0 to \(count - 1)",
        field: last.site.name)
    }
    if let count = facts.rowCount, count < 0 {
      throw InputError("found \(count), expected 0 or more rows", field: "n")
    }
    if let controls = facts.controls {
      do throws(InputError) { _ = try JSON(text: controls) } catch {
        throw InputError("found no JSON: \(error.problem)", field: "controls")
      }
    }
  }
}
