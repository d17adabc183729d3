import Core

/// A place in a model's residual stream, named as TransformerLens names it: `blocks.N.hook_resid_post`.
///
/// Blocks count from 0 everywhere in Askew. Other tools count otherwise: `hidden_states[k]` of transformers
/// is what block k − 1 gives, its row 0 the embedding, and its last row stands behind the final norm.
package struct Site: Sendable, Hashable, Codable, Comparable, CustomStringConvertible {
  /// Where in a block.
  package enum Place: String, Sendable, Codable, CaseIterable {
    /// What the block reads.
    case pre = "resid_pre"
    /// After attention, before the feed-forward layer.
    case mid = "resid_mid"
    /// What the block gives: what the next one reads.
    case post = "resid_post"

    /// Position in the order of computation.
    fileprivate var order: Int { Self.allCases.firstIndex(of: self) ?? 0 }
  }

  /// The block, counted from 0.
  package let layer: Int
  package let place: Place

  /// More blocks than any model has.
  private static let layerLimit = 100_000

  /// - Precondition: `layer` is not negative.
  package init(layer: Int, place: Place) {
    precondition(layer >= 0, "a block cannot have the number \(layer)")
    (self.layer, self.place) = (layer, place)
  }

  /// Reads a name such as `blocks.3.hook_resid_mid`.
  ///
  /// - Throws: `InputError` quoting a name that means no place in the residual stream.
  package init(name: String) throws(InputError) {
    let parts = name.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 3, parts[0] == "blocks", parts[1].allSatisfy({ ("0"..."9").contains($0) }),
      let layer = Int(parts[1]), layer < Self.layerLimit, String(layer) == parts[1],
      parts[2].hasPrefix("hook_"), let place = Place(rawValue: String(parts[2].dropFirst(5)))
    else {
      throw InputError(
        "found \(name.quotedOnOneLine), expected blocks.N.hook_resid_pre, blocks.N.hook_resid_mid or "
          + "blocks.N.hook_resid_post, N counted from 0")
    }
    self.init(layer: layer, place: place)
  }

  package var name: String { "blocks.\(layer).hook_\(place.rawValue)" }
  package var description: String { name }

  /// By block, then in the order of computation.
  package static func < (first: Site, second: Site) -> Bool {
    (first.layer, first.place.order) < (second.layer, second.place.order)
  }

  /// - Throws: `InputError` if the model has no such block.
  package func check(against model: ModelConfiguration) throws(InputError) {
    guard layer >= model.layerCount else { return }
    throw InputError(
      "found block \(layer), the model has 0 to \(model.layerCount - 1)", field: name)
  }

  package init(from decoder: any Decoder) throws {
    try self.init(name: decoder.singleValueContainer().decode(String.self))
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(name)
  }
}
