import Core

extension Safetensors {
  /// - Throws: `InputError` naming a tensor with a number that is none: whatever is computed with it says
  ///   nothing, and shows nothing of that.
  package func requireFinite(
    _ values: UnsafeBufferPointer<Float>, _ name: String
  ) throws(InputError) {
    // All bits of the exponent: one comparison an element, without a branch.
    var found = false
    for value in values { found = (value.bitPattern & 0x7fff_ffff >= 0x7f80_0000) || found }
    guard found, let bad = values.first(where: { !$0.isFinite }) else { return }
    throw notFinite(name, bad)
  }

  /// The same of bits of bfloat16.
  func requireFinite(
    _ values: UnsafeBufferPointer<UInt16>, _ name: String
  ) throws(InputError) {
    var found = false
    for value in values { found = (value & 0x7fff >= 0x7f80) || found }
    guard found, let bad = values.first(where: { $0 & 0x7fff >= 0x7f80 }) else { return }
    throw notFinite(name, Float(bitPattern: UInt32(bad) << 16))
  }

  private func notFinite(_ name: String, _ value: Float) -> InputError {
    InputError("found \(value), expected finite numbers", file: file, field: name.onOneLine)
  }
}
