import Core

extension DirectionFile {
  /// Writes Askew's own format in one atomic step; the same value gives the same bytes.
  ///
  /// - Throws: `InputError` naming the file, if it cannot be written.
  package func write(to path: String) throws(InputError) {
    let sources = directions.map { direction in
      Safetensors.Source(direction.site.name, shape: [hiddenSize], as: .float32) {
        (elements, target) throws(InputError) in
        for (place, element) in elements.enumerated() { target[place] = direction.vector[element] }
      }
    }
    try Safetensors.write(sources, to: path, metadata: metadata)
  }

  /// The places that directions are at, in the order of computation: `resid_pre,resid_post`.
  static func placeNames(_ directions: [Direction]) -> String {
    let places = Set(directions.map(\.site.place))
    return Site.Place.allCases.filter(places.contains).map(\.rawValue).joined(separator: ",")
  }

  private var metadata: [String: String] {
    var values = [
      "format": Self.format,
      "operation": facts.operation.rawValue,
      "site": Self.placeNames(directions),
      "layer_base": "0",
      "tokens": facts.tokens.rawValue,
      "dose_unit": facts.doseUnit,
      "definition": facts.definition,
      "hidden_size": "\(hiddenSize)",
      "seeds": facts.seeds.map(String.init).joined(separator: ","),
    ]
    values["model"] = facts.modelFingerprint
    values["model_hint"] = facts.modelHint
    values["layer_count"] = facts.layerCount.map(String.init)
    values["n"] = facts.rowCount.map(String.init)
    values["plan"] = facts.planHash
    values["controls"] = facts.controls
    if facts.operation == .cap {
      values["cap"] = directions.compactMap(\.cap).map { "\($0)" }.joined(separator: ",")
    }
    return values
  }
}
