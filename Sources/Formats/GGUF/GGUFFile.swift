import Core

/// A GGUF file, version 2 or 3: metadata, names of tensors, then their bytes.
///
/// The file is mapped, not read. It is taken for hostile: counts and lengths beyond the file, places that
/// overlap or are not aligned, and shapes that do not fit are one line of an error.
package struct GGUFFile: Sendable {
  package struct TensorInfo: Sendable, Hashable {
    package let type: GGUFTensorType
    /// The slowest dimension first, as in safetensors; files have it the other way round.
    package let shape: [Int]
    /// Bytes of the file.
    package let range: Range<Int>
    package var elementCount: Int { shape.reduce(1, *) }
  }

  static let magic: UInt32 = 0x4655_4747  // "GGUF"
  static let alignmentKey = "general.alignment"
  static let defaultAlignment = 32

  package let file: String
  package let metadata: GGUFMetadata
  package let tensors: [String: TensorInfo]
  private let bytes: FileBytes

  /// - Throws: `InputError` naming the file, and key or tensor.
  package init(path: String) throws(InputError) {
    try self.init(FileBytes(mapping: path), file: path)
  }

  /// Reads a file that is in memory already; `file` stands in messages.
  package init(bytes: [UInt8], file: String = "model.gguf") throws(InputError) {
    try self.init(FileBytes(copying: bytes), file: file)
  }

  private init(_ bytes: FileBytes, file: String) throws(InputError) {
    var header = try GGUFHeader(bytes.buffer, file: file)
    self.file = file
    self.bytes = bytes
    metadata = GGUFMetadata(try header.values(), file: file)
    let entries = try header.entries()
    let alignment = try Self.alignment(metadata)
    let start = (header.position + alignment - 1) / alignment * alignment
    tensors = try GGUFPlaces(
      file: file, start: start, byteCount: bytes.buffer.count, alignment: alignment
    ).tensors(entries)
  }

  /// Tensor names in alphabetical order.
  package var names: [String] { tensors.keys.sorted() }

  private static func alignment(_ metadata: GGUFMetadata) throws(InputError) -> Int {
    guard let value = try metadata.integer(alignmentKey) else { return defaultAlignment }
    guard (8...1 << 20).contains(value), value & (value - 1) == 0 else {
      throw metadata.wrong(alignmentKey, expected: "a power of two from 8 to 1048576")
    }
    return value
  }

  /// Reads elements of a tensor, counted row-major from a block's first, as Float.
  ///
  /// - Precondition: there is such a tensor; the elements are whole blocks of it, as many as `target` has.
  package func read(
    _ name: String, elements: Range<Int>, into target: UnsafeMutableBufferPointer<Float>
  ) {
    guard let info = tensors[name], let start = target.baseAddress, !elements.isEmpty else {
      return
    }
    let block = info.type.blockElementCount
    precondition(
      elements.lowerBound % block == 0 && elements.count % block == 0
        && elements.upperBound <= info.elementCount && elements.count == target.count,
      "\(name) has \(info.elementCount) elements in blocks of \(block), not \(elements)")
    let first = info.range.lowerBound + elements.lowerBound / block * info.type.blockByteCount
    let size = elements.count / block * info.type.blockByteCount
    withExtendedLifetime(bytes) {
      guard let base = bytes.buffer.baseAddress else { return }
      GGUFBlocks.read(base + first, info.type, blocks: elements.count / block, to: start)
      if size >= 1 << 20 { bytes.releasePages(first..<first + size) }
    }
  }

  /// All elements of a tensor.
  ///
  /// - Throws: `InputError` if there is no such tensor.
  package func floats(of name: String) throws(InputError) -> [Float] {
    guard let info = tensors[name] else {
      throw InputError("the tensor is missing", file: file, field: name.onOneLine)
    }
    return [Float](unsafeUninitializedCapacity: info.elementCount) { target, count in
      let part = UnsafeMutableBufferPointer(rebasing: target[..<info.elementCount])
      read(name, elements: 0..<info.elementCount, into: part)
      count = info.elementCount
    }
  }
}
