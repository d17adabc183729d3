import Core

/// What a file of another tool says about directions, before somebody adds what it does not say.
package struct ForeignDirections: Sendable, Hashable {
  package var directions: [Direction]
  /// What is done with them, where the format itself means it.
  package var operation: DirectionFacts.Operation?
  /// Blocks of the model, where the format tells.
  package var layerCount: Int?
  /// The format's word for the model.
  package var modelHint: String?
  /// Where they come from, in one line: a definition for want of a better one.
  package var definition: String
  /// What of the file is not among the directions, and why; a sentence each.
  package var leftOut: [String]

  package init(
    _ directions: [Direction], operation: DirectionFacts.Operation? = nil, layerCount: Int? = nil,
    modelHint: String? = nil, definition: String, leftOut: [String] = []
  ) {
    self.directions = directions
    self.operation = operation
    self.layerCount = layerCount
    self.modelHint = modelHint
    self.definition = definition
    self.leftOut = leftOut
  }

  /// How the rows of a table `[rows, hiddenSize]` are counted: tools differ by one, and no row says it.
  package enum Rows: String, Sendable, CaseIterable {
    /// `[L + 1, hiddenSize]`, transformers' `hidden_states`, as persona vectors have them: row 0 is the
    /// embedding, which block 0 reads; row k is what block k − 1 gives; row L stands behind the final norm
    /// and is in no place of the residual stream.
    case hiddenStates = "hidden-states"
    /// `[L, hiddenSize]`, as the assistant axis has them: row l is what block l gives.
    case blocks

    /// Blocks of a model whose table has `count` rows.
    package func layerCount(rows count: Int) -> Int { self == .blocks ? count : count - 1 }

    /// The site of a row; `nil` for the one behind the final norm.
    ///
    /// - Precondition: `row` is one of `count`.
    package func site(row: Int, of count: Int) -> Site? {
      precondition((0..<count).contains(row), "\(row) is no row of \(count)")
      switch self {
      case .blocks: return Site(layer: row, place: .post)
      case .hiddenStates where row == 0: return Site(layer: 0, place: .pre)
      case .hiddenStates: return row == count - 1 ? nil : Site(layer: row - 1, place: .post)
      }
    }
  }

  /// A table of rows, each a site's vector. Rows of zeros are left out: the embedding of a last prompt
  /// token, say, is the same in both groups that were compared.
  ///
  /// - Throws: `InputError` if no row is left.
  package init(
    table: [[Float]], rows: Rows, definition: String
  ) throws(InputError) {
    var directions: [Direction] = []
    var leftOut: [String] = []
    for (row, vector) in table.enumerated() {
      guard let site = rows.site(row: row, of: table.count) else {
        leftOut.append("row \(row), which transformers gives behind the final norm")
        continue
      }
      if vector.allSatisfy({ $0 == 0 }) {
        leftOut.append("row \(row) (\(site.name)), which is all zeros")
      } else {
        directions.append(Direction(site: site, vector: vector))
      }
    }
    guard !directions.isEmpty else {
      throw InputError(
        "found \(table.count) rows of which none is a direction: "
          + leftOut.joined(separator: "; ").onOneLine(limit: 200))
    }
    self.init(
      directions, layerCount: rows.layerCount(rows: table.count), definition: definition,
      leftOut: leftOut)
  }
}
