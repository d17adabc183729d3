import Core

/// What stands before the tensors' bytes.
struct GGUFHeader {
  /// A tensor as the header has it, not yet checked.
  struct Entry {
    let name: String
    /// The fastest dimension first.
    let dimensions: [UInt64]
    let type: UInt32
    /// From the beginning of the tensors' bytes.
    let offset: UInt64
  }

  private var cursor: GGUFCursor
  private let tensorCount: Int
  private let valueCount: Int

  /// What a tensor's entry takes at least: the length of a name, a count, a type and an offset.
  private static let leastEntry = 8 + 4 + 4 + 8
  /// What a value takes at least: the length of a key, a type and a byte.
  private static let leastValue = 8 + 4 + 1
  private static let mostDimensions: UInt32 = 4

  init(_ bytes: UnsafeRawBufferPointer, file: String) throws(InputError) {
    cursor = GGUFCursor(bytes, file: file)
    guard try cursor.integer(UInt32.self) == GGUFFile.magic else {
      throw InputError("is no GGUF file: it does not begin with \"GGUF\"", file: file)
    }
    let version = try cursor.integer(UInt32.self)
    guard version == 2 || version == 3 else {
      let isSwapped = [1, 2, 3].contains(version.byteSwapped)
      throw InputError(
        isSwapped
          ? "is of a machine whose bytes go the other way round (big-endian), expected little-endian"
          : "found version \(version), expected 2 or 3", file: file)
    }
    tensorCount = try cursor.count("tensors", of: Self.leastEntry)
    valueCount = try cursor.count("values", of: Self.leastValue)
  }

  /// The first byte that is not read yet.
  var position: Int { cursor.position }

  /// To be read first.
  mutating func values() throws(InputError) -> [String: GGUFValue] {
    var values: [String: GGUFValue] = [:]
    for _ in 0..<valueCount {
      let key = try cursor.string("a key")
      let value = try cursor.value(cursor.type())
      guard values.updateValue(value, forKey: key) == nil else {
        throw InputError("stands there twice", file: cursor.file, field: key.onOneLine)
      }
    }
    return values
  }

  /// To be read next.
  mutating func entries() throws(InputError) -> [Entry] {
    var entries: [Entry] = []
    for _ in 0..<tensorCount {
      let name = try cursor.string("a tensor's name")
      let count = try cursor.integer(UInt32.self)
      guard (1...Self.mostDimensions).contains(count) else {
        throw InputError(
          "found \(count) dimensions, expected 1 to \(Self.mostDimensions)", file: cursor.file,
          field: name.onOneLine)
      }
      var dimensions: [UInt64] = []
      for _ in 0..<count { dimensions.append(try cursor.integer(UInt64.self)) }
      entries.append(
        Entry(
          name: name, dimensions: dimensions, type: try cursor.integer(UInt32.self),
          offset: try cursor.integer(UInt64.self)))
    }
    return entries
  }
}

/// Finds tensors' places in the file and checks them against each other.
struct GGUFPlaces {
  let file: String
  /// Where the tensors' bytes begin.
  let start: Int
  let byteCount: Int
  let alignment: Int

  func tensors(
    _ entries: [GGUFHeader.Entry]
  ) throws(InputError) -> [String: GGUFFile.TensorInfo] {
    var tensors: [String: GGUFFile.TensorInfo] = [:]
    for entry in entries {
      guard tensors.updateValue(try info(entry), forKey: entry.name) == nil else {
        throw failure(entry.name, "the tensor stands there twice")
      }
    }
    var end = start
    for (name, info) in tensors.sorted(by: { $0.value.range.lowerBound < $1.value.range.lowerBound }
    ) {
      guard info.range.lowerBound >= end else { throw failure(name, "overlaps another tensor") }
      end = info.range.upperBound
    }
    return tensors
  }

  private func failure(_ name: String, _ problem: String) -> InputError {
    InputError(problem, file: file, field: name.onOneLine)
  }

  private func info(_ entry: GGUFHeader.Entry) throws(InputError) -> GGUFFile.TensorInfo {
    guard let type = GGUFTensorType(rawValue: entry.type) else {
      let known = GGUFTensorType.allCases.map(\.name).joined(separator: ", ")
      throw failure(
        entry.name,
        "found the type \(GGUFTensorType.name(ofNumber: entry.type)), expected one of \(known)")
    }
    var elements = 1
    var shape: [Int] = []
    for dimension in entry.dimensions {
      // No product of these overflows before it is compared.
      guard let size = Int(exactly: dimension), size > 0, size <= Int.max >> 8 / elements else {
        throw failure(
          entry.name, "found a dimension of \(dimension), expected 1 to what a file holds")
      }
      elements *= size
      shape.insert(size, at: 0)
    }
    guard let row = shape.last, row % type.blockElementCount == 0 else {
      throw failure(
        entry.name,
        "found rows of \(shape.last ?? 0), expected a multiple of \(type.blockElementCount), a block of "
          + type.name)
    }
    let size = elements / type.blockElementCount * type.blockByteCount
    guard entry.offset % UInt64(alignment) == 0 else {
      throw failure(entry.name, "found offset \(entry.offset), expected a multiple of \(alignment)")
    }
    guard start <= byteCount, entry.offset <= UInt64(byteCount - start),
      size <= byteCount - start - Int(entry.offset)
    else { throw failure(entry.name, "reaches beyond the end of the file: it is cut off") }
    let first = start + Int(entry.offset)
    return GGUFFile.TensorInfo(type: type, shape: shape, range: first..<first + size)
  }
}
