import Core

/// A LoRA adapter as a GGUF file, as llama.cpp takes it beside the model's (`--lora`).
///
/// llama.cpp knows one alpha: smaller ranks are filled up with zeros, and other scalings folded into B.
package struct GGUFAdapterExport {
  private let writer: GGUFWriter

  /// - Parameters:
  ///   - adapter: opened for the model.
  ///   - model: whose rows of q and k the file has in another order than folders.
  package init(_ adapter: AdapterFolder, name: String, for model: ModelConfiguration) {
    let architecture = GGUFArchitecture(folder: model)
    let rank = adapter.largestRank
    let scaling = adapter.commonScaling ?? adapter.modules.first?.scaling ?? 1
    var writer = GGUFWriter()
    writer.fields = [
      ("general.architecture", .string(architecture.rawValue)),
      ("general.type", .string("adapter")),
      ("general.name", .string(name)),
      ("general.file_type", .unsigned(GGUFExport.Storage.f32.fileType)),
      ("adapter.type", .string("lora")),
      ("adapter.lora.alpha", .number(scaling * Double(rank))),
    ]
    for module in adapter.modules {
      let linear = "\(module.linear.path(inLayer: module.layer)).weight"
      let weight = GGUFTensorNames.name(ofFolder: linear)
      let order = architecture.rowOrder(of: weight, headSize: model.headSize)
      for matrix in AdapterConfiguration.Matrix.allCases {
        let isA = matrix == .a
        let shape = isA ? [rank, module.inputSize] : [module.outputSize, rank]
        writer.tensors.append(
          GGUFWriter.Tensor(
            name: "\(weight).\(isA ? "lora_a" : "lora_b")", shape: shape, type: .f32
          ) { (elements, target) throws(InputError) in
            let values = try adapter.uniformMatrix(
              matrix, of: module, rank: rank, scaling: scaling)
            for (place, element) in elements.enumerated() {
              let row = element / shape[1]
              let from = isA ? row : order?.rowInFolder(row) ?? row
              target[place] = values[from * shape[1] + element % shape[1]]
            }
          })
      }
    }
    self.writer = writer
  }

  /// - Throws: `InputError` naming the file that cannot be read or written.
  package func write(to path: String) throws(InputError) { try writer.write(to: path) }
}
