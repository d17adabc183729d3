import Core

/// A safetensors file: a JSON header that names tensors, then their bytes.
///
/// The file is mapped, not read: a tensor's pages are loaded when it is asked for. Data may lie at
/// any byte, since writers differ in their padding. Everything the reference reader refuses is
/// refused here: ranges outside the file, overlapping, with holes between them or bytes after
/// them, or of another size than the shape says.
public struct Safetensors: Sendable {
  /// A tensor's place; `range` counts from the end of the header.
  public struct TensorInfo: Sendable, Hashable {
    public let dataType: DataType
    public let shape: [Int]
    public let range: Range<Int>
    public var elementCount: Int { shape.reduce(1, *) }
  }

  /// The reference reader's bound on the header, in bytes.
  public static let maximumHeaderByteCount = 100_000_000

  public let file: String
  public let metadata: [String: String]
  public let tensors: [String: TensorInfo]
  private let bytes: FileBytes
  private let dataStart: Int

  /// - Throws: `InputError` naming file and tensor.
  public init(path: String) throws(InputError) {
    try self.init(FileBytes(mapping: path), file: path)
  }

  /// Reads a file that is in memory already; `file` stands in messages.
  public init(bytes: [UInt8], file: String = "safetensors") throws(InputError) {
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

  /// Tensor names in alphabetical order.
  public var names: [String] { tensors.keys.sorted() }

  /// Lends a tensor's raw bytes, little-endian and row-major, possibly unaligned.
  ///
  /// - Throws: `InputError` if there is no such tensor, or what `body` throws.
  public func withBytes<Result>(
    of name: String, _ body: (UnsafeRawBufferPointer) throws -> Result
  ) throws -> Result {
    let info = try info(of: name)
    return try withExtendedLifetime(bytes) { try body(buffer(info)) }
  }

  /// A tensor's elements as Float: F32 as they are, BF16 and F16 exactly converted.
  ///
  /// - Throws: `InputError` if the tensor is missing, has another shape than `expecting`, or a
  ///   data type other than these three.
  public func floats(
    of name: String, expecting shape: [Int]? = nil
  ) throws(InputError) -> [Float] {
    let info = try info(of: name)
    try check(info, name, shape)
    return [Float](unsafeUninitializedCapacity: info.elementCount) { target, count in
      convert(info, to: target)
      count = info.elementCount
    }
  }

  /// The same into memory that the caller owns, for weights that live in one block.
  public func read(
    _ name: String, expecting shape: [Int], into target: UnsafeMutableBufferPointer<Float>
  ) throws(InputError) {
    let info = try info(of: name)
    try check(info, name, shape)
    precondition(
      target.count == info.elementCount,
      "\(name) has \(info.elementCount) elements, its target \(target.count)")
    convert(info, to: target)
  }

  private func info(of name: String) throws(InputError) -> TensorInfo {
    guard let info = tensors[name] else {
      throw InputError("the tensor is missing", file: file, field: oneLine(name))
    }
    return info
  }

  private func check(
    _ info: TensorInfo, _ name: String, _ shape: [Int]?
  ) throws(InputError) {
    if let shape, shape != info.shape {
      throw InputError(
        "found shape \(info.shape), expected \(shape)", file: file, field: oneLine(name))
    }
    guard [.float32, .bfloat16, .float16].contains(info.dataType) else {
      throw InputError(
        "found data type \(info.dataType.rawValue), expected F32, BF16 or F16", file: file,
        field: oneLine(name))
    }
  }

  private func buffer(_ info: TensorInfo) -> UnsafeRawBufferPointer {
    let range = dataStart + info.range.lowerBound..<dataStart + info.range.upperBound
    return UnsafeRawBufferPointer(rebasing: bytes.buffer[range])
  }

  private func convert(_ info: TensorInfo, to target: UnsafeMutableBufferPointer<Float>) {
    let source = buffer(info)
    func sixteen(_ i: Int) -> UInt16 {
      UInt16(littleEndian: source.loadUnaligned(fromByteOffset: 2 * i, as: UInt16.self))
    }
    withExtendedLifetime(bytes) {
      switch info.dataType {
      case .bfloat16:
        for i in 0..<info.elementCount { target[i] = BFloat16.float(bits: sixteen(i)) }
      case .float16:
        for i in 0..<info.elementCount { target[i] = HalfFloat.float(bits: sixteen(i)) }
      default:
        for i in 0..<info.elementCount {
          let bits = source.loadUnaligned(fromByteOffset: 4 * i, as: UInt32.self)
          target[i] = Float(bitPattern: UInt32(littleEndian: bits))
        }
      }
    }
  }
}
