import Core
import Documents

/// A folder in the layout of Hugging Face transformers: the names of its parts, and the parts
/// that are JSON. Weights are read through `ModelWeightFiles` and written through `Safetensors`.
package struct ModelFolder: Sendable, Hashable {
  package let path: String

  static let weightsIndexName = "model.safetensors.index.json"

  /// Names the folder; nothing is read or created.
  package init(path: String) { self.path = path }

  package var configurationPath: String { "\(path)/config.json" }
  package var weightsPath: String { "\(path)/model.safetensors" }
  package var weightsIndexPath: String { "\(path)/\(Self.weightsIndexName)" }
  package var tokenizerPath: String { "\(path)/tokenizer.json" }
  package var tokenizerConfigurationPath: String { "\(path)/tokenizer_config.json" }
  package var generationConfigurationPath: String { "\(path)/generation_config.json" }
  package var adapterConfigurationPath: String { "\(path)/adapter_config.json" }
  package var adapterWeightsPath: String { "\(path)/adapter_model.safetensors" }

  /// - Throws: `InputError` naming file and field.
  package func configuration() throws(InputError) -> ModelConfiguration {
    try ModelConfiguration(json: JSON(path: configurationPath), file: configurationPath)
  }

  /// - Throws: `InputError` naming file and field.
  package func tokenizer() throws(InputError) -> Tokenizer {
    try Tokenizer(json: JSON(path: tokenizerPath), file: tokenizerPath)
  }

  /// - Throws: `InputError` naming file and field.
  package func adapterConfiguration() throws(InputError) -> AdapterConfiguration {
    try AdapterConfiguration(
      json: JSON(path: adapterConfigurationPath), file: adapterConfigurationPath)
  }

  /// Writes `config.json`, and a `generation_config.json` that only names the tokens: sampling
  /// settings in a folder would silently change what other tools generate.
  /// - Throws: `InputError` if the configuration is not valid or a file cannot be written.
  package func write(
    _ configuration: ModelConfiguration, dataType: DataType = .float32
  ) throws(InputError) {
    try configuration.validate(file: configurationPath)
    let json = configuration.json(dataType: dataType)
    try json.write(to: configurationPath)
    let fields = try Fields(json, file: configurationPath)
    var generation: JSONObject = ["do_sample": true, "temperature": 1.0, "top_p": 1.0, "top_k": 0]
    for name in ["bos_token_id", "eos_token_id", "pad_token_id"] {
      if let id = fields[name] { generation.members.append(.init(name, id)) }
    }
    try JSON.object(generation).write(to: generationConfigurationPath)
  }

  /// Writes `tokenizer.json` and `tokenizer_config.json`.
  ///
  /// - Throws: `InputError` if a file cannot be written.
  package func write(
    _ tokenizer: Tokenizer, endOfTurn: String = ChatFormat.endOfTurn
  ) throws(InputError) {
    try tokenizer.json().write(to: tokenizerPath)
    try ChatFormat.tokenizerConfiguration(endOfTurn: endOfTurn)
      .write(to: tokenizerConfigurationPath)
  }

  /// Writes `adapter_config.json`.
  ///
  /// - Throws: `InputError` if the file cannot be written.
  package func write(_ adapter: AdapterConfiguration) throws(InputError) {
    try adapter.json().write(to: adapterConfigurationPath)
  }
}

extension JSON {
  /// JSON files larger than this, in bytes, are refused: no part of a model folder comes near.
  package static let maximumFileByteCount = 1 << 28

  /// Reads a file.
  ///
  /// - Throws: `InputError` naming file and line.
  package init(path: String) throws(InputError) {
    let bytes = try FileBytes(mapping: path)
    guard bytes.buffer.count <= JSON.maximumFileByteCount else {
      throw InputError(
        "found \(bytes.buffer.count) bytes, expected at most \(JSON.maximumFileByteCount)",
        file: path)
    }
    // The object must outlive the use of its buffer.
    defer { withExtendedLifetime(bytes) {} }
    self = try JSON(bytes: bytes.buffer, file: path)
  }

  /// Writes the indented text in one atomic step.
  ///
  /// - Throws: `InputError` naming the file.
  package func write(to path: String) throws(InputError) {
    try AtomicFile.write(text(), to: path)
  }
}
