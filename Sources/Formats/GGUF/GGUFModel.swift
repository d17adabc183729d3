import Core
import Documents

/// A model in a GGUF file, and the folder that it is written as.
///
/// Quantised weights become F32 without another rounding; F32, F16 and BF16 stay what they are.
package struct GGUFModel: Sendable {
  package let file: GGUFFile
  package let configuration: ModelConfiguration
  private let architecture: GGUFArchitecture
  private let tokenizer: GGUFTokenizer

  /// Reads all but the weights.
  ///
  /// - Throws: `InputError` naming the file and the key or tensor that is wrong or not supported.
  package init(path: String) throws(InputError) { try self.init(GGUFFile(path: path)) }

  package init(_ file: GGUFFile) throws(InputError) {
    self.file = file
    architecture = try GGUFArchitecture(file.metadata)
    configuration = try architecture.configuration(file)
    tokenizer = try GGUFTokenizer(file.metadata)
    try checkTensors()
    try checkTokens()
  }

  /// Bytes of the weights in a folder.
  package func byteCount(as dataType: DataType? = nil) -> Int {
    configuration.tensorShapes().reduce(0) { sum, tensor in
      let type =
        dataType ?? file.tensors[GGUFTensorNames.name(ofFolder: tensor.name)]?.type.dataType
      return sum + tensor.shape.reduce((type ?? .float32).bitCount / 8, *)
    }
  }

  private func checkTokens() throws(InputError) {
    let rows = configuration.vocabularySize
    guard tokenizer.count <= rows else {
      throw InputError(
        "found \(tokenizer.count) tokens, but token_embd.weight has only \(rows) rows",
        file: file.file, field: "tokenizer.ggml.tokens")
    }
    if let id = configuration.endTokenIDs.first(where: { $0 >= tokenizer.count }) {
      throw InputError(
        "found \(id), expected an id below \(tokenizer.count), the number of tokens",
        file: file.file, field: "tokenizer.ggml.eos_token_id")
    }
  }

  private func checkTensors() throws(InputError) {
    var known: Set<String> = []
    for (folderName, shape) in configuration.tensorShapes() {
      let name = GGUFTensorNames.name(ofFolder: folderName)
      known.insert(name)
      guard let info = file.tensors[name] else {
        throw InputError("the tensor is missing", file: file.file, field: name)
      }
      guard info.shape == shape else {
        throw InputError(
          "found shape \(info.shape), expected \(shape)", file: file.file, field: name)
      }
    }
    for name in file.names where !known.contains(name) && !GGUFTensorNames.isRedundant(name) {
      throw InputError(
        "the tensor is unexpected: no part of this model has that name", file: file.file,
        field: name.onOneLine)
    }
  }

  /// Writes the folder's files into a folder that exists.
  ///
  /// - Parameter dataType: of all weights; `nil`: what loses nothing, each tensor for itself.
  /// - Throws: `InputError` if something cannot be written.
  package func write(to folder: ModelFolder, as dataType: DataType? = nil) throws(InputError) {
    let sources = configuration.tensorShapes().map { source($0.name, $0.shape, dataType) }
    try folder.write(configuration, dataType: mainType(dataType))
    try tokenizer.write(to: folder)
    try Safetensors.write(sources, to: folder.weightsPath)
    _ = try folder.check()
  }

  /// The type that `config.json` names: that of the embeddings.
  private func mainType(_ dataType: DataType?) -> DataType {
    dataType ?? file.tensors["token_embd.weight"]?.type.dataType ?? .float32
  }

  private func source(
    _ folderName: String, _ shape: [Int], _ dataType: DataType?
  ) -> Safetensors.Source {
    let name = GGUFTensorNames.name(ofFolder: folderName)
    let type = dataType ?? file.tensors[name]?.type.dataType ?? .float32
    let order = architecture.rowOrder(of: name, headSize: configuration.headSize)
    let width = shape.last ?? 1
    return Safetensors.Source(folderName, shape: shape, as: type) { [file] elements, target in
      guard let order else { return file.read(name, elements: elements, into: target) }
      for row in elements.lowerBound / width..<elements.upperBound / width {
        let from = order.rowInFile(row) * width
        let place = row * width - elements.lowerBound
        file.read(
          name, elements: from..<from + width,
          into: UnsafeMutableBufferPointer(rebasing: target[place..<place + width]))
      }
    }
  }
}
