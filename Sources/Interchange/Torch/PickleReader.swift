import Core
import Formats

/// Reads the pickles that `torch.save` makes of tensors, texts, numbers, lists and dicts, and nothing else.
///
/// A pickle is a program: `torch.load` without `weights_only=True` runs whatever it names. Here the opcodes
/// are a short list, names are compared with five that are known, and nothing is ever looked up or called.
/// A list or dict that is used twice is refused, so that a file of some bytes cannot mean a huge value.
///
/// Format: Python's `pickletools`, protocol 2; torch `serialization.py`, `_rebuild_tensor_v2`.
struct PickleReader {
  /// What lies on the stack; the depth bounds how far values are nested.
  struct Item {
    enum Content {
      case value(TorchValue)
      case global(Global)
      case tuple([Item])
      case storage(TorchTensor.Storage)
      /// Where a tuple, or the contents of a list or dict, begin.
      case mark
      /// An ordered dict without members: a tensor's hooks.
      case noHooks
    }

    var content: Content
    var depth = 0
  }

  /// What a file may name.
  enum Global: Hashable {
    case rebuildTensor
    case orderedDictionary
    case storage(DataType)

    init?(_ name: String) {
      switch name {
      case "torch._utils._rebuild_tensor_v2": self = .rebuildTensor
      case "collections.OrderedDict": self = .orderedDictionary
      case "torch.FloatStorage": self = .storage(.float32)
      case "torch.BFloat16Storage": self = .storage(.bfloat16)
      case "torch.HalfStorage": self = .storage(.float16)
      default: return nil
      }
    }
  }

  static let deepest = 16
  private static let mostItems = 1 << 20

  let bytes: [UInt8]
  let file: String
  private var position = 0
  var stack: [Item] = []
  private var memo: [Int: Item] = [:]

  init(_ bytes: [UInt8], file: String) { (self.bytes, self.file) = (bytes, file) }

  /// - Throws: `InputError` with the byte, for an opcode or a name that is not on the list, for a
  ///   program that ends too early, and for values that do not fit each other.
  mutating func read() throws(InputError) -> TorchValue {
    guard try byte() == 0x80, try byte() == 2 else {
      throw failure("expected a pickle of protocol 2, as torch.save writes")
    }
    while true {
      let opcode = try byte()
      if opcode == UInt8(ascii: ".") { break }
      try step(opcode)
      guard stack.count <= Self.mostItems else { throw failure("holds too much") }
    }
    guard position == bytes.count else { throw failure("found bytes after the end of the pickle") }
    guard stack.count == 1, case .value(let value)? = stack.last?.content else {
      throw failure("ends without one value")
    }
    return value
  }

  func failure(_ problem: String) -> InputError {
    InputError("\(problem) (at byte \(position))", file: file, field: "data.pkl")
  }

  private mutating func step(_ opcode: UInt8) throws(InputError) {
    switch Unicode.Scalar(opcode) {
    case "c": try pushGlobal()
    case "q": memo[Int(try byte())] = try memorable()
    case "r": memo[Int(try integer(UInt32.self))] = try memorable()
    case "h": try recall(Int(byte()))
    case "j": try recall(Int(integer(UInt32.self)))
    case "(": stack.append(Item(content: .mark))
    case "X": push(.string(try string(Int(integer(UInt32.self)))))
    case "K": push(.integer(Int(try byte())))
    case "M": push(.integer(Int(try integer(UInt16.self))))
    case "J": push(.integer(Int(try integer(Int32.self))))
    case "G": push(.number(Double(bitPattern: try integer(UInt64.self).byteSwapped)))
    case "N": push(.none)
    case "}": push(.object([]))
    case "]": push(.list([]))
    case ")": try pushTuple([])
    case "t": try pushTuple(itemsAfterMark())
    case "Q": try pushStorage()
    case "R": try reduce()
    case "s": try setItems(last(2))
    case "u": try setItems(itemsAfterMark())
    case "a": try append(last(1))
    case "e": try append(itemsAfterMark())
    default:
      switch opcode {
      case 0x85...0x87: try pushTuple(last(Int(opcode) - 0x84))
      case 0x88, 0x89: push(.boolean(opcode == 0x88))
      default:
        let code = String(opcode, radix: 16)
        throw failure(
          "found the opcode 0x\(code), which torch.save does not write for tensors, lists and dicts"
        )
      }
    }
  }
}

// MARK: - Bytes

extension PickleReader {
  private mutating func byte() throws(InputError) -> UInt8 { try integer(UInt8.self) }

  private mutating func integer<Value: FixedWidthInteger>(
    _: Value.Type
  ) throws(InputError) -> Value {
    let size = MemoryLayout<Value>.size
    guard bytes.count - position >= size else { throw failure("the pickle is cut off") }
    defer { position += size }
    return bytes.withUnsafeBytes { $0.littleEndian(at: position, as: Value.self) }
  }

  private mutating func string(_ count: Int) throws(InputError) -> String {
    guard count <= bytes.count - position else { throw failure("the pickle is cut off") }
    guard let text = String(validating: bytes[position..<position + count], as: UTF8.self) else {
      throw failure("found text that is not UTF-8")
    }
    position += count
    return text
  }

  /// A line, without its end.
  private mutating func line() throws(InputError) -> String {
    guard let end = bytes[position...].prefix(200).firstIndex(of: UInt8(ascii: "\n")) else {
      throw failure("the pickle is cut off in a name")
    }
    let text = try string(end - position)
    position = end + 1
    return text
  }

  private mutating func pushGlobal() throws(InputError) {
    let name = "\(try line()).\(try line())"
    guard let global = Global(name) else {
      throw failure(
        "names \(name.quotedOnOneLine), which is never run here; expected tensors of float32, bfloat16 "
          + "or float16, numbers, texts, lists and dicts")
    }
    stack.append(Item(content: .global(global)))
  }

  // MARK: - Memory

  private func memorable() throws(InputError) -> Item {
    guard let item = stack.last else { throw failure("remembers nothing") }
    return item
  }

  private mutating func recall(_ key: Int) throws(InputError) {
    guard let item = memo[key] else { throw failure("recalls what was never remembered") }
    if case .value(let value) = item.content {
      switch value {
      case .list, .object: throw failure("uses the same list or dict twice")
      default: break
      }
    }
    stack.append(item)
  }
}
