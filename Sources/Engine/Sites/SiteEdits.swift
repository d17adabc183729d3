import Formats

/// Edits in the order in which a pass meets their sites.
///
/// What leaves a block is what the next one gets: an edit of `blocks.1.hook_resid_pre` is one behind block 0.
struct SiteEdits: Sendable {
  /// Where a pass edits.
  enum Point: Hashable, Sendable {
    case embedded
    /// Between a block's attention and its feed-forward layer.
    case middle(Int)
    case behind(Int)
  }

  private let byPoint: [Point: [(index: Int, edit: ResidualEdit)]]
  /// How many there are.
  let count: Int

  init(_ edits: [ResidualEdit]) {
    byPoint = Dictionary(
      grouping: edits.enumerated().map { (index: $0.offset, edit: $0.element) }
    ) { Point($0.edit.site) }
    count = edits.count
  }

  /// In their order; each with its number among all.
  subscript(point: Point) -> [(index: Int, edit: ResidualEdit)] { byPoint[point] ?? [] }
}

extension SiteEdits.Point {
  init(_ site: Site) {
    switch site.place {
    case .pre: self = site.layer == 0 ? .embedded : .behind(site.layer - 1)
    case .mid: self = .middle(site.layer)
    case .post: self = .behind(site.layer)
    }
  }

  /// The first block that is wholly behind it.
  var nextBlock: Int {
    switch self {
    case .embedded: 0
    case .middle(let layer), .behind(let layer): layer + 1
    }
  }
}
