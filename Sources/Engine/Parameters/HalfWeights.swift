import CKernels
import Formats

/// A frozen model's weights as most checkpoints store them: matrices in bfloat16, which are the
/// operands of the products as they lie, and vectors (norms, biases) in 32 bits.
///
/// Half the memory of 32 bits and no copy beside it: what adapters are trained on. Matrices that are
/// multiplied together lie together, each such group in an allocation of its own, so that one can be
/// packed for sampling and the plain one given back before the next is read.
///
/// `@unchecked Sendable`: written while it is read from a file, merged or packed, by one owner, and
/// never afterwards.
final class HalfWeights: @unchecked Sendable {
  private struct Group {
    let rows: Int
    let columns: Int
    var plain: UnsafeMutablePointer<UInt16>?
    var packed: PackedMatrix?
  }

  /// By the offset of a group's first tensor in the layout.
  private var groups: [Int: Group] = [:]
  /// Where a tensor lies: its group, and the elements before it there.
  private var places: [Int: (group: Int, skip: Int)] = [:]
  private let vectorBlock: ParameterBlock
  private var vectorOffsets: [Int: Int] = [:]

  /// Zeros.
  init(_ c: ModelConfiguration, _ layout: ParameterLayout, _ offsets: ModelOffsets) {
    var next = 0
    for slot in layout.slots where slot.shape.count == 1 {
      vectorOffsets[slot.offset] = next
      next += slot.count
    }
    vectorBlock = ParameterBlock(count: next)
    add(offsets.embedding, rows: c.vocabularySize, columns: c.hiddenSize)
    add(offsets.head, rows: c.vocabularySize, columns: c.hiddenSize)
    for layer in offsets.layers {
      for group in LinearGroup.allCases {
        add(group.weight(layer), rows: group.outputSize(c), columns: group.inputSize(c))
      }
    }
    for slot in layout.slots where slot.shape.count == 2 {
      let first = groups.keys.filter { $0 <= slot.offset }.max() ?? 0
      places[slot.offset] = (first, slot.offset - first)
    }
  }

  deinit {
    for group in groups.values { group.plain.map { UnsafeMutableRawPointer($0).deallocate() } }
  }

  private func add(_ offset: Int, rows: Int, columns: Int) {
    guard groups[offset] == nil else { return }
    groups[offset] = Group(
      rows: rows, columns: columns,
      plain: ParameterBlock.allocate(rows * columns, of: UInt16.self))
  }

  /// The vector whose slot begins at `offset` of the layout.
  func vector(at offset: Int) -> UnsafeMutablePointer<Float> {
    guard let place = vectorOffsets[offset] else {
      preconditionFailure("no vector begins at offset \(offset)")
    }
    return vectorBlock.floats + place
  }

  /// The matrix whose slot begins at `offset` of the layout.
  func matrix(at offset: Int) -> UnsafeMutablePointer<UInt16> {
    guard let place = places[offset], let start = groups[place.group]?.plain else {
      preconditionFailure("the matrix at offset \(offset) is not there or packed")
    }
    return start + place.skip
  }

  /// The packed group at `offset`, if it is packed.
  func packed(at offset: Int) -> PackedMatrix? { groups[offset]?.packed }

  /// Packs every matrix for sampling and gives the plain ones back; the embedding stays, since its
  /// rows are read one by one. Nothing can be trained on the model afterwards.
  func pack(_ offsets: ModelOffsets, pool: WorkerPool) {
    for offset in groups.keys.sorted() where offset != offsets.embedding || offset == offsets.head {
      guard var group = groups[offset], let plain = group.plain, group.packed == nil,
        let packed = PackedMatrix(plain, rows: group.rows, columns: group.columns, pool: pool)
      else { continue }
      group.packed = packed
      if offset != offsets.embedding {
        UnsafeMutableRawPointer(plain).deallocate()
        group.plain = nil
      }
      groups[offset] = group
    }
  }
}
