import Core
import Formats

/// Directions in `.pt` files of other tools:
///
/// | what | from | rows |
/// | --- | --- | --- |
/// | a tensor `[rows, hiddenSize]` | persona_vectors, assistant-axis | as the caller says |
/// | `{"axis": tensor}` | assistant-axis | block l in row l |
/// | `{"vector": tensor, "type": …, "role": …}` | a role of assistant-axis | block l in row l |
/// | `{"vectors": {name: {"layer", "vector"}}, "experiments": […]}` | capping of assistant-axis | none |
///
/// Layers of assistant-axis count blocks from 0, at what the block gives (`ActivationSteering`); its
/// thresholds are those of the projection on v/‖v‖, from above.
package struct TorchDirections {
  private let file: TorchFile

  /// - Throws: `InputError` naming file and what in it is not as `torch.save` writes it.
  package init(path: String) throws(InputError) { file = try TorchFile(path: path) }

  /// Reads a file that is in memory already; `file` stands in messages.
  package init(bytes: [UInt8], file: String = "directions.pt") throws(InputError) {
    self.file = try TorchFile(FileBytes(copying: bytes), file: file)
  }

  /// - Parameters:
  ///   - rows: how a bare tensor's rows are counted; of the other kinds it may say only what they mean.
  ///   - layerCount: of the model, where it is known: it decides for a bare tensor without `rows`.
  ///   - experiment: id of one of a capping file's experiments; needed where it has several.
  /// - Throws: `InputError` for anything else, and for a table whose rows nobody has explained.
  package func read(
    rows: ForeignDirections.Rows? = nil, layerCount: Int? = nil, experiment: String? = nil
  ) throws(InputError) -> ForeignDirections {
    if file.value["experiments"] == nil, experiment != nil {
      throw failure("found no experiments, expected none to be asked for")
    }
    switch file.value {
    case .tensor(let tensor):
      let meant = if let rows { rows } else { try guess(tensor, layerCount) }
      return try table(tensor, meant, "rows of a .pt file, counted as \(meant.rawValue)")
    case .object where file.value["vectors"] != nil && file.value["experiments"] != nil:
      return try CappingExperiments(file).directions(experiment)
    case .object(let members):
      let key = members.contains { $0.key == "axis" } ? "axis" : "vector"
      guard let tensor = file.value[key]?.tensor else { throw unknown }
      guard rows != .hiddenStates else {
        throw failure("found an assistant axis, whose rows are blocks, not hidden-states", key)
      }
      let role = file.value["role"]?.string.map { " of the role \($0.quotedOnOneLine)" } ?? ""
      return try table(tensor, .blocks, "\(key)\(role) of a .pt file, a row a block", key)
    default: throw unknown
    }
  }

  private var unknown: InputError {
    failure(
      "found \(file.value.summary), expected a tensor, or an object with \"axis\", with \"vector\", or "
        + "with \"vectors\" and \"experiments\"")
  }

  private func failure(_ problem: String, _ field: String? = nil) -> InputError {
    InputError(problem, file: file.file, field: field)
  }

  /// What the rows must be, if the model has `layerCount` blocks.
  private func guess(
    _ tensor: TorchTensor, _ layerCount: Int?
  ) throws(InputError) -> ForeignDirections.Rows {
    let count = tensor.shape.first ?? 0
    guard let layerCount else {
      throw failure(
        "found a table of \(count) rows that does not say how they are counted, expected "
          + "\"hidden-states\" (persona vectors) or \"blocks\" (assistant axis), or a model",
        "rows")
    }
    guard
      let rows = ForeignDirections.Rows.allCases.first(where: {
        $0.layerCount(rows: count) == layerCount
      })
    else {
      throw failure(
        "found \(count) rows, the model has \(layerCount) blocks: expected \(layerCount + 1) "
          + "(hidden-states) or \(layerCount) (blocks)", "rows")
    }
    return rows
  }

  private func table(
    _ tensor: TorchTensor, _ rows: ForeignDirections.Rows, _ definition: String,
    _ field: String? = nil
  ) throws(InputError) -> ForeignDirections {
    guard tensor.shape.count == 2 else {
      throw failure("found shape \(tensor.shape), expected [rows, hidden size]", field)
    }
    let width = tensor.shape[1]
    let values = try file.floats(of: tensor)
    let table = stride(from: 0, to: values.count, by: width).map {
      Array(values[$0..<$0 + width])
    }
    do throws(InputError) {
      return try ForeignDirections(table: table, rows: rows, definition: definition)
    } catch {
      throw error.inFile(file.file)
    }
  }
}

/// Thresholds by experiment, and the vectors that they are of.
private struct CappingExperiments {
  let file: TorchFile

  init(_ file: TorchFile) { self.file = file }

  private func failure(_ problem: String, _ field: String) -> InputError {
    InputError(problem, file: file.file, field: field.onOneLine)
  }

  func directions(_ id: String?) throws(InputError) -> ForeignDirections {
    let (name, interventions) = try experiment(id)
    guard !interventions.isEmpty else {
      throw failure("found no interventions, expected at least one", "experiments.\(name)")
    }
    var directions: [Direction] = []
    for (index, intervention) in interventions.enumerated() {
      let place = "experiments.\(name).interventions[\(index)]"
      guard let vector = intervention["vector"]?.string else {
        throw failure("found \(intervention.summary), expected a vector's name", "\(place).vector")
      }
      guard let cap = intervention["cap"]?.number else {
        throw failure("found \(intervention.summary), expected a threshold", "\(place).cap")
      }
      let (site, values) = try self.vector(vector, place)
      if let other = directions.first(where: { $0.site == site }) {
        throw failure("found two vectors at \(other.site.name), expected one", place)
      }
      directions.append(Direction(site: site, vector: values, cap: cap))
    }
    return ForeignDirections(
      directions, operation: .cap,
      definition: "capping experiment \(name.quotedOnOneLine) of a .pt file")
  }

  /// The experiment that is asked for, or the only one.
  private func experiment(
    _ id: String?
  ) throws(InputError) -> (name: String, interventions: [TorchValue]) {
    var found: [(name: String, interventions: [TorchValue])] = []
    guard let list = file.value["experiments"]?.list else {
      throw failure("expected a list", "experiments")
    }
    for (index, experiment) in list.enumerated() {
      guard let name = experiment["id"]?.string,
        let interventions = experiment["interventions"]?.list
      else {
        throw failure(
          "found \(experiment.summary), expected \"id\" and \"interventions\"",
          "experiments[\(index)]")
      }
      found.append((name, interventions))
    }
    let names = found.map(\.name)
    guard let id else {
      guard let only = found.first, found.count == 1 else {
        throw failure(
          "found \(found.count) experiments, expected one of "
            + NearestName.alternatives(names.map { $0.onOneLine }), "experiments")
      }
      return only
    }
    guard let chosen = found.first(where: { $0.name == id }) else {
      throw failure(
        "found no experiment \(id.quotedOnOneLine): "
          + NearestName.advice(for: id, among: names.map { $0.onOneLine }), "experiments")
    }
    return chosen
  }

  private func vector(
    _ name: String, _ place: String
  ) throws(InputError) -> (site: Site, values: [Float]) {
    guard let entry = file.value["vectors"]?[name] else {
      throw failure("found no vector \(name.quotedOnOneLine) in \"vectors\"", place)
    }
    guard let layer = entry["layer"]?.integer, (0..<100_000).contains(layer),
      let tensor = entry["vector"]?.tensor, tensor.shape.count == 1
    else {
      throw failure(
        "found \(entry.summary), expected \"layer\", a block, and \"vector\" of one dimension",
        "vectors.\(name)")
    }
    return (Site(layer: layer, place: .post), try file.floats(of: tensor))
  }
}
