import Core
import Formats
import Foundation
import TestSupport
import Testing

@testable import Interchange

@Suite("ZIP archives")
struct ZIPTests {
  @Test("Above 65,535 members an archive is ZIP64, and is read by us and by Python's zipfile")
  func manyMembers() throws {
    try withTemporaryFolder { folder in
      let path = "\(folder)/many.zip"
      var writer = try ZIPWriter(path)
      for number in 0..<70_000 { try writer.add("m/\(number)", Array("\(number)".utf8)) }
      try writer.finish()
      let archive = try ZIPArchive(FileBytes(mapping: path), file: path, memberLimit: 100)
      #expect(archive.members.count == 70_000)
      let last = try #require(archive.member("m/69999"))
      #expect(try archive.contents(of: last) == Array("69999".utf8))
      let output = try python(
        "import sys,zipfile; z=zipfile.ZipFile(sys.argv[1]); "
          + "print(len(z.namelist()), z.testzip(), z.read('m/69999').decode())", path)
      #expect(output == nil || output == "70000 None 69999\n")
    }
  }

  @Test("Deflate as Python's zipfile packs it")
  func deflate() throws {
    try withTemporaryFolder { folder in
      let path = "\(folder)/packed.zip"
      let output = try python(
        """
        import sys,zipfile
        z=zipfile.ZipFile(sys.argv[1],'w',zipfile.ZIP_DEFLATED)
        z.writestr('a','ab'*100000); z.writestr('empty','')
        with z.open('streamed','w',force_zip64=True) as f: f.write(b'xyz'*1000)
        z.close()
        """, path)
      guard output != nil else { return }
      let archive = try ZIPArchive(FileBytes(mapping: path), file: path, memberLimit: 1 << 20)
      let contents = try archive.members.map { try archive.contents(of: $0) }
      #expect(contents[0] == Array(String(repeating: "ab", count: 100_000).utf8))
      #expect(contents[1].isEmpty)
      #expect(contents[2] == Array(String(repeating: "xyz", count: 1_000).utf8))
    }
  }

  /// What Python prints; `nil` where there is none.
  private func python(_ code: String, _ argument: String) throws -> String? {
    let python = [Python.inspect, .main].first(where: \.isExpected)
    return try python?.run(.code(code), [argument])
  }
}
