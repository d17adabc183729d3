import Core

/// A safetensors file: a JSON header that names tensors, then their bytes.
///
/// The file is mapped, not read: a tensor's pages are loaded when it is asked for. Data may lie at
/// any byte, since writers differ in their padding. Everything the reference reader refuses is
/// refused here: ranges outside the file, overlapping, with holes between them or bytes after
/// them, or of another size than the shape says.
package struct Safetensors: Sendable {
  /// A tensor's place; `range` counts from the end of the header.
  package struct TensorInfo: Sendable, Hashable {
    package let dataType: DataType
    package let shape: [Int]
    package let range: Range<Int>
    package var elementCount: Int { shape.reduce(1, *) }
  }

  /// The reference reader's bound on the header, in bytes.
  package static let maximumHeaderByteCount = 100_000_000

  package let file: String
  package let metadata: [String: String]
  package private(set) var tensors: [String: TensorInfo]
  private let bytes: FileBytes
  private let dataStart: Int

  /// - Throws: `InputError` naming file and tensor.
  package init(path: String) throws(InputError) {
    try self.init(FileBytes(mapping: path), file: path)
  }

  /// Reads a file that is in memory already; `file` stands in messages.
  package init(bytes: [UInt8], file: String = "safetensors") throws(InputError) {
    try self.init(FileBytes(copying: bytes), file: file)
  }

  private init(_ bytes: FileBytes, file: String) throws(InputError) {
    let header = try SafetensorsHeader(bytes.buffer, file: file)
    self.file = file
    self.bytes = bytes
    metadata = header.metadata
    tensors = header.tensors
    dataStart = header.dataStart
  }

  /// The same tensors under other names.
  func renamed(_ name: (String) -> String) -> Safetensors {
    var copy = self
    copy.tensors = Dictionary(tensors.map { (name($0.key), $0.value) }) { first, _ in first }
    return copy
  }

  /// Tensor names in alphabetical order.
  package var names: [String] { tensors.keys.sorted() }

  /// Lends a tensor's raw bytes, little-endian and row-major, possibly unaligned.
  ///
  /// - Throws: `InputError` if there is no such tensor, or what `body` throws.
  package func withBytes<Result>(
    of name: String, _ body: (UnsafeRawBufferPointer) throws -> Result
  ) throws -> Result {
    let info = try info(of: name)
    return try withExtendedLifetime(bytes) { try body(buffer(info)) }
  }

  /// - Throws: `InputError` if there is no such tensor.
  package func info(of name: String) throws(InputError) -> TensorInfo {
    guard let info = tensors[name] else {
      throw InputError("the tensor is missing", file: file, field: name.onOneLine)
    }
    return info
  }

  /// Lets go of the memory that reading the first `elements` of a tensor took, for passes over files
  /// that are larger than it.
  package func releasePages(of name: String, elements: Int) {
    guard let info = tensors[name] else { return }
    releasePages(of: info, bytes: 0..<elements * info.dataType.bitCount / 8)
  }

  /// The same for some of a tensor's bytes.
  func releasePages(of info: TensorInfo, bytes part: Range<Int>) {
    let start = dataStart + info.range.lowerBound
    bytes.releasePages(start + part.lowerBound..<start + part.upperBound)
  }

  /// The tensor's bytes, valid while this value lives.
  func buffer(_ info: TensorInfo) -> UnsafeRawBufferPointer {
    let range = dataStart + info.range.lowerBound..<dataStart + info.range.upperBound
    return UnsafeRawBufferPointer(rebasing: bytes.buffer[range])
  }
}
