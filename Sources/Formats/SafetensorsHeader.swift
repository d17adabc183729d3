import Core
import Documents

/// The checked header of a safetensors file.
struct SafetensorsHeader {
  private(set) var metadata: [String: String] = [:]
  private(set) var tensors: [String: Safetensors.TensorInfo] = [:]
  let dataStart: Int
  private let file: String

  init(_ bytes: UnsafeRawBufferPointer, file: String) throws(InputError) {
    self.file = file
    guard bytes.count >= 8 else {
      throw InputError(
        "found \(bytes.count) bytes, expected at least the 8 of a safetensors header length",
        file: file)
    }
    let length = UInt64(littleEndian: bytes.loadUnaligned(as: UInt64.self))
    guard length <= UInt64(Safetensors.maximumHeaderByteCount) else {
      throw InputError(
        "the header says it has \(length) bytes, expected at most "
          + "\(Safetensors.maximumHeaderByteCount)", file: file)
    }
    guard Int(length) <= bytes.count - 8 else {
      throw InputError(
        "the header says it has \(length) bytes, but the file has only \(bytes.count - 8) after "
          + "the length", file: file)
    }
    dataStart = 8 + Int(length)
    let text = UnsafeRawBufferPointer(rebasing: bytes[8..<dataStart])
    guard text.first == UInt8(ascii: "{") else {
      throw InputError("the header does not begin with \"{\"", file: file)
    }
    guard case .object(let header) = try JSON(bytes: text, file: file) else {
      throw InputError("the header is not a JSON object", file: file)
    }
    for member in header.members {
      if member.name == "__metadata__" {
        try readMetadata(member.value)
      } else {
        tensors[member.name] = try info(member.value, name: member.name)
      }
    }
    try checkLayout(dataByteCount: bytes.count - dataStart)
  }

  private mutating func readMetadata(_ json: JSON) throws(InputError) {
    if json == .null { return }
    guard case .object(let object) = json else {
      throw InputError(
        "found \(json.summary), expected an object of strings", file: file, field: "__metadata__")
    }
    for member in object.members {
      guard case .string(let text) = member.value else {
        throw InputError(
          "found \(member.value.summary), expected a string", file: file,
          field: "__metadata__.\(member.name.onOneLine)")
      }
      metadata[member.name] = text
    }
  }

  private func info(_ json: JSON, name: String) throws(InputError) -> Safetensors.TensorInfo {
    let fields = try Fields(json, file: file, path: "\(name.onOneLine).")
    let typeName = try fields.required("dtype", fields.string("dtype"))
    guard let type = DataType(rawValue: typeName) else {
      throw fields.wrong("dtype", expected: "a safetensors data type")
    }
    let shape = try fields.required("shape", fields.integers("shape"))
    let offsets = try fields.required("data_offsets", fields.integers("data_offsets"))
    guard offsets.count == 2, offsets[0] >= 0, offsets[1] >= offsets[0] else {
      throw fields.failure(
        "data_offsets", "found \(offsets), expected [begin, end] with 0 <= begin <= end")
    }
    var bits = type.bitCount
    for dimension in shape {
      guard dimension >= 0 else {
        throw fields.failure("shape", "found \(shape), expected no negative dimension")
      }
      let product = bits.multipliedReportingOverflow(by: dimension)
      guard !product.overflow else {
        throw fields.failure("shape", "\(shape) is larger than any file")
      }
      bits = product.partialValue
    }
    // Compared in bytes: eight times a hostile offset would overflow.
    guard bits % 8 == 0, offsets[1] - offsets[0] == bits / 8 else {
      throw fields.failure(
        "data_offsets",
        "found \(offsets[1] - offsets[0]) bytes, expected \((bits + 7) / 8) for shape \(shape) of "
          + type.rawValue)
    }
    return Safetensors.TensorInfo(
      dataType: type, shape: shape, range: offsets[0]..<offsets[1])
  }

  /// Tensors must follow each other without gap or overlap and fill the data exactly.
  private func checkLayout(dataByteCount: Int) throws(InputError) {
    let ordered = tensors.sorted {
      ($0.value.range.lowerBound, $0.value.range.upperBound, $0.key)
        < ($1.value.range.lowerBound, $1.value.range.upperBound, $1.key)
    }
    var end = 0
    for (name, info) in ordered {
      let field = "\(name.onOneLine).data_offsets"
      let begin = info.range.lowerBound
      guard info.range.upperBound <= dataByteCount else {
        throw InputError(
          "ends at byte \(info.range.upperBound) of the data, which has only \(dataByteCount)",
          file: file, field: field)
      }
      guard begin == end else {
        let problem = begin < end ? "overlaps the tensor before it" : "leaves a hole before it"
        throw InputError(
          "\(problem): begins at byte \(begin), expected \(end)", file: file, field: field)
      }
      end = info.range.upperBound
    }
    guard end == dataByteCount else {
      throw InputError(
        "found \(dataByteCount) bytes of data, expected \(end): the last tensor ends there",
        file: file)
    }
  }
}
