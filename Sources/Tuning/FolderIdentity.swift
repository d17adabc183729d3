import Core
import Formats
import Foundation

/// Which weights a folder holds: sizes, headers and the first and last 64 KiB of each file. Reading all
/// of a large model's bytes would take longer than it protects from.
struct FolderIdentity: Sendable, Codable {
  let parts: [String]

  /// - Parameter adapter: the folder of an adapter on it.
  init(of model: ModelSummary, adapter: String?) {
    var files = model.weightFiles
    if let adapter {
      let folder = ModelFolder(path: adapter)
      files += [
        folder.adapterConfigurationPath, folder.adapterWeightsPath,
        "\(adapter)/adapters.safetensors",
      ]
    }
    parts = files.map(Self.edges)
  }

  private static func edges(of path: String) -> String {
    let url = URL(fileURLWithPath: path)
    guard let bytes = try? Data(contentsOf: url, options: .alwaysMapped) else { return "" }
    let edge = 64 << 10
    return "\(Fingerprint(bytes: bytes.prefix(edge) + bytes.suffix(edge)).hex) \(bytes.count)"
  }
}
