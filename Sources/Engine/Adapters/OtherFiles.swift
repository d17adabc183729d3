import Core
import Formats
import Foundation

/// What a model folder holds besides weights: configurations, tokenizer, templates, licences.
struct OtherFiles {
  private let folder: String
  /// Paths inside the folder.
  let names: [String]

  /// Formats of weights, which a changed model must not carry along unchanged; nor does it carry the
  /// configuration of an adapter that lay beside them.
  private static let weightSuffixes = [
    ".safetensors", ".safetensors.index.json", ".bin", ".bin.index.json", ".pt", ".pth", ".gguf",
    ".h5", ".msgpack", ".onnx", ".npz",
  ]

  /// - Parameter model: folders in it are passed over, but for named chat templates, and so is the
  ///   card, which describes another model.
  init(of model: ModelFolder) {
    folder = model.path
    let templates = "additional_chat_templates"
    names =
      Self.files(in: folder).filter { $0 != "README.md" }
      + Self.files(in: "\(folder)/\(templates)").map { "\(templates)/\($0)" }
  }

  private static func files(in folder: String) -> [String] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return names.sorted().filter { name in
      var isFolder: ObjCBool = false
      let path = "\(folder)/\(name)"
      return !name.hasPrefix(".") && name != "adapter_config.json"
        && !weightSuffixes.contains { name.hasSuffix($0) }
        && FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
        && !isFolder.boolValue
    }
  }

  var byteCount: Int {
    names.reduce(0) { sum, name in
      // Resolved: folders of the Hub's cache hold links.
      let path = URL(fileURLWithPath: "\(folder)/\(name)").resolvingSymlinksInPath().path
      let attributes = try? FileManager.default.attributesOfItem(atPath: path)
      return sum + ((attributes?[.size] as? NSNumber)?.intValue ?? 0)
    }
  }

  /// Copies the files byte for byte.
  ///
  /// - Throws: `InputError` naming the file that cannot be read or written.
  func copy(to target: String) throws(InputError) {
    for name in names {
      let bytes = try FileBytes(mapping: "\(folder)/\(name)")
      defer { withExtendedLifetime(bytes) {} }
      let path = "\(target)/\(name)"
      try ModelFolder(path: URL(fileURLWithPath: path).deletingLastPathComponent().path).create()
      try AtomicFile.write(to: path) { (output) throws(InputError) in
        try output.write(bytes.buffer)
      }
    }
  }
}

extension ModelFolder {
  /// Copies what a model folder holds besides weights and the model's card, byte for byte, making the
  /// target unless it exists.
  ///
  /// - Throws: `InputError` naming the file that cannot be read or written.
  package func copyOtherFiles(to target: ModelFolder) throws(InputError) {
    try target.create()
    try OtherFiles(of: self).copy(to: target.path)
  }
}
