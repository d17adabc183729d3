extension Double {
  /// A finite number in decimal notation, such as `-1.5e3`: not the words and the hexadecimal
  /// numbers that Swift reads as well.
  package init?(decimal text: String) {
    let isDecimal = text.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"): true
      default: "+-.eE".utf8.contains(byte)
      }
    }
    guard isDecimal, let number = Double(text), number.isFinite else { return nil }
    self = number
  }
}
