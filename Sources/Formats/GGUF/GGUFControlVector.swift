import Core

/// Control vectors as llama.cpp and repeng keep them: a GGUF file with tensors `direction.N`, 1-D F32.
///
/// `direction.N` is the vector of block N, counted from 0, at what the block gives, so
/// `blocks.N.hook_resid_post`: llama.cpp's loader puts `direction.N` at `(N − 1) · width` of a buffer from
/// which block `il` takes its vector at `(il − 1) · width`, and adds it after the feed-forward layer's sum
/// (`common_control_vector_load_one`, `llama_adapter_cvec::apply`, `build_cvec`); repeng makes `direction.N`
/// of `hidden_states[N + 1]` and adds it to the output of `layers[N]` (0.4.0). N is 1 or more: no vector
/// can be given for block 0. llama.cpp only ever adds, reads the tensors alone, and ignores what metadata
/// say: a file that means something else is wrong there without an error, so none is written.
package enum GGUFControlVector {
  static let architecture = "controlvector"
  private static let architectureKey = "general.architecture"
  private static let hintKey = "controlvector.model_hint"
  private static let countKey = "controlvector.layer_count"
  private static let prefix = "direction."

  /// - Throws: `InputError` naming what makes the file no control vector: another architecture, other
  ///   tensors, other types and shapes than 1-D F32, block 0, and a count that is no whole number.
  package static func read(_ path: String) throws(InputError) -> ForeignDirections {
    try read(GGUFFile(path: path))
  }

  package static func read(_ file: GGUFFile) throws(InputError) -> ForeignDirections {
    guard try file.metadata.string(architectureKey) == architecture else {
      throw file.metadata.wrong(architectureKey, expected: "\"\(architecture)\"")
    }
    // uint32 by repeng, int32 by others; it counts directions, not the model's blocks.
    if let count = try file.metadata.integer(countKey), count < 0 {
      throw file.metadata.wrong(countKey, expected: "0 or more")
    }
    var directions: [Direction] = []
    for name in file.names {
      let site = Site(layer: try layer(name, in: file), place: .post)
      directions.append(Direction(site: site, vector: try file.floats(of: name)))
    }
    guard !directions.isEmpty else {
      throw InputError("found no tensors, expected direction.1 and others", file: file.file)
    }
    let hint = try file.metadata.string(hintKey)
    return ForeignDirections(
      directions, operation: .add, modelHint: hint,
      definition: "control vector of a GGUF file"
        + (hint.map { ", made for \($0.quotedOnOneLine)" } ?? ""))
  }

  private static func layer(_ name: String, in file: GGUFFile) throws(InputError) -> Int {
    func failure(_ problem: String) -> InputError {
      InputError(problem, file: file.file, field: name.onOneLine)
    }
    let digits = name.dropFirst(prefix.count)
    guard name.hasPrefix(prefix), !digits.isEmpty, digits.count <= 5,
      digits.allSatisfy({ ("0"..."9").contains($0) }), let layer = Int(digits),
      String(layer) == digits
    else { throw failure("found a tensor of another kind, expected direction.N") }
    guard layer > 0 else {
      throw failure("found block 0, which has no control vector: N is 1 or more")
    }
    guard let info = file.tensors[name], info.type == .f32, info.shape.count == 1 else {
      let info = file.tensors[name]
      throw failure(
        "found \(info?.type.name ?? "nothing") of shape \(info?.shape ?? []), expected F32 of one "
          + "dimension")
    }
    return layer
  }

  /// Writes what llama.cpp can mean, in one atomic step.
  ///
  /// - Throws: `InputError` naming what it cannot: another operation than adding, a place that is not what
  ///   a block gives, block 0; the file, if it cannot be written.
  package static func write(_ file: DirectionFile, to path: String) throws(InputError) {
    guard file.facts.operation == .add else {
      throw InputError(
        "found \(file.facts.operation.rawValue), expected add: llama.cpp adds every control vector",
        field: "operation")
    }
    for site in file.sites {
      guard site.place == .post else {
        throw InputError(
          "found \(site.place.rawValue), expected \(Site.Place.post.rawValue): llama.cpp adds to what a "
            + "block gives", field: site.name)
      }
      guard site.layer > 0 else {
        throw InputError(
          "found block 0, expected 1 or more: llama.cpp has no control vector for block 0",
          field: site.name)
      }
    }
    var writer = GGUFWriter()
    writer.fields = [
      (architectureKey, .string(architecture)),
      (hintKey, .string(file.facts.modelHint ?? "unknown")),
      (countKey, .unsigned(file.directions.count)),
    ]
    writer.tensors = file.directions.map { direction in
      GGUFWriter.Tensor(
        name: "\(prefix)\(direction.site.layer)", shape: [file.hiddenSize], type: .f32
      ) { (elements, target) throws(InputError) in
        for (place, element) in elements.enumerated() { target[place] = direction.vector[element] }
      }
    }
    try writer.write(to: path)
  }
}
