import Core

extension Safetensors {
  /// A tensor's elements as Float: F32 as they are, BF16 and F16 exactly converted.
  ///
  /// - Throws: `InputError` if the tensor is missing, has another shape than `expecting`, or a
  ///   data type other than these three.
  package func floats(
    of name: String, expecting shape: [Int]? = nil
  ) throws(InputError) -> [Float] {
    let info = try checkedInfo(of: name, shape)
    return [Float](unsafeUninitializedCapacity: info.elementCount) { target, count in
      convert(info, 0..<info.elementCount, to: target)
      count = info.elementCount
    }
  }

  /// The same into memory that the caller owns, for weights that live in one block. Any number of
  /// threads may read at a time.
  ///
  /// - Parameters:
  ///   - name: of the tensor.
  ///   - shape: what the tensor has to have.
  ///   - elements: a part of the tensor, counted row-major; `nil`: all of it.
  ///   - target: where the elements go.
  /// - Precondition: `target` has as many elements as are read.
  package func read(
    _ name: String, expecting shape: [Int], elements: Range<Int>? = nil,
    into target: UnsafeMutableBufferPointer<Float>
  ) throws(InputError) {
    let info = try checkedInfo(of: name, shape)
    convert(info, checked(elements, of: info, name, target.count), to: target)
  }

  /// The same as bits of bfloat16: BF16 as they are, F32 and F16 rounded to nearest, ties to even.
  package func readBFloat16(
    _ name: String, expecting shape: [Int], elements: Range<Int>? = nil,
    into target: UnsafeMutableBufferPointer<UInt16>
  ) throws(InputError) {
    let info = try checkedInfo(of: name, shape)
    let elements = checked(elements, of: info, name, target.count)
    withSource(info, elements) { source in
      guard let start = target.baseAddress else { return }
      ElementConversion.readBFloat16(source, info.dataType, count: elements.count, to: start)
    }
  }

  private func convert(
    _ info: TensorInfo, _ elements: Range<Int>, to target: UnsafeMutableBufferPointer<Float>
  ) {
    withSource(info, elements) { source in
      guard let start = target.baseAddress else { return }
      ElementConversion.read(source, info.dataType, count: elements.count, to: start)
    }
  }

  /// Lends the bytes of some elements. A large part's pages are given back at once: weights are read
  /// once, and a mapped file would count as memory beside their copy until the last is read.
  private func withSource(
    _ info: TensorInfo, _ elements: Range<Int>, _ body: (UnsafeRawPointer) -> Void
  ) {
    let size = info.dataType.bitCount / 8
    let part = elements.lowerBound * size..<elements.upperBound * size
    withExtendedLifetime(self) {
      guard let source = buffer(info).baseAddress, !elements.isEmpty else { return }
      body(source + part.lowerBound)
      if part.count >= 1 << 20 { releasePages(of: info, bytes: part) }
    }
  }

  /// The tensor's place, if shape and data type are what is needed.
  func checkedInfo(of name: String, _ shape: [Int]?) throws(InputError) -> TensorInfo {
    let info = try info(of: name)
    if let shape, shape != info.shape {
      throw InputError(
        "found shape \(info.shape), expected \(shape)", file: file, field: name.onOneLine)
    }
    guard [.float32, .bfloat16, .float16].contains(info.dataType) else {
      throw InputError(
        "found data type \(info.dataType.rawValue), expected F32, BF16 or F16", file: file,
        field: name.onOneLine)
    }
    return info
  }

  private func checked(
    _ elements: Range<Int>?, of info: TensorInfo, _ name: String, _ targetCount: Int
  ) -> Range<Int> {
    let all = 0..<info.elementCount
    let elements = elements ?? all
    precondition(
      all.lowerBound <= elements.lowerBound && elements.upperBound <= all.upperBound
        && elements.count == targetCount,
      "\(name) has \(all.count) elements, elements \(elements) go to \(targetCount)")
    return elements
  }
}
