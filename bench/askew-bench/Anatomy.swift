import ArgumentParser
import Core
import Engine
import Formats
import Foundation

/// Six sites through the model, behind blocks.
private func sites(of model: Model) -> [Site] {
  let count = model.configuration.layerCount
  return (1...6).map { Site(layer: $0 * count / 6 - 1, place: .post) }
}

/// Mean activations of the trained tokens of all rows, at six sites.
struct AnatomyRead: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Rows per second that a real model's activations are read of.")

  @OptionGroup var options: RealOptions

  private struct Result: Encodable {
    let name = "anatomy-read"
    let rowsPerSecond: Double
    /// Of the same pass, where nothing is read.
    let plainRowsPerSecond: Double
    /// Of the mean over rows, by site: what the peer has to find too.
    let lengths: [Double]
    let peakBytes = peakResidentBytes()
  }

  func run() throws {
    let pool = WorkerPool(threadCount: options.machine.threads)
    defer { pool.stop() }
    let model = try options.model(pool)
    let rows = try options.sequences().map {
      ReadSequence(tokens: $0.tokens, isRead: $0.trained)
    }
    func rate(_ sites: [Site]) throws -> (rowsPerSecond: Double, means: [[[Float]]]) {
      let reader = try ActivationReader(
        model: model, sites: sites, precision: options.machine.precision, pool: pool)
      _ = reader.means(of: Array(rows.prefix(64)))
      var means: [[[Float]]] = []
      let seconds = ContinuousClock().measure { means = reader.means(of: rows) } / .seconds(1)
      return (Double(rows.count) / seconds, means)
    }
    let sites = sites(of: model)
    let (plain, read) = (try rate([]), try rate(sites))
    let lengths = sites.indices.map { site -> Double in
      var sum = [Double](repeating: 0, count: model.configuration.hiddenSize)
      for row in read.means {
        for (channel, value) in row[site].enumerated() { sum[channel] += Double(value) }
      }
      return sum.reduce(0) { $0 + $1 * $1 }.squareRoot() / Double(rows.count)
    }
    try printJSON(
      Result(
        rowsPerSecond: read.rowsPerSecond, plainRowsPerSecond: plain.rowsPerSecond,
        lengths: lengths))
  }
}

/// All rows scored under each of eight directions, added at each of six sites.
struct AnatomySteer: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Cells (a site and a direction) per second that a real model's texts are scored in.")

  @OptionGroup var options: RealOptions
  @Option(help: "Length of the vectors that are added.") var length: Float = 4

  private struct Result: Encodable {
    let name = "anatomy-steer"
    let cellsPerSecond: Double
    /// Nats a token of the first direction at each site: what the peer has to find too.
    let losses: [Double]
    let peakBytes = peakResidentBytes()
  }

  /// The peer makes the same of the same formula.
  private static func direction(_ number: Int, width: Int) -> [Float] {
    (1...width).map { Float(sin(Double($0 * (number + 1)))) }
  }

  func run() throws {
    let pool = WorkerPool(threadCount: options.machine.threads)
    defer { pool.stop() }
    let model = try options.model(pool)
    let rows = try options.sequences()
    let tokens = rows.reduce(0) { $0 + $1.trainedCount }
    let width = model.configuration.hiddenSize
    func scorer(_ rows: [TrainingSequence], at site: Site) throws -> SiteScorer {
      try SiteScorer(
        AdaptedModel(model), rows, at: site, precision: options.machine.precision, pool: pool)
    }
    let sites = sites(of: model)
    _ = try scorer(Array(rows.prefix(16)), at: sites[0]).negativeLogLikelihoods(under: [])
    var losses: [Double] = []
    let seconds =
      try ContinuousClock().measure {
        for site in sites {
          let scorer = try scorer(rows, at: site)
          for number in 0..<8 {
            let edit = ResidualEdit(
              .add(length: length), along: Self.direction(number, width: width), at: site)
            let sums = scorer.negativeLogLikelihoods(under: [edit])
            if number == 0 { losses.append(sums.reduce(0, +) / Double(tokens)) }
          }
        }
      } / .seconds(1)
    try printJSON(Result(cellsPerSecond: Double(8 * sites.count) / seconds, losses: losses))
  }
}
