/// Places of the residual stream as numbers on an axis, in the order of computation.
struct SiteAxis {
  /// What the numbers count.
  let title: String
  private let positions: [String: Double]

  /// - Parameter names: as TransformerLens writes them, such as `blocks.1.hook_resid_post`; where one is of another
  ///   kind, sites are counted in their order.
  init(_ names: [String]) {
    var sites: [String] = []
    for name in names where !sites.contains(name) { sites.append(name) }
    let known = sites.compactMap(Site.init)
    guard known.count == sites.count, let first = known.first else {
      title = "site, in order"
      positions = Dictionary(
        uniqueKeysWithValues: sites.enumerated().map { ($1, Double($0 + 1)) })
      return
    }
    if known.allSatisfy({ $0.place == first.place }) {
      title = "\(first.place.words) block"
      positions = Dictionary(uniqueKeysWithValues: zip(sites, known.map { Double($0.block) }))
    } else {
      title = "blocks computed before the site"
      positions = Dictionary(
        uniqueKeysWithValues: zip(sites, known.map { Double($0.block) + $0.place.depth }))
    }
  }

  func position(_ name: String) -> Double { positions[name] ?? 0 }

  private struct Site {
    enum Place: String {
      case pre, mid, post

      var words: String {
        switch self {
        case .pre: "before"
        case .mid: "after the attention of"
        case .post: "after"
        }
      }

      /// In blocks.
      var depth: Double {
        switch self {
        case .pre: 0
        case .mid: 0.5
        case .post: 1
        }
      }
    }

    let block: Int
    let place: Place

    init?(_ name: String) {
      let parts = name.split(separator: ".", omittingEmptySubsequences: false)
      guard parts.count == 3, parts[0] == "blocks", let block = Int(parts[1]),
        (0..<100_000).contains(block), parts[2].hasPrefix("hook_resid_"),
        let place = Place(rawValue: String(parts[2].dropFirst("hook_resid_".count)))
      else { return nil }
      (self.block, self.place) = (block, place)
    }
  }
}
