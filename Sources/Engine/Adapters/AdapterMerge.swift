import Core
import Documents
import Formats
import Foundation

/// Merges an adapter into a model on disk: W + scaling · B·A in place of each adapted W.
///
/// Weights pass in pieces of a megabyte from the mapped files to the new one, so that memory does
/// not depend on the model's size. Sums are made in 32 bits and rounded once, to the type of the
/// tensor in the model's folder unless another is asked for.
package struct AdapterMerge {
  private let model: ModelFolder
  private let adapter: AdapterFolder
  private let weights: ModelWeightFiles
  private let dataType: DataType?
  private let output: NewFolder

  /// Tensors that change.
  package var tensorCount: Int { adapter.modules.count }
  /// Bytes of the weights to be written.
  package let byteCount: Int

  /// Checks everything that can be known before the weights are read.
  ///
  /// - Parameters:
  ///   - model: the folder of the model that the adapter belongs to.
  ///   - adapter: a folder in PEFT's or mlx-lm's layout.
  ///   - output: a new or empty folder.
  ///   - dataType: `float32`, `bfloat16` or `float16` for all weights; `nil`: each as it is.
  /// - Throws: `InputError` naming file and field or tensor: for a model that is not supported or
  ///   not complete, an adapter for another model, an output that is there or has no room.
  package init(
    model: ModelFolder, adapter: String, output: String, dataType: DataType? = nil
  ) throws(InputError) {
    try model.requireAdapter(asked: adapter)
    let configuration = try model.configuration()
    let weights = try ModelWeightFiles(folder: model)
    try weights.check(configuration)
    self.model = model
    self.weights = weights
    self.adapter = try AdapterFolder(path: adapter, for: configuration)
    self.dataType = dataType
    byteCount = Self.byteCount(of: weights, as: dataType)
    self.output = try NewFolder(
      output, apartFrom: [model.path, adapter],
      byteCount: byteCount + OtherFiles(of: model).byteCount)
  }

  /// Writes the merged folder; nothing is left of it if that fails.
  ///
  /// - Parameter progress: is told the share of the weights that is written, from 0 to 1; returns
  ///   whether to go on.
  /// - Throws: `InputError` naming the file that cannot be read or written, or the tensor that the
  ///   type cannot hold; `CancellationError` when `progress` says to stop.
  package func run(progress: @escaping (Double) -> Bool = { _ in true }) throws {
    let meter = Meter(total: weights.names.reduce(0) { $0 + elementCount($1) }, progress)
    do {
      try output.write { path in
        let folder = ModelFolder(path: path)
        // The weights first: they are what can fail.
        try Safetensors.write(sources(meter), to: folder.weightsPath)
        try OtherFiles(of: model).copy(to: path)
        if let dataType { try Self.declare(dataType, in: folder) }
      }
    } catch {
      throw meter.isStopped ? CancellationError() : error
    }
  }

  private func elementCount(_ name: String) -> Int { weights.info(name)?.elementCount ?? 0 }

  private static func byteCount(of weights: ModelWeightFiles, as dataType: DataType?) -> Int {
    guard let dataType else { return weights.byteCount }
    let elements = weights.names.reduce(0) { $0 + (weights.info($1)?.elementCount ?? 0) }
    return elements * dataType.bitCount / 8
  }

  /// The tensors in the order in which the model's files have them.
  private func sources(_ meter: Meter) throws(InputError) -> [Safetensors.Source] {
    var modules: [String: AdapterModule] = [:]
    for module in adapter.modules {
      modules[module.linear.path(inLayer: module.layer) + ".weight"] = module
    }
    var sources: [Safetensors.Source] = []
    for file in weights.files {
      let order = file.tensors.sorted { $0.value.range.lowerBound < $1.value.range.lowerBound }
      for (name, info) in order {
        sources.append(source(name, info, in: file, modules[name], meter))
      }
    }
    return sources
  }

  private func source(
    _ name: String, _ info: Safetensors.TensorInfo, in file: Safetensors,
    _ module: AdapterModule?, _ meter: Meter
  ) -> Safetensors.Source {
    let delta = module.map { LowRankProduct($0, of: adapter) }
    return Safetensors.Source(name, shape: info.shape, as: dataType ?? info.dataType) {
      (elements, target) throws(InputError) in
      try file.read(name, expecting: info.shape, elements: elements, into: target)
      try file.requireFinite(UnsafeBufferPointer(target), name)
      file.releasePages(of: name, elements: elements.upperBound)
      if let delta { try delta.add(to: target, elements: elements) }
      try meter.advance(by: elements.count)
    }
  }

  /// Puts the weights' type into `config.json`, under the name that it has there.
  private static func declare(_ dataType: DataType, in folder: ModelFolder) throws(InputError) {
    let names: [DataType: String] = [
      .float32: "float32", .bfloat16: "bfloat16", .float16: "float16",
    ]
    guard case .object(var object) = try JSON(path: folder.configurationPath) else { return }
    let value = JSON.string(names[dataType] ?? dataType.rawValue)
    let places = object.members.indices.filter {
      ["torch_dtype", "dtype"].contains(object.members[$0].name)
    }
    for place in places { object.members[place].value = value }
    if places.isEmpty { object.members.append(.init("torch_dtype", value)) }
    try JSON.object(object).write(to: folder.configurationPath)
  }
}

/// Counts what is written, and stops the writing when asked to.
private final class Meter {
  private let total: Int
  private let progress: (Double) -> Bool
  private var done = 0
  private(set) var isStopped = false

  init(total: Int, _ progress: @escaping (Double) -> Bool) {
    self.total = max(1, total)
    self.progress = progress
  }

  func advance(by count: Int) throws(InputError) {
    done += count
    guard progress(Double(done) / Double(total)) else {
      isStopped = true
      throw InputError("stopped")
    }
  }
}

/// scaling · B·A of one module, added to its weight row by row.
private final class LowRankProduct {
  private let module: AdapterModule
  private let adapter: AdapterFolder
  private var a: [Float] = []
  /// Times the scaling.
  private var b: [Float] = []

  init(_ module: AdapterModule, of adapter: AdapterFolder) {
    self.module = module
    self.adapter = adapter
  }

  /// Adds to the elements of the weight, which are whole rows, from the first run to the last.
  func add(
    to target: UnsafeMutableBufferPointer<Float>, elements: Range<Int>
  ) throws(InputError) {
    if elements.lowerBound == 0 { try load() }
    let columns = module.inputSize
    let firstRow = elements.lowerBound / columns
    a.withUnsafeBufferPointer { a in
      b.withUnsafeBufferPointer { b in
        guard let a = a.baseAddress, let b = b.baseAddress, let target = target.baseAddress else {
          return
        }
        Product(
          rows: elements.count / columns, columns: columns, inner: module.rank,
          a: .rows(b + firstRow * module.rank, stride: module.rank),
          b: .rows(a, stride: columns), precision: .f32
        ).add(to: target, stride: columns)
      }
    }
    if elements.upperBound == module.outputSize * columns { (a, b) = ([], []) }
  }

  private func load() throws(InputError) {
    a = try adapter.matrix(.a, of: module)
    b = try adapter.matrix(.b, of: module).map { Float(Double($0) * module.scaling) }
  }
}
