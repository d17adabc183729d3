import Core
import Documents

/// The weights of a model folder, in one safetensors file or in several with an index.
///
/// As in transformers, `model.safetensors` comes first; without it, `model.safetensors.index.json`
/// names the file of each tensor (`weight_map`). Files are mapped, not read, and any number of
/// threads may read tensors at a time.
package struct ModelWeightFiles: Sendable {
  /// What messages about the whole name: the single file or the index.
  package let path: String
  /// In the order of their names.
  package let files: [Safetensors]
  /// Which of `files` holds a tensor.
  private let places: [String: Int]

  /// Opens all files and reads their headers.
  ///
  /// - Throws: `InputError` naming file and tensor: when there are no weights or none in this
  ///   format; when the index names a file that is missing, cut off or outside the folder, or a
  ///   tensor that its file does not have; when two files have the same tensor.
  package init(folder: ModelFolder) throws(InputError) {
    if fileExists(folder.weightsPath) {
      path = folder.weightsPath
      let file = try Safetensors(path: folder.weightsPath)
      files = try TensorNames(file.names, file: path).read([file])
      places = files[0].tensors.mapValues { _ in 0 }
      return
    }
    path = folder.weightsIndexPath
    guard fileExists(folder.weightsIndexPath) else { throw Self.noWeights(in: folder) }
    let map = try Self.weightMap(folder.weightsIndexPath)
    let fileNames = Set(map.values).sorted()
    var files: [Safetensors] = []
    for name in fileNames { files.append(try Self.shard(name, in: folder)) }
    var places: [String: Int] = [:]
    for (index, file) in files.enumerated() {
      for name in file.names {
        if let other = places.updateValue(index, forKey: name) {
          throw InputError(
            "the tensor is in \(fileNames[other].onOneLine) as well", file: file.file,
            field: name.onOneLine)
        }
      }
    }
    for (name, fileName) in map.sorted(by: { $0.key < $1.key }) {
      guard let place = places[name], fileNames[place] == fileName else {
        throw InputError(
          "\(fileName.onOneLine) does not have the tensor: index and files do not belong together",
          file: folder.weightsIndexPath, field: "weight_map.\(name.onOneLine)")
      }
    }
    let names = try TensorNames(Array(places.keys), file: path)
    self.files = names.read(files)
    self.places = Dictionary(places.map { (names.read($0.key), $0.value) }) { first, _ in first }
  }

  /// Tensor names in alphabetical order.
  package var names: [String] { places.keys.sorted() }

  /// Bytes of all tensors.
  package var byteCount: Int {
    files.reduce(0) { $0 + $1.tensors.values.reduce(0) { $0 + $1.range.count } }
  }

  /// Type and shape of a tensor; `nil` if there is none.
  package func info(_ name: String) -> Safetensors.TensorInfo? {
    places[name].flatMap { files[$0].tensors[name] }
  }

  /// The file that holds a tensor.
  ///
  /// - Throws: `InputError` if there is no such tensor.
  package func file(of name: String) throws(InputError) -> Safetensors {
    guard let place = places[name] else {
      throw InputError("the tensor is missing", file: path, field: name.onOneLine)
    }
    return files[place]
  }

  /// A tensor's elements as Float; see `Safetensors.floats(of:expecting:)`.
  package func floats(of name: String, expecting shape: [Int]? = nil) throws(InputError) -> [Float]
  {
    let file = try file(of: name)
    let floats = try file.floats(of: name, expecting: shape)
    try floats.withUnsafeBufferPointer { (floats) throws(InputError) in
      try file.requireFinite(floats, name)
    }
    return floats
  }

  /// Reads a tensor or a part of it as Float; see `Safetensors.read`.
  package func read(
    _ name: String, expecting shape: [Int], elements: Range<Int>? = nil,
    into target: UnsafeMutableBufferPointer<Float>
  ) throws(InputError) {
    let file = try file(of: name)
    try file.read(name, expecting: shape, elements: elements, into: target)
    try file.requireFinite(UnsafeBufferPointer(target), name)
  }

  /// Reads a tensor or a part of it as bits of bfloat16; see `Safetensors.readBFloat16`.
  package func readBFloat16(
    _ name: String, expecting shape: [Int], elements: Range<Int>? = nil,
    into target: UnsafeMutableBufferPointer<UInt16>
  ) throws(InputError) {
    let file = try file(of: name)
    try file.readBFloat16(name, expecting: shape, elements: elements, into: target)
    try file.requireFinite(UnsafeBufferPointer(target), name)
  }

  private static func weightMap(_ path: String) throws(InputError) -> [String: String] {
    let fields = try Fields(JSON(path: path), file: path)
    let map = try fields.required("weight_map", fields.fields("weight_map"))
    var result: [String: String] = [:]
    for member in map.object.members {
      guard case .string(let file) = member.value else {
        throw map.failure(
          member.name.onOneLine, "found \(member.value.summary), expected a file's name")
      }
      // A folder from elsewhere must not make us read files outside it.
      guard !file.isEmpty, !file.contains(where: { "/\\\0".contains($0) }), file != ".." else {
        throw map.failure(
          member.name.onOneLine,
          "found \(file.quotedOnOneLine), expected the name of a file in the same folder")
      }
      result[member.name] = file
    }
    guard !result.isEmpty else { throw fields.failure("weight_map", "names no tensor") }
    return result
  }

  private static func shard(_ name: String, in folder: ModelFolder) throws(InputError)
    -> Safetensors
  {
    let path = "\(folder.path)/\(name)"
    guard fileExists(path) else {
      throw InputError(
        "the file is missing, but \(ModelFolder.weightsIndexName) names it", file: path)
    }
    return try Safetensors(path: path)
  }

  private static func noWeights(in folder: ModelFolder) -> InputError {
    let others = ["pytorch_model.bin", "pytorch_model.bin.index.json", "consolidated.00.pth"]
    if let other = others.first(where: { fileExists("\(folder.path)/\($0)") }) {
      return InputError(
        "found weights of PyTorch's own format only, expected model.safetensors",
        file: "\(folder.path)/\(other)")
    }
    return InputError(
      "there are no weights, expected model.safetensors or \(ModelFolder.weightsIndexName)",
      file: folder.path)
  }
}
