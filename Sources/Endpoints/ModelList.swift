import Foundation

/// A server's list of models, and what it tells of the server.
struct ModelList: Sendable {
  var names: [String]
  var owners: Set<String>
  var serverHeader: String?

  /// - Returns: nil for anything that is no such list.
  init?(_ answer: HTTPAnswer) {
    let tree = try? JSONSerialization.jsonObject(with: answer.body)
    guard let tree = tree as? [String: Any],
      let entries = tree["data"] as? [[String: Any]]
    else { return nil }
    names = entries.compactMap { $0["id"] as? String }
    owners = Set(entries.compactMap { $0["owned_by"] as? String })
    serverHeader = answer.headers.first(name: "server").map { ServerText.shown($0, limit: 80) }
  }
}

/// Which program a server is, from what it says by the way.
enum ServerKind {
  static func find(list: ModelList?, host: String) -> String? {
    if host == "api.openai.com" { return "openai" }
    guard let list else { return nil }
    let header = list.serverHeader?.lowercased() ?? ""
    for (owner, kind) in [
      "vllm": "vllm", "sglang": "sglang", "llamacpp": "llama.cpp", "library": "ollama",
    ] where list.owners.contains(owner) { return kind }
    if header.hasPrefix("llama.cpp") { return "llama.cpp" }
    // mlx-lm answers with Python's own server and names no owner.
    return header.hasPrefix("basehttp") && list.owners.isEmpty ? "mlx-lm" : nil
  }
}
