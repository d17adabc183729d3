import Foundation
import GRDB
import Lab
import Store
import TestSupport
import Testing

extension CommandSuite {
  @Suite(.serialized) struct Failures {
    private func expectOneLine(_ ending: Askew.Ending, _ words: String...) {
      #expect(ending.code == 1)
      #expect(ending.output == "")
      let line = ending.errorLines.last.map(String.init) ?? ""
      #expect(line.hasPrefix("askew: "))
      for word in words { #expect(line.contains(word), "\(ending.errors)") }
      #expect(!ending.errors.contains("Fatal"))
    }

    @Test("A file in the folder's place is named, and left as it is")
    func fileInTheWay() throws {
      let folder = TemporaryFolder.unmade()
      try Data("mine".utf8).write(to: folder.url)
      expectOneLine(try Askew(SmallDemo.arguments(folder.path)).wait(), folder.path, "folder")
      #expect(try Data(contentsOf: folder.url) == Data("mine".utf8))
    }

    @Test("A store of a newer Askew is refused and left as it is")
    func newerStore() throws {
      let folder = try SmallDemo.reference.get().copy()
      let path = folder.url("askew.db").path
      try DatabaseQueue(path: path).write {
        try $0.execute(sql: "INSERT INTO grdb_migrations VALUES ('999 from the future')")
      }
      for command in [SmallDemo.arguments(folder.path), ["report", "--project", folder.path]] {
        expectOneLine(try Askew(command).wait(), "askew.db", "newer version")
      }
      try DatabaseQueue(path: path).write {
        try $0.execute(sql: "DELETE FROM grdb_migrations WHERE identifier LIKE '999%'")
      }
      #expect(try SmallDemo.digest(folder) == SmallDemo.reference.get().digest)
    }

    @Test("A file that is no store is named")
    func notAStore() throws {
      let folder = try TemporaryFolder()
      try folder.write(String(repeating: "no database ", count: 200), to: "askew.db")
      expectOneLine(
        try Askew(SmallDemo.arguments(folder.path)).wait(), "askew.db", "not a database")
    }

    @Test("A report that cannot be written is named, and the results stay")
    func reportInTheWay() throws {
      let folder = try SmallDemo.reference.get().copy()
      let report = folder.url("report.html")
      try FileManager.default.removeItem(at: report)
      try makeFolder(report.appendingPathComponent("x").path)
      expectOneLine(
        try Askew.run("report", "--seeds", "1", "--scale", "0.006", "--project", folder.path),
        "report.html", "cannot be written")
    }

    @Test(
      "A full disk is said to be full, and with space the demo goes on",
      .enabled(if: SmallDisk.isPossible, "needs root and mount"))
    func fullDisk() throws {
      let reference = try SmallDemo.reference.get()
      let disk = try #require(SmallDisk(megabytes: 4))
      var filled = 0
      for megabytes in [4, 6, 9] {
        try #require(disk.resize(megabytes))
        let ending = try Askew(SmallDemo.arguments(disk.folder.path)).wait()
        #expect(ending.code == 1)
        let line = ending.errorLines.last ?? ""
        #expect(line.contains("No space left") || line.contains("disk is full"), "\(line)")
        filled += 1
      }
      #expect(filled == 3)
      try #require(disk.resize(500))
      try Askew(SmallDemo.arguments(disk.folder.path)).success()
      #expect(try SmallDemo.digest(disk.folder) == reference.digest)
      #expect(try SmallDemo.results(disk.folder) == reference.results)
    }
  }
}

/// A file system in memory with little room.
final class SmallDisk {
  static let isPossible: Bool = {
    #if os(Linux)
      return geteuid() == 0 && SmallDisk(megabytes: 1) != nil
    #else
      return false
    #endif
  }()

  let folder: TemporaryFolder

  init?(megabytes: Int) {
    guard let folder = try? TemporaryFolder() else { return nil }
    self.folder = folder
    guard Self.run("mount", "-t", "tmpfs", "-o", "size=\(megabytes)m", "tmpfs", folder.path) else {
      return nil
    }
  }

  deinit { _ = Self.run("umount", folder.path) }

  func resize(_ megabytes: Int) -> Bool {
    Self.run("mount", "-o", "remount,size=\(megabytes)m", folder.path)
  }

  private static func run(_ arguments: String...) -> Bool {
    let ending = try? ChildProcess(URL(filePath: "/usr/bin/env"), arguments).wait()
    return ending?.code == 0
  }
}
