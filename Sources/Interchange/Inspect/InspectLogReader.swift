import Core
import Documents
import Formats
import Foundation

/// Reads logs of Inspect, whole ones and unfinished ones: `.eval`, packed or not, and `.json`.
///
/// Logs come from anywhere and are read as hostile input: a member is unpacked to at most
/// `memberLimit` bytes, offsets are checked, nesting is bounded, and names are never paths.
///
/// Kept of a log is what `AnswerLog` holds. A score that is a list or a map becomes one score per
/// element, called `name/0` or `name/key`; the marks C, I, P and N stay labels.
package struct InspectLogReader: Sendable {
  /// The largest member of an `.eval` archive, and the largest `.json` log, in bytes.
  package static let memberLimit = 1 << 28

  package let header: LogHeader
  package let end: LogEnd
  /// How many answers there are.
  package var count: Int { samples.count }
  private let samples: Samples

  private enum Samples: Sendable {
    case members([ZIPArchive.Member], ZIPArchive)
    case values([JSON], file: String)

    var count: Int {
      switch self {
      case .members(let members, _): members.count
      case .values(let values, _): values.count
      }
    }
  }

  /// Reads all but the answers.
  ///
  /// - Throws: `InputError` naming file and member for a log that cannot be read, and for one of a
  ///   format version above 2.
  package init(_ path: String) throws(InputError) {
    try self.init(FileBytes(mapping: path), file: path)
  }

  /// Reads a log from memory; `file` is the name that errors give.
  package init(parsing bytes: [UInt8], file: String) throws(InputError) {
    try self.init(FileBytes(copying: bytes), file: file)
  }

  private init(_ bytes: FileBytes, file: String) throws(InputError) {
    let log: InspectFields
    if bytes.buffer.starts(with: [0x50, 0x4b]) {
      let archive = try ZIPArchive(bytes, file: file, memberLimit: Self.memberLimit)
      let members = archive.members.filter {
        $0.name.hasPrefix("samples/") && $0.name.hasSuffix(".json")
      }
      samples = .members(members, archive)
      log = try Self.header(of: archive)
    } else {
      guard bytes.buffer.count <= Self.memberLimit else {
        throw InputError(
          """
          found \(bytes.buffer.count) bytes, expected at most \(Self.memberLimit); \
          `inspect log convert --to eval` makes a log that is read in parts
          """, file: file)
      }
      let json = try JSON(bytes: bytes.buffer, file: file, nonFinite: .literals)
      log = try InspectFields(json, file: file, place: "log")
      samples = .values(log.array("samples"), file: file)
    }
    let version = log.integer("version") ?? 2
    guard version <= 2 else {
      throw log.failure("version", "found format version \(version), expected at most 2")
    }
    header = try InspectHeader.header(log)
    end = InspectHeader.end(log)
  }

  /// The answer at `index`, from 0, in the order of the log.
  ///
  /// - Throws: `InputError` naming the member, if the answer cannot be read.
  package func answer(at index: Int) throws(InputError) -> LoggedAnswer {
    switch samples {
    case .members(let members, let archive):
      let json = try Self.json(members[index], of: archive)
      let fields = try InspectFields(
        json, file: archive.file, place: members[index].name.onOneLine)
      return try InspectSample(fields).answer()
    case .values(let values, let file):
      let fields = try InspectFields(values[index], file: file, place: "samples[\(index)]")
      return try InspectSample(fields).answer()
    }
  }

  /// The header of a finished log; of an unfinished one, what was written at its start.
  private static func header(of archive: ZIPArchive) throws(InputError) -> InspectFields {
    guard
      let member = archive.member("header.json") ?? archive.member("_journal/start.json")
    else {
      throw InputError(
        "found neither header.json nor _journal/start.json: it is no log of Inspect",
        file: archive.file)
    }
    return try InspectFields(
      try json(member, of: archive), file: archive.file, place: member.name)
  }

  private static func json(
    _ member: ZIPArchive.Member, of archive: ZIPArchive
  ) throws(InputError) -> JSON {
    let bytes = try archive.contents(of: member)
    do throws(InputError) {
      return try JSON(bytes: bytes, file: archive.file, nonFinite: .literals)
    } catch {
      let line = error.line.map { "line \($0): " } ?? ""
      throw archive.failure(member, line + error.problem)
    }
  }
}

extension AnswerLog {
  /// Reads a whole log of Inspect into memory.
  package init(inspectLog path: String) throws(InputError) {
    try self.init(InspectLogReader(path))
  }

  package init(_ reader: InspectLogReader) throws(InputError) {
    var samples: [LoggedAnswer] = []
    samples.reserveCapacity(reader.count)
    for index in 0..<reader.count { samples.append(try reader.answer(at: index)) }
    self.init(header: reader.header, samples: samples, end: reader.end)
  }

  /// Writes the log as Inspect's `.eval`.
  package func writeInspectLog(to path: String) throws(InputError) {
    let writer = try InspectLogWriter(path, header: header)
    for sample in samples { try writer.append(sample) }
    try writer.finish(end)
  }
}
