import Core
import Formats

/// The members of a ZIP archive, read as hostile input: every offset is checked, members must not
/// overlap, and a member is unpacked to the size that the directory gives, or refused.
///
/// Names are only keys; none is ever used as a path.
package struct ZIPArchive: Sendable {
  package struct Member: Sendable {
    let name: String
    let method: UInt16
    let flags: UInt16
    let checksum: UInt32
    let packedSize: Int
    let size: Int
    /// Of the local header.
    let offset: Int
  }

  let file: String
  /// In the order of the directory; of members with the same name the last one.
  let members: [Member]
  private let places: [String: Int]
  private let bytes: FileBytes
  private let memberLimit: Int

  /// - Throws: `InputError` for a file that is no ZIP archive, or a damaged one.
  package init(_ bytes: FileBytes, file: String, memberLimit: Int) throws(InputError) {
    self.bytes = bytes
    self.file = file
    self.memberLimit = memberLimit
    var all = try ZIPDirectory(bytes.buffer, file: file).members()
    let last = Dictionary(all.indices.map { (all[$0].name, $0) }) { $1 }
    all = all.indices.filter { last[all[$0].name] == $0 }.map { all[$0] }
    members = all
    places = Dictionary(uniqueKeysWithValues: all.enumerated().map { ($1.name, $0) })
    try refuseOverlaps()
  }

  package func member(_ name: String) -> Member? { places[name].map { members[$0] } }

  /// What the member holds.
  ///
  /// - Throws: `InputError` naming the member, if it is damaged, encrypted, too large or packed in
  ///   a way that Inspect does not use.
  package func contents(of member: Member) throws(InputError) -> [UInt8] {
    let size = max(member.size, member.packedSize)
    guard size <= memberLimit else {
      throw failure(member, "found \(size) bytes, expected at most \(memberLimit)")
    }
    guard member.flags & 1 == 0 else { throw failure(member, "is encrypted") }
    let packed = try packedBytes(of: member)
    let result: [UInt8]?
    switch ZIPFormat.Method(rawValue: member.method) {
    case .stored:
      guard packed.count == member.size else {
        throw failure(member, "found two sizes of a member that is not packed")
      }
      result = Array(packed)
    case .deflate: result = Unpacking.deflate(packed, size: member.size)
    case .zstandard: result = Unpacking.zstandard(packed, size: member.size)
    case nil:
      throw failure(
        member, "found packing method \(member.method), expected 0 (none), 8 (deflate) or 93 (zstd)"
      )
    }
    guard let result, ZIPFormat.checksum(result) == member.checksum else {
      throw failure(member, "is damaged: its packing or its checksum is wrong")
    }
    return result
  }

  func failure(_ member: Member, _ problem: String) -> InputError {
    InputError(problem, file: file, field: member.name.onOneLine)
  }

  private func packedBytes(of member: Member) throws(InputError) -> UnsafeRawBufferPointer {
    let buffer = bytes.buffer
    let start = try dataStart(of: member)
    guard start <= buffer.count, member.packedSize <= buffer.count - start else {
      throw failure(member, "reaches beyond the end of the file")
    }
    return UnsafeRawBufferPointer(rebasing: buffer[start..<start + member.packedSize])
  }

  private func dataStart(of member: Member) throws(InputError) -> Int {
    let buffer = bytes.buffer
    let offset = member.offset
    guard offset <= buffer.count - ZIPFormat.localHeaderSize,
      buffer.littleEndian(at: offset, as: UInt32.self) == ZIPFormat.localHeader
    else { throw failure(member, "does not stand where the directory says") }
    return offset + ZIPFormat.localHeaderSize
      + Int(buffer.littleEndian(at: offset + 26, as: UInt16.self))
      + Int(buffer.littleEndian(at: offset + 28, as: UInt16.self))
  }

  /// Members that share bytes are how a small file unpacks to a huge one.
  private func refuseOverlaps() throws(InputError) {
    var end = 0
    for member in members.sorted(by: { $0.offset < $1.offset }) {
      guard member.offset >= end else { throw failure(member, "overlaps another member") }
      let (sum, overflow) = member.offset.addingReportingOverflow(member.packedSize)
      guard !overflow else { throw failure(member, "reaches beyond the end of the file") }
      end = sum
    }
  }
}
