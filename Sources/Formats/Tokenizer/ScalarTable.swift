/// What a scalar is in the patterns of pre-tokenizers: `\p{L}`, `\p{N}`, `\s` or none of them.
package enum ScalarClass: UInt8, Sendable { case other, letter, number, space }

/// What pre-tokenizers and normalizers need to know of every scalar, found in one step.
///
/// The versions of Unicode are those of `tokenizers` 0.23, part by part: its regular expressions
/// know Unicode 16, its `Digits` 17, its NFC 9.
///
/// `@unchecked Sendable`: the memory is written in `init` only and never freed.
package struct ScalarTable: @unchecked Sendable {
  package static let shared = ScalarTable()

  /// The bits of a `ScalarClass`.
  static let classMask: UInt8 = 3
  /// What `Digits` splits off.
  static let isNumeric: UInt8 = 4
  /// Text in which this scalar occurs need not be in NFC; text without such scalars is.
  static let mayChange: UInt8 = 8

  private let pages: UnsafePointer<UInt16>
  private let entries: UnsafePointer<UInt8>

  private init() {
    let pages = UnsafeMutablePointer<UInt16>.allocate(capacity: 0x1100)
    // Planes from 4 on have neither letters nor numbers, nor anything that normalisation changes.
    let pageCount = 0x400
    let entries = UnsafeMutablePointer<UInt8>.allocate(capacity: (pageCount + 1) << 8)
    for code in 0..<pageCount << 8 { entries[code] = Self.entry(UInt32(code)) }
    (entries + pageCount << 8).initialize(repeating: 0, count: 0x100)
    for page in 0..<0x1100 { pages[page] = UInt16(min(page, pageCount)) }
    for code in CanonicalMapping.shared.changing { entries[Int(code)] |= Self.mayChange }
    self.pages = UnsafePointer(pages)
    self.entries = UnsafePointer(entries)
  }

  private static func entry(_ code: UInt32) -> UInt8 {
    guard let scalar = Unicode.Scalar(code) else { return 0 }
    var entry = scalarClass(scalar).rawValue
    if entry == ScalarClass.number.rawValue || numericSinceUnicode17(code) { entry |= isNumeric }
    if CanonicalMapping.combiningClass(scalar) != 0 { entry |= mayChange }
    return entry
  }

  private static func scalarClass(_ scalar: Unicode.Scalar) -> ScalarClass {
    let properties = scalar.properties
    switch properties.generalCategory {
    case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter:
      return scalar.value < 0x80 || (properties.age?.major ?? 99) <= 16 ? .letter : .other
    case .decimalNumber, .letterNumber, .otherNumber:
      return scalar.value < 0x80 || (properties.age?.major ?? 99) <= 16 ? .number : .other
    default: return properties.isWhitespace ? .space : .other
    }
  }

  private static func numericSinceUnicode17(_ code: UInt32) -> Bool {
    (0x11de0...0x11de9).contains(code) || (0x16ff4...0x16ff6).contains(code)
  }

  /// - Precondition: `code` is a scalar's.
  @inline(__always)
  subscript(code: UInt32) -> UInt8 {
    entries[Int(pages[Int(code >> 8)]) << 8 | Int(code & 0xff)]
  }

  @inline(__always)
  subscript(ascii byte: UInt8) -> UInt8 { entries[Int(byte)] }

  package func scalarClass(_ scalar: Unicode.Scalar) -> ScalarClass {
    ScalarClass(rawValue: self[scalar.value] & Self.classMask) ?? .other
  }
}

/// The scalar that begins at `index`, and the index after it.
///
/// - Precondition: the bytes are valid UTF-8 and a scalar begins there.
@inline(__always)
func decodeScalar(_ bytes: UnsafePointer<UInt8>, at index: Int) -> (code: UInt32, end: Int) {
  let first = UInt32(bytes[index])
  if first < 0x80 { return (first, index + 1) }
  let second = UInt32(bytes[index + 1] & 0x3f)
  if first < 0xe0 { return ((first & 0x1f) << 6 | second, index + 2) }
  let third = UInt32(bytes[index + 2] & 0x3f)
  if first < 0xf0 { return ((first & 0xf) << 12 | second << 6 | third, index + 3) }
  let fourth = UInt32(bytes[index + 3] & 0x3f)
  return ((first & 7) << 18 | second << 12 | third << 6 | fourth, index + 4)
}
