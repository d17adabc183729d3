import Core
import Foundation
import GRDB
import Store
import TestSupport
import Testing

@Suite struct StoreFailureTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func openingError() throws -> StoreError {
    try #require(throws: StoreError.self) { _ = try RunStore(folder: folder.url) }
  }

  private func expectOneLine(_ error: StoreError, _ code: StoreError.Code) {
    #expect(error.code == code)
    #expect(!error.description.contains("\n"))
    #expect(error.description.hasPrefix(folder.database.path))
    #expect(!error.advice.isEmpty)
  }

  @Test("A second opening is refused and names the process; closing frees the store")
  func inUse() throws {
    do {
      let first = try RunStore(folder: folder.url)
      let error = try openingError()
      expectOneLine(error, .inUse)
      #expect(
        error.description.contains(
          "is in use by process \(ProcessInfo.processInfo.processIdentifier)"))
      _ = try first.runs()
    }
    _ = try RunStore(folder: folder.url)
  }

  @Test("Another process keeps us out for as long as it lives, even when it is killed")
  func otherProcess() throws {
    let lock = "/usr/bin/flock"
    guard FileManager.default.isExecutableFile(atPath: lock) else {
      print("skipped: \(lock) is not there to hold the lock")
      return
    }
    // -F runs the command in place of flock, so that ending it ends the holder of the lock.
    let child = try ChildProcess(
      URL(filePath: lock),
      ["-F", folder.database.path + ".lock", "/bin/sh", "-c", "echo held; exec sleep 30"])
    #expect(try child.firstLine() == "held")
    expectOneLine(try openingError(), .inUse)
    child.stop()
    _ = try RunStore(folder: folder.url)
  }

  @Test("A store with a migration that we do not know is left alone")
  func newerVersion() throws {
    _ = try RunStore(folder: folder.url)
    try DatabaseQueue(path: folder.database.path).write { db in
      try db.execute(sql: "INSERT INTO grdb_migrations VALUES ('999 from the future')")
    }
    expectOneLine(try openingError(), .newerVersion)
  }

  @Test("Another program's database is not taken over")
  func foreignDatabase() throws {
    let queue = try DatabaseQueue(path: folder.database.path)
    try queue.write { db in try db.execute(sql: "CREATE TABLE bookmarks (url TEXT)") }
    try queue.close()
    expectOneLine(try openingError(), .notAStore)
  }

  @Test("Random bytes are not a database", arguments: [10, 4096, 100_000])
  func randomBytes(count: Int) throws {
    var stream = RandomStream(seed: 5, "bytes", "\(count)")
    let bytes = Data((0..<count).map { _ in UInt8(truncatingIfNeeded: stream.next()) })
    try bytes.write(to: folder.database)
    expectOneLine(try openingError(), .notAStore)
    #expect(try Data(contentsOf: folder.database) == bytes)
  }

  @Test("A truncated or overwritten store is called damaged", arguments: [true, false])
  func damaged(truncate: Bool) throws {
    do {
      let store = try RunStore(folder: folder.url)
      let text = String(repeating: "a sentence. ", count: 100)
      try store.append(
        answers: (0..<200).map { exampleAnswer($0, text: text) }, to: store.exampleRun())
    }
    var bytes = try Data(contentsOf: folder.database)
    if truncate {
      bytes = bytes.prefix(bytes.count / 2)
    } else {
      for index in 8192..<bytes.count { bytes[index] = 0xA5 }
    }
    try bytes.write(to: folder.database)
    expectOneLine(try openingError(), .corrupt)
  }

  @Test("A folder that cannot be made, and a file that cannot be opened, are unwritable")
  func unwritable() throws {
    let file = folder.url.appendingPathComponent("file")
    try Data().write(to: file)
    let below = try #require(throws: StoreError.self) {
      _ = try RunStore(folder: file.appendingPathComponent("project"))
    }
    #expect(below.code == .unwritable)
    try FileManager.default.createDirectory(
      at: folder.database, withIntermediateDirectories: false)
    expectOneLine(try openingError(), .unwritable)
  }

  @Test("A folder without permission to write is unwritable")
  func readOnlyFolder() throws {
    guard geteuid() != 0 else {
      print("skipped: root may write to any folder")
      return
    }
    let locked = folder.url.appendingPathComponent("locked")
    try FileManager.default.createDirectory(at: locked, withIntermediateDirectories: false)
    try FileManager.default.setAttributes([.posixPermissions: 0o555], ofItemAtPath: locked.path)
    let error = try #require(throws: StoreError.self) { _ = try RunStore(folder: locked) }
    #expect(error.code == .unwritable)
  }

  @Test("A full disk is named, the transaction is undone and the store stays whole")
  func fullDisk() throws {
    let store = try RunStore(folder: folder.url, maximumPageCount: 40)
    let run = try store.exampleRun()
    try store.append(answers: [exampleAnswer(0)], to: run)
    let digest = try store.digest()
    let long = String(repeating: "x", count: 10_000)
    let error = try #require(throws: StoreError.self) {
      try store.append(answers: (1..<100).map { exampleAnswer($0, text: long) }, to: run)
    }
    expectOneLine(error, .diskFull)
    #expect(try store.digest() == digest)
    try store.append(answers: [exampleAnswer(1)], to: run)
    #expect(try store.answerCount(of: run) == 2)
  }
}
