import Core

/// The records of a CSV text, one after the other. It works on bytes, which are known to be UTF-8:
/// all that it looks for is ASCII, and no byte of a longer scalar is.
struct CSVRecords {
  private let bytes: UnsafeBufferPointer<UInt8>
  private let file: String
  private var position: Int
  private var line = 1

  init(bytes: UnsafeBufferPointer<UInt8>, file: String) {
    self.bytes = bytes
    self.file = file
    position = bytes.starts(with: [0xef, 0xbb, 0xbf]) ? 3 : 0
  }

  /// All that are left, each of which must have `count` fields.
  mutating func rows(of count: Int) throws(InputError) -> [CSVTable.Row] {
    var rows: [CSVTable.Row] = []
    while let row = try next(expecting: count) {
      guard row.fields.count == count else {
        let found = row.fields.count == 1 ? "1 field" : "\(row.fields.count) fields"
        throw InputError(
          "found \(found), expected \(count) as in the header", file: file, line: row.line)
      }
      rows.append(row)
    }
    return rows
  }

  /// The next record that is not an empty line, or `nil` at the end.
  mutating func next(expecting count: Int = 0) throws(InputError) -> CSVTable.Row? {
    while position < bytes.count {
      if try endOfLine() { continue }
      let first = line
      var fields: [String] = []
      fields.reserveCapacity(count)
      repeat { fields.append(try field()) } while take(.comma)
      if position < bytes.count, try !endOfLine() {
        throw error("found \(characterHere) after a closing quote, expected a comma")
      }
      return CSVTable.Row(line: first, fields: fields)
    }
    return nil
  }

  private mutating func field() throws(InputError) -> String {
    if take(.quote) { return try quoted() }
    let start = position
    while position < bytes.count {
      switch bytes[position] {
      case .comma, .lineFeed, .carriageReturn: return text(start..<position)
      case .quote:
        throw error("found a quote inside a field, expected the whole field in quotes")
      default: position += 1
      }
    }
    return text(start..<position)
  }

  /// What follows an opening quote, up to the closing one.
  private mutating func quoted() throws(InputError) -> String {
    let opening = line
    var start = position
    var earlier: String?  // Only where a quote is written twice.
    while position < bytes.count {
      let byte = bytes[position]
      position += 1
      if byte == .lineFeed { line += 1 }
      guard byte == .quote else { continue }
      let part = text(start..<position - 1)
      guard take(.quote) else { return earlier.map { $0 + part } ?? part }
      earlier = (earlier ?? "") + part
      start = position - 1
    }
    throw InputError("found a quote that is never closed", file: file, line: opening)
  }

  /// Steps over LF or CRLF; false where there is neither.
  private mutating func endOfLine() throws(InputError) -> Bool {
    let isReturn = take(.carriageReturn)
    guard take(.lineFeed) else {
      if isReturn { throw error("found a carriage return without a line feed after it") }
      return false
    }
    line += 1
    return true
  }

  private mutating func take(_ byte: UInt8) -> Bool {
    guard position < bytes.count, bytes[position] == byte else { return false }
    position += 1
    return true
  }

  private func text(_ range: Range<Int>) -> String {
    String(decoding: UnsafeBufferPointer(rebasing: bytes[range]), as: UTF8.self)
  }

  private var characterHere: String {
    String(decoding: bytes[position...].prefix(4), as: UTF8.self).prefix(1).description
      .quotedOnOneLine
  }

  private func error(_ problem: String) -> InputError {
    InputError(problem, file: file, line: line)
  }
}

extension UInt8 {
  fileprivate static let comma = UInt8(ascii: ",")
  fileprivate static let quote = UInt8(ascii: "\"")
  fileprivate static let lineFeed = UInt8(ascii: "\n")
  fileprivate static let carriageReturn = UInt8(ascii: "\r")
}
