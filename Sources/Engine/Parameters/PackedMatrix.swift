import CKernels

/// A bfloat16 matrix `[out, in]` in oneDNN's own layout, cut by `ColumnCuts` so that workers can share
/// its product.
///
/// `@unchecked Sendable`: written in `init` alone.
final class PackedMatrix: @unchecked Sendable {
  private let cuts: [UnsafeMutableRawPointer]

  /// `nil` where oneDNN has no kernel for packed operands.
  init?(_ matrix: UnsafePointer<UInt16>, rows: Int, columns: Int, pool: WorkerPool) {
    let ranges = ColumnCuts.of(rows)
    let type = Precision.bf16.kernelType
    let sizes = ranges.map { askew_packed_bytes(Int64($0.count), Int64(columns), type) }
    guard sizes.allSatisfy({ $0 > 0 }) else { return nil }
    let cuts = sizes.map {
      UnsafeMutableRawPointer(ParameterBlock.allocate(Int($0), of: UInt8.self))
    }
    nonisolated(unsafe) let (from, to) = (matrix, cuts)
    pool.run(ranges.count) { _, index in
      let range = ranges[index]
      let status = askew_pack(
        from + range.lowerBound * columns, Int64(range.count), Int64(columns), type, to[index])
      precondition(status == 0, "oneDNN status \(status) when packing a matrix")
    }
    self.cuts = cuts
  }

  deinit { for cut in cuts { cut.deallocate() } }

  /// The operand of a cut's product.
  subscript(cut: Int) -> Operand { .packed(cuts[cut]) }
}
