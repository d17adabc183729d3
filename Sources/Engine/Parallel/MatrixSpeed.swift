/// How fast this machine multiplies matrices now, to say beforehand how long work will take.
package enum MatrixSpeed {
  /// Floating-point operations a second of all threads together, from a tenth of a second of products
  /// of a size that language models have; `nil` where the processor has none of that precision.
  package static func measure(_ precision: Precision, threads: Int) -> Double? {
    guard Product.isSupported(precision) else { return nil }
    let (rows, columns, inner) = (256, 1024, 1024)
    let pool = WorkerPool(threadCount: threads)
    defer { pool.stop() }
    let clock = ContinuousClock()
    nonisolated(unsafe) let rates = UnsafeMutablePointer<Double>.allocate(capacity: threads)
    rates.initialize(repeating: 0, count: threads)
    defer { rates.deallocate() }
    pool.run(threads) { _, index in
      let memory = ParameterBlock(count: rows * inner + inner * columns + rows * columns)
      let (a, b) = (memory.floats, memory.floats + rows * inner)
      let product = Product(
        rows: rows, columns: columns, inner: inner, a: .rows(a, stride: inner),
        b: .transposed(b, stride: inner), precision: precision)
      let result = b + inner * columns
      product.assign(to: result, stride: columns)
      let start = clock.now
      var count = 0
      while start.duration(to: clock.now) < .milliseconds(100) {
        product.assign(to: result, stride: columns)
        count += 1
      }
      let seconds = start.duration(to: clock.now) / .seconds(1)
      rates[index] = Double(2 * rows * columns * inner * count) / seconds
    }
    return (0..<threads).reduce(0) { $0 + rates[$1] }
  }
}
