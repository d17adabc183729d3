import Core
import Foundation
import Judging
import TestSupport
import Testing

/// `int()` of Python itself on every scalar.
@Suite("Python's int() as counterpart", .needs(.main))
struct PythonIntegerTests {
  /// By scalar: what int() makes of it alone, before 5, after 5 and in between 1 and 2, all bounded;
  /// scalars that this Python's Unicode has not assigned are left out.
  private static let script = """
    import json, unicodedata
    def read(text):
        try: return min(max(int(text), -1), 101)
        except ValueError: return None
    rows = []
    for code in range(0x110000):
        c = chr(code)
        if 0xd800 <= code < 0xe000 or unicodedata.category(c) == 'Cn': continue
        row = [read(c), read(c + '5'), read('5' + c), read('1' + c + '2')]
        if any(value is not None for value in row): rows.append([code] + row)
        elif code % 97 == 0: rows.append([code] + row)
    print(json.dumps(rows))
    """

  @Test("Every scalar alone, before, after and between digits")
  func scalars() throws {
    let rows: [[Int?]] = try Python.main.report(.code(Self.script))
    #expect(rows.count > 600)
    for row in rows {
      let scalar = try #require(row[0].flatMap { UInt32(exactly: $0) }.flatMap(Unicode.Scalar.init))
      let c = String(scalar)
      for (text, value) in zip([c, "\(c)5", "5\(c)", "1\(c)2"], row.dropFirst()) {
        let inRange = value.flatMap { (0...100).contains($0) ? Double($0) : nil }
        let found = NumberScoring().measurement(of: "x", from: tokens([text: 1])).value
        #expect(
          found == inRange, "U+\(String(scalar.value, radix: 16)) in \(text.debugDescription)")
      }
    }
  }
}
