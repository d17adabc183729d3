import Core

extension Safetensors {
  /// A tensor to be written, in memory that must stay valid during the call.
  public struct Source {
    public let name: String
    public let shape: [Int]
    public let elements: UnsafeBufferPointer<Float>
    /// `float32` or `bfloat16` (rounded to nearest, ties to even).
    public let dataType: DataType

    /// - Precondition: `elements.count` is the product of `shape`.
    public init(
      _ name: String, shape: [Int], elements: UnsafeBufferPointer<Float>,
      as dataType: DataType = .float32
    ) {
      precondition(
        elements.count == shape.reduce(1, *),
        "\(name) has shape \(shape) but \(elements.count) elements")
      precondition(
        dataType == .float32 || dataType == .bfloat16, "cannot write \(dataType.rawValue)")
      self.name = name
      self.shape = shape
      self.elements = elements
      self.dataType = dataType
    }

    var byteCount: Int { elements.count * dataType.bitCount / 8 }
  }

  /// Writes tensors in the given order, straight from their buffers and in one atomic step.
  ///
  /// The header is padded with spaces to 8 bytes, as the reference writer does.
  /// - Throws: `InputError` naming the file, if it cannot be written (permission, full disk).
  /// - Precondition: no two tensors have the same name.
  public static func write(
    _ sources: [Source], to path: String, metadata: [String: String] = ["format": "pt"]
  ) throws(InputError) {
    let header = header(of: sources, metadata: metadata)
    try AtomicFile.write(to: path) { (output) throws(InputError) in
      try output.write(header)
      for source in sources {
        switch source.dataType {
        case .bfloat16: try writeHalves(of: source.elements, to: output)
        default: try output.write(UnsafeRawBufferPointer(source.elements))
        }
      }
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

  /// Converts through a small buffer, so that no second copy of the weights exists.
  private static func writeHalves(
    of elements: UnsafeBufferPointer<Float>, to output: borrowing AtomicFile.Output
  ) throws(InputError) {
    var position = 0
    while position < elements.count {
      let end = min(position + 1 << 16, elements.count)
      let chunk = elements[position..<end].map { BFloat16.bits($0).littleEndian }
      let result = chunk.withUnsafeBytes { bytes in
        Result { () throws(InputError) in try output.write(bytes) }
      }
      try result.get()
      position = end
    }
  }
}
