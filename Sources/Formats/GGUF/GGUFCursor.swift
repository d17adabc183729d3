import Core

/// Reads a GGUF file's header from its first byte on, as hostile input: nothing is taken for long
/// enough, and no count is believed before the bytes for it are seen to be there.
struct GGUFCursor {
  let bytes: UnsafeRawBufferPointer
  let file: String
  private(set) var position = 0

  /// Lists may hold lists; no file is known in which they do.
  private static let deepestList = 4
  /// More than any vocabulary has: elements take more memory than in the file.
  private static let longestList = Tokenizer.maximumID

  init(_ bytes: UnsafeRawBufferPointer, file: String) { (self.bytes, self.file) = (bytes, file) }

  /// Types of metadata as files number them.
  enum ValueType: UInt32 {
    case unsigned8, signed8, unsigned16, signed16, unsigned32, signed32, float32, boolean
    case string, list, unsigned64, signed64, float64

    /// What one value takes at least.
    var byteCount: Int {
      switch self {
      case .unsigned8, .signed8, .boolean: 1
      case .unsigned16, .signed16: 2
      case .unsigned32, .signed32, .float32: 4
      case .string, .unsigned64, .signed64, .float64: 8
      case .list: 12
      }
    }
  }

  func failure(_ problem: String) -> InputError {
    InputError("\(problem) (at byte \(position))", file: file)
  }

  mutating func integer<Value: FixedWidthInteger>(_: Value.Type) throws(InputError) -> Value {
    let count = MemoryLayout<Value>.size
    guard bytes.count - position >= count else { throw failure("is cut off in its header") }
    defer { position += count }
    return Value(littleEndian: bytes.loadUnaligned(fromByteOffset: position, as: Value.self))
  }

  /// A count of things that take at least `byteCount` bytes each, which must be there.
  mutating func count(_ what: String, of byteCount: Int) throws(InputError) -> Int {
    let value = try integer(UInt64.self)
    let room = (bytes.count - position) / byteCount
    guard value <= UInt64(room) else {
      throw failure("found \(value) \(what), but there is only room for \(room)")
    }
    return Int(value)
  }

  mutating func string(_ what: String) throws(InputError) -> String {
    let count = try count("bytes of \(what)", of: 1)
    let range = position..<position + count
    guard let text = String(validating: bytes[range], as: UTF8.self) else {
      throw failure("found \(what) that is not UTF-8")
    }
    position = range.upperBound
    return text
  }

  mutating func type() throws(InputError) -> ValueType {
    let number = try integer(UInt32.self)
    guard let type = ValueType(rawValue: number) else {
      throw failure("found metadata of the type \(number), expected 0 to 12")
    }
    return type
  }

  mutating func value(_ type: ValueType, depth: Int = 0) throws(InputError) -> GGUFValue {
    switch type {
    case .unsigned8: .unsigned(UInt64(try integer(UInt8.self)))
    case .unsigned16: .unsigned(UInt64(try integer(UInt16.self)))
    case .unsigned32: .unsigned(UInt64(try integer(UInt32.self)))
    case .unsigned64: .unsigned(try integer(UInt64.self))
    case .signed8: .signed(Int64(try integer(Int8.self)))
    case .signed16: .signed(Int64(try integer(Int16.self)))
    case .signed32: .signed(Int64(try integer(Int32.self)))
    case .signed64: .signed(try integer(Int64.self))
    case .float32: .number(try decimal())
    case .float64: .number(Double(bitPattern: try integer(UInt64.self)))
    case .boolean: .boolean(try integer(UInt8.self) != 0)
    case .string: .string(try string("text"))
    case .list: try list(depth: depth)
    }
  }

  /// A number of 32 bits as the decimal that people wrote for it.
  private mutating func decimal() throws(InputError) -> Double {
    let value = Float(bitPattern: try integer(UInt32.self))
    return Double("\(value)") ?? Double(value)
  }

  private mutating func list(depth: Int) throws(InputError) -> GGUFValue {
    guard depth < Self.deepestList else { throw failure("found lists in lists in lists") }
    let type = try type()
    let count = try count("elements of a list", of: type.byteCount)
    guard count <= Self.longestList else {
      throw failure("found a list of \(count) elements, expected at most \(Self.longestList)")
    }
    if type == .string {
      var texts: [String] = []
      texts.reserveCapacity(count)
      for _ in 0..<count { texts.append(try string("text")) }
      return .strings(texts)
    }
    var elements: [GGUFValue] = []
    elements.reserveCapacity(count)
    for _ in 0..<count { elements.append(try value(type, depth: depth + 1)) }
    return .list(elements)
  }
}
