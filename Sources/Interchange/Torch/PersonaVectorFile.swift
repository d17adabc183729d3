import Core
import Formats

/// Writes directions as persona_vectors keeps them: `torch.save` of one tensor `[L + 1, hiddenSize]`, F32, a
/// row for each of transformers' `hidden_states`.
///
/// Row k is what block k − 1 gives, which is where persona_vectors adds it; so the last row is what the last
/// block gives, before the final norm, and our reader leaves it out as it does that of other files. Row 0,
/// which nothing is steered with, is zeros where there is no direction at the embedding. The bytes of the
/// pickle are those that torch.save writes.
package enum PersonaVectorFile {
  private static let folder = "archive/"

  /// - Throws: `InputError` naming what the file cannot say: another operation than adding, other places,
  ///   a block without a direction; the file, if it cannot be written.
  package static func write(_ file: DirectionFile, to path: String) throws(InputError) {
    let rows = try table(file)
    var values: [UInt8] = []
    values.reserveCapacity(4 * rows.count * file.hiddenSize)
    for row in rows { for value in row { values.append(littleEndian: value.bitPattern) } }
    let pickle = try pickle([rows.count, file.hiddenSize])
    var writer = try ZIPWriter(path)
    try writer.add("\(folder)data.pkl", pickle)
    try writer.add("\(folder)byteorder", Array("little".utf8))
    try writer.add("\(folder)data/0", values)
    try writer.add("\(folder)version", Array("3\n".utf8))
    try writer.finish()
  }

  /// `[L + 1][hiddenSize]`.
  private static func table(_ file: DirectionFile) throws(InputError) -> [[Float]] {
    guard file.facts.operation == .add else {
      throw InputError(
        "found \(file.facts.operation.rawValue), expected add: persona vectors say no operation, and are "
          + "added", field: "operation")
    }
    let embedding = Site(layer: 0, place: .pre)
    if let other = file.sites.first(where: { $0.place != .post && $0 != embedding }) {
      throw InputError(
        "found a place that persona vectors have no row for, expected \(embedding.name) or what a block "
          + "gives", field: other.name)
    }
    let last = file.sites.last?.layer ?? 0
    var rows = [file[embedding]?.vector ?? [Float](repeating: 0, count: file.hiddenSize)]
    for layer in 0..<(file.facts.layerCount ?? last + 1) {
      let site = Site(layer: layer, place: .post)
      guard let direction = file[site] else {
        throw InputError(
          "the direction is missing, expected one for each block: persona vectors have a row for each",
          field: site.name)
      }
      rows.append(direction.vector)
    }
    return rows
  }

  /// What `torch.save` writes for a contiguous F32 tensor in one storage, byte by byte.
  static func pickle(_ shape: [Int]) throws(InputError) -> [UInt8] {
    var pickle = PickleWriter()
    pickle.global("torch._utils", "_rebuild_tensor_v2")
    pickle.mark()
    pickle.mark()
    pickle.text("storage")
    pickle.global("torch", "FloatStorage")
    pickle.text("0")
    pickle.text("cpu")
    try pickle.integer(shape.reduce(1, *))
    pickle.tuple()
    pickle.storage()
    try pickle.integer(0)
    try pickle.pair(shape[0], shape[1])
    try pickle.pair(shape[1], 1)
    pickle.no()
    pickle.global("collections", "OrderedDict")
    pickle.call(withoutArguments: true)
    pickle.tuple()
    pickle.call(withoutArguments: false)
    return pickle.finished
  }
}

/// The opcodes of one tensor, each remembered as Python's pickler does.
private struct PickleWriter {
  private var bytes: [UInt8] = [0x80, 2]
  private var remembered: UInt8 = 0

  private mutating func add(_ opcode: Unicode.Scalar) { bytes.append(UInt8(ascii: opcode)) }

  private mutating func remember() {
    add("q")
    bytes.append(remembered)
    remembered += 1
  }

  mutating func global(_ module: String, _ name: String) {
    add("c")
    bytes += Array("\(module)\n\(name)\n".utf8)
    remember()
  }

  mutating func mark() { add("(") }

  mutating func text(_ text: String) {
    add("X")
    bytes.append(littleEndian: UInt32(text.utf8.count))
    bytes += Array(text.utf8)
    remember()
  }

  mutating func integer(_ value: Int) throws(InputError) {
    if let small = UInt8(exactly: value) {
      add("K")
      bytes.append(small)
    } else if let middle = UInt16(exactly: value) {
      add("M")
      bytes.append(littleEndian: middle)
    } else if let large = Int32(exactly: value) {
      add("J")
      bytes.append(littleEndian: large)
    } else {
      throw InputError("found \(value) numbers, expected at most \(Int32.max)")
    }
  }

  mutating func tuple() {
    add("t")
    remember()
  }

  mutating func storage() { add("Q") }

  mutating func pair(_ first: Int, _ second: Int) throws(InputError) {
    try integer(first)
    try integer(second)
    bytes.append(0x86)
    remember()
  }

  mutating func no() { bytes.append(0x89) }

  mutating func call(withoutArguments: Bool) {
    if withoutArguments { add(")") }
    add("R")
    remember()
  }

  var finished: [UInt8] { bytes + [UInt8(ascii: ".")] }
}
