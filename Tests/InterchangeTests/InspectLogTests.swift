import Core
import Formats
import Foundation
import TestSupport
import Testing

@testable import Interchange

@Suite("Inspect logs")
struct InspectLogTests {
  @Test("What was written is read again, field by field")
  func roundTrip() throws {
    try withTemporaryFolder { folder in
      let path = "\(folder)/log.eval"
      try Examples.log.writeInspectLog(to: path)
      let read = try AnswerLog(inspectLog: path)
      #expect(read.header == Examples.log.header)
      #expect(read.end == Examples.log.end)
      #expect(read.samples.count == Examples.log.samples.count)
      for (found, expected) in zip(read.samples, Examples.log.samples) {
        #expect(found == expected)
      }
      let names = try FileManager.default.contentsOfDirectory(atPath: folder)
      #expect(names == ["log.eval"], "a temporary file is left")
    }
  }

  @Test("Equal logs have equal bytes")
  func determinism() throws {
    try withTemporaryFolder { folder in
      let paths = ["a.eval", "b.eval"].map { URL(filePath: "\(folder)/\($0)") }
      for path in paths { try Examples.log.writeInspectLog(to: path.path) }
      #expect(try Data(contentsOf: paths[0]) == Data(contentsOf: paths[1]))
    }
  }

  @Test("A log that is not finished leaves nothing")
  func unfinished() throws {
    try withTemporaryFolder { folder in
      do {
        let writer = try InspectLogWriter(
          "\(folder)/log.eval", header: Examples.header)
        try writer.append(Examples.log.samples[0])
      }
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder).isEmpty)
    }
  }

  @Test("A log without answers is one")
  func empty() throws {
    try withTemporaryFolder { folder in
      let path = "\(folder)/log.eval"
      let log = AnswerLog(header: Examples.header, samples: [], end: LogEnd(status: .cancelled))
      try log.writeInspectLog(to: path)
      #expect(try AnswerLog(inspectLog: path) == log)
    }
  }

  @Test("The same answer twice is refused, and so is a score")
  func duplicates() throws {
    try withTemporaryFolder { folder in
      let writer = try InspectLogWriter(
        "\(folder)/log.eval", header: Examples.header)
      var answer = Examples.log.samples[0]
      try writer.append(answer)
      #expect(throws: InputError.self) { try writer.append(answer) }
      answer.epoch = 9
      answer.scores.append(answer.scores[0])
      #expect(throws: InputError.self) { try writer.append(answer) }
    }
  }

  @Test("A log that cannot be written says where")
  func unwritable() {
    #expect {
      _ = try InspectLogWriter("/nowhere/at/all.eval", header: Examples.header)
    } throws: {
      "\($0)".hasPrefix("/nowhere/at/all.eval: cannot be written")
    }
  }

  @Test("The file's name is the one that Inspect lists fastest")
  func fileName() {
    var header = Examples.header
    header.task = "my_task: ü"
    #expect(
      InspectNames.fileName(for: header)
        == "2026-11-18T11-06-40+00-00_my-task---_0123456789abcdef012345.eval")
    header.taskID = nil
    #expect(InspectNames.fileName(for: header) == InspectNames.fileName(for: header))
  }

  @Test("Credentials in an address are not written")
  func credentials() throws {
    try withTemporaryFolder { folder in
      let path = "\(folder)/log.eval"
      var log = Examples.log
      log.header.baseURL = "https://user:secret@example.org/v1?key=hidden#x"
      try log.writeInspectLog(to: path)
      let read = try AnswerLog(inspectLog: path)
      #expect(read.header.baseURL == "https://example.org/v1")
      let text = String(decoding: try Data(contentsOf: URL(filePath: path)), as: UTF8.self)
      #expect(!text.contains("secret") && !text.contains("hidden"))
    }
  }

  @Test(
    "Dates as Python writes them",
    arguments: [
      ("2026-11-21T10:00:00+00:00", 1_795_255_200.0),
      ("2026-11-21T10:00:00.25+00:00", 1_795_255_200.25),
      ("2026-11-21T12:00:00.000001+02:00", 1_795_255_200.000001),
      ("2026-11-21T10:00:00Z", 1_795_255_200),
      ("2026-11-21T10:00:00", 1_795_255_200),
    ])
  func dates(text: String, seconds: Double) throws {
    let date = try #require(InspectTime.date(text))
    #expect(abs(date.timeIntervalSince1970 - seconds) < 1e-7)
    #expect(InspectTime.date(InspectTime.text(date)) == date)
  }

  @Test("No date", arguments: ["", "yesterday", "2026-11-21", "2026-13-41T99:00:00+00:00"])
  func noDate(text: String) { #expect(InspectTime.date(text) == nil) }
}
