import Core

/// Writes a GGUF file of version 3: metadata in their order, then tensors.
struct GGUFWriter {
  /// A value with the type that readers expect of its key.
  enum Field {
    case unsigned(Int)
    case number(Double)
    case boolean(Bool)
    case string(String)
    case strings([String])
    case signedList([Int])
    case numberList([Double])
  }

  struct Tensor {
    let name: String
    /// The slowest dimension first.
    let shape: [Int]
    let type: GGUFTensorType
    /// Gives whole rows, counted row-major.
    let fill: Safetensors.Source.Fill

    var elementCount: Int { shape.reduce(1, *) }
    var byteCount: Int { elementCount / type.blockElementCount * type.blockByteCount }
  }

  var fields: [(key: String, value: Field)] = []
  var tensors: [Tensor] = []

  /// Elements that are made at a time, unless a single row has more.
  private static let chunkCount = 1 << 18

  var byteCount: Int { header().count + tensors.reduce(0) { $0 + Self.padded($1.byteCount) } }

  /// Writes the file in one atomic step.
  ///
  /// - Throws: `InputError` naming the file, or the tensor that its type cannot hold.
  func write(to path: String) throws(InputError) {
    try AtomicFile.write(to: path) { (output) throws(InputError) in
      try output.write(header())
      for tensor in tensors {
        try write(tensor, to: output, path)
        let rest = Self.padded(tensor.byteCount) - tensor.byteCount
        try output.write([UInt8](repeating: 0, count: rest))
      }
    }
  }

  private static func padded(_ count: Int) -> Int {
    (count + GGUFFile.defaultAlignment - 1) / GGUFFile.defaultAlignment * GGUFFile.defaultAlignment
  }

  private func header() -> [UInt8] {
    var bytes = GGUFBytes()
    bytes.add(GGUFFile.magic)
    bytes.add(UInt32(3))
    bytes.add(UInt64(tensors.count))
    bytes.add(UInt64(fields.count))
    for field in fields {
      bytes.add(field.key)
      bytes.add(field.value)
    }
    var offset = 0
    for tensor in tensors {
      bytes.add(tensor.name)
      bytes.add(UInt32(tensor.shape.count))
      for size in tensor.shape.reversed() { bytes.add(UInt64(size)) }
      bytes.add(tensor.type.rawValue)
      bytes.add(UInt64(offset))
      offset += Self.padded(tensor.byteCount)
    }
    let rest = Self.padded(bytes.bytes.count) - bytes.bytes.count
    return bytes.bytes + [UInt8](repeating: 0, count: rest)
  }

  private func write(
    _ tensor: Tensor, to output: borrowing AtomicFile.Output, _ path: String
  ) throws(InputError) {
    let row = tensor.shape.last ?? 1
    let step = max(1, Self.chunkCount / row) * row
    let floats = UnsafeMutableBufferPointer<Float>.allocate(capacity: step)
    defer { floats.deallocate() }
    var start = 0
    while start < tensor.elementCount {
      let range = start..<min(start + step, tensor.elementCount)
      let part = UnsafeMutableBufferPointer(rebasing: floats[..<range.count])
      try tensor.fill(range, part)
      guard let bytes = GGUFPacking.bytes(UnsafeBufferPointer(part), as: tensor.type) else {
        throw InputError(
          "has numbers that \(tensor.type.name) cannot hold; use BF16 or F32", file: path,
          field: tensor.name)
      }
      try output.write(bytes)
      start = range.upperBound
    }
  }
}

/// Bytes of a header that grow.
private struct GGUFBytes {
  var bytes: [UInt8] = []

  mutating func add(_ value: some FixedWidthInteger) {
    withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
  }

  mutating func add(_ text: String) {
    add(UInt64(text.utf8.count))
    bytes.append(contentsOf: text.utf8)
  }

  private mutating func add(_ type: GGUFCursor.ValueType) { add(type.rawValue) }

  private mutating func addList(of type: GGUFCursor.ValueType, count: Int) {
    add(.list)
    add(type)
    add(UInt64(count))
  }

  mutating func add(_ field: GGUFWriter.Field) {
    switch field {
    case .unsigned(let value):
      add(.unsigned32)
      add(UInt32(clamping: value))
    case .number(let value):
      add(.float32)
      add(Float(value).bitPattern)
    case .boolean(let value):
      add(.boolean)
      add(UInt8(value ? 1 : 0))
    case .string(let text):
      add(.string)
      add(text)
    case .strings(let texts):
      addList(of: .string, count: texts.count)
      for text in texts { add(text) }
    case .signedList(let values):
      addList(of: .signed32, count: values.count)
      for value in values { add(Int32(clamping: value)) }
    case .numberList(let values):
      addList(of: .float32, count: values.count)
      for value in values { add(Float(value).bitPattern) }
    }
  }
}
