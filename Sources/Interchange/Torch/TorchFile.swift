import Core
import Formats

/// A file of `torch.save`: a ZIP archive, not packed, of a pickle and of the storages it names.
///
/// Nothing of it is run; see `PickleReader`.
struct TorchFile {
  let file: String
  let value: TorchValue
  private let archive: ZIPArchive
  /// The folder that every member is in.
  private let folder: String

  /// Bytes of one storage; vectors of the largest models have a hundredth.
  private static let memberLimit = 1 << 30
  private static let pickleLimit = 16 << 20

  init(path: String) throws(InputError) { try self.init(FileBytes(mapping: path), file: path) }

  /// - Throws: `InputError` for what is no such file, or holds what is not on the list.
  init(_ bytes: FileBytes, file: String) throws(InputError) {
    self.file = file
    archive = try ZIPArchive(bytes, file: file, memberLimit: Self.memberLimit)
    let pickles = archive.members.filter { $0.name.hasSuffix("/data.pkl") }
    guard pickles.count == 1, let pickle = pickles.first else {
      throw InputError(
        "found \(pickles.count) members data.pkl, expected one, as torch.save writes", file: file)
    }
    guard pickle.size <= Self.pickleLimit else {
      throw archive.failure(
        pickle, "found \(pickle.size) bytes, expected at most \(Self.pickleLimit)")
    }
    folder = String(pickle.name.dropLast("data.pkl".count))
    if let order = archive.member("\(folder)byteorder") {
      guard try Self.contents(of: order, in: archive) == Array("little".utf8) else {
        throw archive.failure(order, "found another byte order, expected little")
      }
    }
    var reader = PickleReader(try Self.contents(of: pickle, in: archive), file: file)
    value = try reader.read()
  }

  /// All elements of a tensor as Float; BF16 and F16 exactly converted.
  ///
  /// - Throws: `InputError` naming the storage that is missing, damaged, or of another size.
  func floats(of tensor: TorchTensor) throws(InputError) -> [Float] {
    let storage = tensor.storage
    let name = "\(folder)data/\(storage.key)"
    guard let member = archive.member(name) else {
      throw InputError("the storage is missing", file: file, field: name.onOneLine)
    }
    let size = storage.type.bitCount / 8
    guard member.size % size == 0, member.size / size == storage.count else {
      throw archive.failure(
        member, "found \(member.size) bytes, expected \(storage.count) numbers of \(size)")
    }
    let bytes = try Self.contents(of: member, in: archive)
    return bytes.withUnsafeBytes { buffer in
      (tensor.offset..<tensor.offset + tensor.elementCount).map { index in
        switch storage.type {
        case .bfloat16: BFloat16.float(bits: buffer.littleEndian(at: 2 * index, as: UInt16.self))
        case .float16: HalfFloat.float(bits: buffer.littleEndian(at: 2 * index, as: UInt16.self))
        default: Float(bitPattern: buffer.littleEndian(at: 4 * index, as: UInt32.self))
        }
      }
    }
  }

  private static func contents(
    of member: ZIPArchive.Member, in archive: ZIPArchive
  ) throws(InputError) -> [UInt8] {
    guard member.method == ZIPFormat.Method.stored.rawValue else {
      throw archive.failure(
        member, "found packing method \(member.method), expected 0 (none), as torch.save writes")
    }
    return try archive.contents(of: member)
  }
}
