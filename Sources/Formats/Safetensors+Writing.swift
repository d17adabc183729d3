import Core
import Documents

extension Safetensors {
  /// A tensor to be written, and where its elements come from.
  package struct Source {
    /// Writes elements of a tensor, counted row-major, into memory of as many floats.
    package typealias Fill = (
      _ elements: Range<Int>, _ target: UnsafeMutableBufferPointer<Float>
    ) throws(InputError) -> Void

    enum Content {
      case elements(UnsafeBufferPointer<Float>)
      case fill(Fill)
      case copy(Safetensors, TensorInfo)
    }

    package let name: String
    package let shape: [Int]
    /// The type in the file; `bfloat16` and `float16` are rounded to nearest, ties to even.
    package let dataType: DataType
    let content: Content

    /// A tensor in memory that must stay valid during the call.
    ///
    /// - Precondition: `elements.count` is the product of `shape`; the type is F32, BF16 or F16.
    package init(
      _ name: String, shape: [Int], elements: UnsafeBufferPointer<Float>,
      as dataType: DataType = .float32
    ) {
      precondition(
        elements.count == shape.reduce(1, *),
        "\(name) has shape \(shape) but \(elements.count) elements")
      self.init(name, shape, dataType, .elements(elements))
    }

    /// A tensor that is made while it is written, so that a model larger than the memory can be
    /// rewritten: `fill` is called for one run of whole rows (of the last dimension) after the
    /// other, from the first to the last.
    ///
    /// - Precondition: no dimension is negative; the type is F32, BF16 or F16.
    package init(_ name: String, shape: [Int], as dataType: DataType, fill: @escaping Fill) {
      self.init(name, shape, dataType, .fill(fill))
    }

    /// The tensor `name` of another file, byte by byte and of whatever type.
    ///
    /// - Throws: `InputError` if `file` has no such tensor.
    package init(_ name: String, copying file: Safetensors) throws(InputError) {
      let info = try file.info(of: name)
      self.name = name
      shape = info.shape
      dataType = info.dataType
      content = .copy(file, info)
    }

    private init(_ name: String, _ shape: [Int], _ dataType: DataType, _ content: Content) {
      precondition(
        [.float32, .bfloat16, .float16].contains(dataType), "cannot write \(dataType.rawValue)")
      precondition(shape.allSatisfy { $0 >= 0 }, "\(name) cannot have shape \(shape)")
      self.name = name
      self.shape = shape
      self.dataType = dataType
      self.content = content
    }

    var elementCount: Int { shape.reduce(1, *) }
    var byteCount: Int { elementCount * dataType.bitCount / 8 }
  }

  /// Writes tensors in the given order, in one atomic step and without a second copy of them.
  ///
  /// The header is padded with spaces to 8 bytes, as the reference writer does.
  /// - Throws: `InputError` naming the file, if it cannot be written (permission, full disk), or
  ///   the tensor, if F16 cannot hold one of its numbers; what a source's `fill` throws.
  /// - Precondition: no two tensors have the same name.
  package static func write(
    _ sources: [Source], to path: String, metadata: [String: String] = ["format": "pt"]
  ) throws(InputError) {
    let header = header(of: sources, metadata: metadata)
    try AtomicFile.write(to: path) { (output) throws(InputError) in
      try output.write(header)
      for source in sources { try TensorWriter(source: source, path: path).write(to: output) }
    }
  }

  private static func header(of sources: [Source], metadata: [String: String]) -> [UInt8] {
    precondition(Set(sources.map(\.name)).count == sources.count, "two tensors share a name")
    var members = [
      JSONObject.Member(
        "__metadata__",
        .object(
          JSONObject(metadata.sorted { $0.key < $1.key }.map { .init($0.key, .string($0.value)) })))
    ]
    var end = 0
    for source in sources {
      let begin = end
      end += source.byteCount
      members.append(
        JSONObject.Member(
          source.name,
          [
            "dtype": .string(source.dataType.rawValue),
            "shape": .array(source.shape.map(JSON.integer)),
            "data_offsets": [.integer(begin), .integer(end)],
          ]))
    }
    var text = Array(JSON.object(JSONObject(members)).text(pretty: false).utf8)
    while text.count % 8 != 0 { text.append(UInt8(ascii: " ")) }
    let length = UInt64(text.count)
    return (0..<8).map { UInt8(truncatingIfNeeded: length >> (8 * $0)) } + text
  }
}

/// Writes one tensor's bytes through buffers of bounded size.
private struct TensorWriter {
  let source: Safetensors.Source
  let path: String

  /// Floats that are made and converted at a time, unless a single row has more.
  private static let chunkCount = 1 << 18

  func write(to output: borrowing AtomicFile.Output) throws(InputError) {
    switch source.content {
    case .copy(let file, let info):
      // The object must outlive the use of its bytes.
      defer { withExtendedLifetime(file) {} }
      try output.write(file.buffer(info))
    case .elements(let elements):
      if source.dataType == .float32 {
        try output.write(UnsafeRawBufferPointer(elements))
      } else {
        try inChunks { (range, halves) throws(InputError) in
          try write(UnsafeBufferPointer(rebasing: elements[range]), through: halves, to: output)
        }
      }
    case .fill(let fill):
      let memory = UnsafeMutableBufferPointer<Float>.allocate(capacity: chunkCount)
      defer { memory.deallocate() }
      try inChunks { (range, halves) throws(InputError) in
        let target = UnsafeMutableBufferPointer(rebasing: memory[..<range.count])
        try fill(range, target)
        let elements = UnsafeBufferPointer(target)
        if source.dataType == .float32 {
          try output.write(UnsafeRawBufferPointer(elements))
        } else {
          try write(elements, through: halves, to: output)
        }
      }
    }
  }

  /// A whole number of rows, at least one.
  private var chunkCount: Int {
    let row = max(1, source.shape.last ?? 1)
    return max(1, Self.chunkCount / row) * row
  }

  private func inChunks(
    _ body: (Range<Int>, UnsafeMutableBufferPointer<UInt16>) throws(InputError) -> Void
  ) throws(InputError) {
    let isHalf = source.dataType != .float32
    let halves = UnsafeMutableBufferPointer<UInt16>.allocate(capacity: isHalf ? chunkCount : 0)
    defer { halves.deallocate() }
    var start = 0
    while start < source.elementCount {
      let end = min(start + chunkCount, source.elementCount)
      try body(start..<end, halves)
      start = end
    }
  }

  private func write(
    _ elements: UnsafeBufferPointer<Float>, through halves: UnsafeMutableBufferPointer<UInt16>,
    to output: borrowing AtomicFile.Output
  ) throws(InputError) {
    guard let start = halves.baseAddress else { return }
    if source.dataType == .float16,
      let value = elements.first(where: { $0.isFinite && HalfFloat.bits($0) & 0x7fff == 0x7c00 })
    {
      throw InputError(
        "F16 cannot hold \(value), expected at most \(HalfFloat.largest); use BF16 or F32",
        file: path, field: source.name.onOneLine)
    }
    ElementConversion.halves(elements, as: source.dataType, to: start)
    try output.write(
      UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(halves)[..<(2 * elements.count)]))
  }
}
