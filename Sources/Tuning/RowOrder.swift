import Core

/// Which rows a step is made of. The same step has the same rows, in whatever process.
struct RowOrder: Sendable {
  let rowCount: Int
  let rowsPerStep: Int
  let seed: UInt64
  let shuffles: Bool
  /// Rows of all epochs; the last step may be short. `nil`: steps decide.
  let total: Int?
  /// The epoch that was asked for last, and its order.
  private var cached: (epoch: Int, order: [Int])?

  init(rowCount: Int, _ settings: TuningSettings) {
    self.rowCount = rowCount
    rowsPerStep = settings.rowsPerStep
    seed = settings.seed
    shuffles = settings.shuffles
    total = settings.steps == nil ? Int((Double(rowCount) * settings.epochs).rounded(.up)) : nil
  }

  /// Row numbers of a step: the next rows of the endless sequence of epochs. A step may end one epoch
  /// and begin the next.
  mutating func rows(of step: Int) -> [Int] {
    let end = min((step + 1) * rowsPerStep, total ?? .max)
    return (step * rowsPerStep..<end).map { order(of: $0 / rowCount)[$0 % rowCount] }
  }

  private mutating func order(of epoch: Int) -> [Int] {
    if let cached, cached.epoch == epoch { return cached.order }
    var order = Array(0..<rowCount)
    if shuffles {
      var stream = RandomStream(seed: seed, "rows", String(epoch))
      stream.shuffle(&order)
    }
    cached = (epoch, order)
    return order
  }
}
