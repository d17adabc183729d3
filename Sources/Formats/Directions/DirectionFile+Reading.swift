import Core
import Documents

extension DirectionFile {
  /// Value of the metadata's `format`; another version is another format.
  package static let format = "askew.direction.v1"

  /// Reads a file of Askew's own: safetensors with tensors `blocks.N.hook_resid_post`, `[hiddenSize]` F32,
  /// and metadata that say the rest.
  ///
  /// - Throws: `InputError` naming the tensor or the metadata's key: another format or version, what is
  ///   missing, what contradicts the tensors, numbers that are none, vectors of zeros.
  package init(path: String) throws(InputError) { try self.init(Safetensors(path: path)) }

  package init(_ tensors: Safetensors) throws(InputError) {
    let metadata = DirectionMetadata(tensors)
    try metadata.checkFormat()
    let operation = try metadata.choice("operation", DirectionFacts.Operation.self)
    let facts = DirectionFacts(
      operation: operation,
      tokens: try metadata.choice("tokens", DirectionFacts.Tokens.self),
      doseUnit: try metadata.required("dose_unit"),
      definition: try metadata.required("definition"),
      modelFingerprint: metadata["model"], modelHint: metadata["model_hint"],
      layerCount: try metadata.count("layer_count"), rowCount: try metadata.count("n"),
      seeds: try metadata.seeds(), planHash: metadata["plan"], controls: metadata["controls"])
    var directions: [Direction] = []
    for name in tensors.names {
      let site = try Self.site(name, in: tensors)
      directions.append(Direction(site: site, vector: try tensors.floats(of: name)))
    }
    directions.sort { $0.site < $1.site }
    try metadata.addCaps(to: &directions)
    try metadata.checkPlaces(directions)
    try self.init(directions, facts: facts, file: tensors.file)
    if let size = try metadata.count("hidden_size"), size != hiddenSize {
      throw metadata.failure(
        "hidden_size", "found \(size), the vectors have \(hiddenSize) numbers")
    }
  }

  private static func site(_ name: String, in tensors: Safetensors) throws(InputError) -> Site {
    let info = try tensors.info(of: name)
    guard info.dataType == .float32, info.shape.count == 1 else {
      throw InputError(
        "found \(info.dataType.rawValue) of shape \(info.shape), expected F32 of one dimension",
        file: tensors.file, field: name.onOneLine)
    }
    do throws(InputError) { return try Site(name: name) } catch {
      throw error.inFile(tensors.file)
    }
  }
}

/// The metadata of a file of directions, read by key.
private struct DirectionMetadata {
  let file: String
  let values: [String: String]

  init(_ tensors: Safetensors) { (file, values) = (tensors.file, tensors.metadata) }

  subscript(key: String) -> String? { values[key] }

  func failure(_ key: String, _ problem: String) -> InputError {
    InputError(problem, file: file, field: "__metadata__.\(key)")
  }

  func wrong(_ key: String, expected: String) -> InputError {
    failure(key, "found \(values[key]?.quotedOnOneLine ?? "nothing"), expected \(expected)")
  }

  func required(_ key: String) throws(InputError) -> String {
    guard let value = values[key] else { throw failure(key, "is missing") }
    return value
  }

  func checkFormat() throws(InputError) {
    guard values["format"] == DirectionFile.format else {
      throw wrong("format", expected: "\"\(DirectionFile.format)\": it is no file of directions")
    }
    guard values["layer_base"] == "0" else {
      throw wrong("layer_base", expected: "\"0\": blocks count from 0")
    }
  }

  func choice<Choice: RawRepresentable & CaseIterable>(
    _ key: String, _: Choice.Type
  ) throws(InputError) -> Choice where Choice.RawValue == String {
    guard let choice = Choice(rawValue: try required(key)) else {
      throw wrong(key, expected: NearestName.alternatives(Choice.allCases.map(\.rawValue)))
    }
    return choice
  }

  func count(_ key: String) throws(InputError) -> Int? {
    guard let text = values[key] else { return nil }
    guard let count = Int(text), count >= 0, count <= Int(Int32.max) else {
      throw wrong(key, expected: "a count")
    }
    return count
  }

  func seeds() throws(InputError) -> [UInt64] {
    guard let text = values["seeds"], !text.isEmpty else { return [] }
    var seeds: [UInt64] = []
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      guard let seed = UInt64(part) else {
        throw wrong("seeds", expected: "whole numbers with commas")
      }
      seeds.append(seed)
    }
    return seeds
  }

  /// Gives each direction, in the order of sites, its threshold.
  func addCaps(to directions: inout [Direction]) throws(InputError) {
    guard let text = values["cap"] else { return }
    let parts = text.split(separator: ",", omittingEmptySubsequences: false)
    guard parts.count == directions.count else {
      throw failure(
        "cap", "found \(parts.count) thresholds, expected \(directions.count), one a direction")
    }
    for (index, part) in parts.enumerated() {
      guard let cap = Double(part), cap.isFinite else {
        throw wrong("cap", expected: "finite numbers with commas")
      }
      directions[index].cap = cap
    }
  }

  func checkPlaces(_ directions: [Direction]) throws(InputError) {
    let found = DirectionFile.placeNames(directions)
    guard try required("site") == found else {
      throw wrong("site", expected: "\"\(found)\", which the tensors are named after")
    }
  }
}
