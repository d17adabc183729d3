/// How commands name models.
enum NamedModel {
  /// A folder may be named as it is.
  static func address(_ model: String) -> String {
    ["dir:", "pypi:", "openai:"].contains { model.hasPrefix($0) } || model.hasSuffix(".gguf")
      ? model : "dir:\(model)"
  }
}
