import ArgumentParser
import CKernels
import Engine

/// How much of oneDNN's speed a training step keeps.
///
/// The products of one step are recorded: shapes, operand layouts, types and how often. oneDNN alone
/// then runs exactly these, one thread each on its own memory, and the step's matrix FLOPs are divided
/// by the time of the whole step. Both measurements take turns in short slices, so that a busy moment
/// hits both.
struct Matmul: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "The share of oneDNN's speed that a training step keeps, and where the rest goes.")

  @OptionGroup var machine: MachineOptions
  @Option(help: "Seconds for each of the two sides.")
  var seconds = 4.0

  struct Result: Encodable {
    let name: String
    /// oneDNN alone, over the products of a step.
    let gflops: Double
    /// The step's matrix FLOPs by the time of the whole step.
    let stepGflops: Double
    let share: Double
    /// Shares of the threads' time in a step; together 1.
    let breakdown: [String: Double]
    let productsPerStep: Int
    let shapes: Int
    let gflopPerStep: Double
    let threads: Int
  }

  func run() throws {
    let pool = WorkerPool(threadCount: machine.threads)
    defer { pool.stop() }
    let (products, copies) = try record()
    let alone = Products(products, threads: machine.threads)
    let step = try TrainingStep(precision: machine.precision, pool: pool)
    for _ in 0..<3 { try step.run() }
    alone.run(on: pool)

    var (stepSeconds, steps, aloneSeconds, rounds) = (0.0, 0, 0.0, 0)
    while min(stepSeconds, aloneSeconds) < seconds {
      let measured = try step.run(seconds: 0.5)
      stepSeconds += measured.seconds
      steps += measured.steps
      let clock = ContinuousClock()
      let start = clock.now
      while start.duration(to: clock.now) < .seconds(0.5) {
        alone.run(on: pool)
        rounds += machine.threads
      }
      aloneSeconds += start.duration(to: clock.now) / .seconds(1)
    }
    let flops = products.reduce(0) { $0 + $1.flops }
    let gflops = flops * Double(rounds) / aloneSeconds / 1e9
    let stepGflops = flops * Double(steps) / stepSeconds / 1e9
    try printJSON(
      Result(
        name: "matmul-\(machine.precision.rawValue)", gflops: gflops, stepGflops: stepGflops,
        share: stepGflops / gflops, breakdown: try breakdown(step, pool, copies: copies),
        productsPerStep: products.reduce(0) { $0 + $1.count }, shapes: products.count,
        gflopPerStep: flops / 1e9, threads: machine.threads))
  }

  /// The products of one step, and the seconds of a step on one thread that no kernel accounts for:
  /// copies, zeros, and what calls them.
  private func record() throws -> (products: [RecordedProduct], copies: Double) {
    let pool = WorkerPool(threadCount: 1)
    defer { pool.stop() }
    let step = try TrainingStep(precision: machine.precision, pool: pool)
    try step.run()
    let before = RecordedProduct.all()
    try step.run()
    let products = RecordedProduct.all().compactMap { $0.minus(before) }
    let profile = Profile()
    let clock = ContinuousClock()
    let start = clock.now
    askew_profile(profile.seconds)
    for _ in 0..<10 { try step.run() }
    askew_profile(nil)
    let elapsed = start.duration(to: clock.now) / .seconds(1)
    return (products, max(0, elapsed - profile.total) / 10)
  }

  /// Shares of the threads' time: what the kernels took on all of them, the copies that one thread was
  /// seen to make, and for the rest the threads wait for each other.
  private func breakdown(
    _ step: TrainingStep, _ pool: WorkerPool, copies: Double
  ) throws -> [String: Double] {
    let profiles = (0..<machine.threads).map { _ in Profile() }
    func measure(_ on: Bool) {
      let gate = Gate(machine.threads)
      pool.run(machine.threads) { worker, _ in
        gate.pass()
        askew_profile(on ? profiles[worker].seconds : nil)
      }
    }
    measure(true)
    let measured = try step.run(seconds: max(1, seconds / 2))
    measure(false)
    let all = measured.seconds * Double(machine.threads)
    var shares: [String: Double] = [:]
    for profile in profiles {
      for (group, seconds) in profile.groups { shares[group, default: 0] += seconds / all }
    }
    let rest = max(0, 1 - shares.values.reduce(0, +))
    shares["copies"] = min(rest, copies * Double(measured.steps) / all)
    shares["waiting"] = rest - (shares["copies"] ?? 0)
    return shares
  }
}

/// A product of the step and how often it is run.
struct RecordedProduct {
  var shape: askew_matmul_shape
  var count: Int
  var flops: Double { 2 * Double(shape.m * shape.n * shape.k) * Double(count) }

  /// Everything that the calling thread has run.
  static func all() -> [RecordedProduct] {
    let count = askew_matmul_calls(nil, nil, 0)
    var shapes = Array(repeating: askew_matmul_shape(), count: count)
    var calls = Array(repeating: Int64(0), count: count)
    askew_matmul_calls(&shapes, &calls, count)
    return zip(shapes, calls).map { RecordedProduct(shape: $0, count: Int($1)) }
  }

  /// What came since `earlier`; `nil` when nothing did.
  func minus(_ earlier: [RecordedProduct]) -> RecordedProduct? {
    let before = earlier.first { $0.key == key }?.count ?? 0
    return count > before ? RecordedProduct(shape: shape, count: count - before) : nil
  }

  private var key: [Int64] {
    let s = shape
    return [
      s.m, s.n, s.k, s.a_row, s.a_col, s.b_row, s.b_col, s.c_row, Int64(s.operand_type),
      Int64(s.result_type), Int64(s.accumulate),
    ]
  }
}

/// oneDNN alone: each thread runs all products of a step on memory of its own.
final class Products: @unchecked Sendable {
  // A worker touches its own memory alone.
  private let products: [RecordedProduct]
  private let memory: [[(a: ParameterBlock, b: ParameterBlock, c: ParameterBlock)]]
  private let threads: Int

  init(_ products: [RecordedProduct], threads: Int) {
    self.products = products
    self.threads = threads
    memory = (0..<threads).map { _ in
      products.map { product in
        let s = product.shape
        // Ample for either type and for rows apart; ones, so that no number is special.
        let blocks = [
          s.m * max(s.a_row, 1) + s.k * max(s.a_col, 1),
          s.k * max(s.b_row, 1) + s.n * max(s.b_col, 1),
          s.m * s.c_row,
        ].map { ParameterBlock(count: Int($0)) }
        for block in blocks.dropLast() {
          // 0x3f803f80 is about 1 as a float and two ones as bfloat16.
          block.floats.update(repeating: Float(bitPattern: 0x3f80_3f80), count: block.count)
        }
        return (blocks[0], blocks[1], blocks[2])
      }
    }
  }

  /// One step's products on every thread.
  func run(on pool: WorkerPool) {
    let gate = Gate(threads)
    pool.run(threads) { [self] worker, _ in
      gate.pass()
      for (product, block) in zip(products, memory[worker]) {
        var shape = product.shape
        for _ in 0..<product.count {
          let status = askew_matmul(&shape, block.a.floats, block.b.floats, block.c.floats)
          precondition(status == 0, "oneDNN status \(status)")
        }
      }
    }
  }
}
