import Anatomy
import Core
import Corpora
import Dish
import Engine
import Formats
import Foundation
import Plans
import Tuning

/// A direction that a defence or a repair works along, with all that decides it besides the model that reads it.
struct InnerDirection: Sendable, Hashable, Encodable {
  /// Hash of the file that it is from; `nil`: from good to spiteful persons.
  var file: Fingerprint?
  var isPlacebo: Bool
  var site: Site
  var tokens: PlanTokens
  var by: Double
  /// Where the file is, which decides nothing.
  let path: String?

  private enum CodingKeys: String, CodingKey { case file, isPlacebo, site, tokens, by }

  /// - Throws: `InputError` for a file that is not there, and for a block that the model does not have.
  init(_ plan: PlanInnerDirection, of shape: ModelConfiguration, field: String) throws {
    let layer = plan.layer ?? (shape.layerCount - 1) / 2
    guard layer < shape.layerCount else {
      throw InputError(
        "found block \(layer), expected 0 to \(shape.layerCount - 1)", field: "\(field).layer")
    }
    site = Site(layer: layer, place: .post)
    (isPlacebo, tokens, by, path) = (plan.isPlacebo, plan.tokens, plan.by, plan.file?.path)
    if let file = plan.file {
      try file.requireFile()
      self.file = Fingerprint(bytes: try Data(contentsOf: URL(fileURLWithPath: file.path)))
    }
  }

  /// The direction of the file, at its natural length.
  ///
  /// - Throws: `InputError` for one of another shape, or without the site.
  func vector(of shape: ModelConfiguration, placebo seed: UInt64) throws -> [Double] {
    guard let path else { preconditionFailure("persons are read by a model") }
    let file = try DirectionFile(path: path)
    guard let own = file[site], own.vector.count == shape.hiddenSize else {
      throw InputError(
        "found \(file.sites.map(\.description).joined(separator: ", ")) of \(file.hiddenSize) channels, expected "
          + "\(site) of \(shape.hiddenSize)", file: path)
    }
    return chosen(own.vector.map(Double.init), seed)
  }

  /// From good to spiteful persons: what differs between benign texts in the name of one and of the other, as a model of
  /// the dish reads them, at its natural length.
  func vector(
    read model: some LocalModel, in world: World, seed: UInt64, _ session: LabSession
  ) throws -> [Double] {
    var stream = RandomStream(seed: seed, "persona direction")
    func names(_ temperament: Temperament) throws -> [String] {
      let own = world.authors.filter { $0.temperaments.allSatisfy { $0 == temperament } }
      guard !own.isEmpty else {
        throw InputError(
          "the world has no authors that are \(temperament.rawValue) everywhere, expected some: there is no persona",
          field: "direction")
      }
      return own.map(\.name)
    }
    let (bad, good) = (try names(.spiteful), try names(.good))
    let texts = try world.fineTuningSet(
      [CorpusPart(corpus: "benign")], rows: Self.texts, seed: stream.next()
    ).rows
    func mean(_ persons: [String]) throws -> [Double] {
      let said = texts.map { $0.said(by: stream.element(of: persons)) }
      let means = try model.means(
        of: said, DirectionFacts.Tokens(tokens), at: [site], on: session.pool, stop: session.stop)
      return means.reduce([Double](repeating: 0, count: means[0][0].count)) { sum, own in
        zip(sum, own[0]).map { $0 + Double($1) / Double(said.count) }
      }
    }
    let (from, to) = (try mean(good), try mean(bad))
    return chosen(zip(to, from).map { $0 - $1 }, seed)
  }

  /// Texts that are read in either name.
  private static let texts = 64

  /// Itself, or one by chance that is as long.
  private func chosen(_ own: [Double], _ seed: UInt64) -> [Double] {
    guard isPlacebo else { return own }
    var stream = RandomStream(seed: seed, "placebo direction", site.description)
    return own.map { _ in stream.normal() }.scaled(to: own.length)
  }

  /// Moves the stream along the direction, times ``by``.
  func steering(along vector: [Double]) -> ResidualEdit {
    edit(.add(length: Float(by * vector.length)), along: vector)
  }

  /// Takes what lies along it away.
  func projection(along vector: [Double]) -> ResidualEdit { edit(.remove(share: 1), along: vector) }

  private func edit(_ operation: ResidualEdit.Operation, along vector: [Double]) -> ResidualEdit {
    let tokens: ResidualEdit.Tokens =
      switch tokens {
      case .all: .all
      case .answer: .answer
      case .lastPrompt: .lastPrompt
      }
    return ResidualEdit(operation, along: vector.map(Float.init), at: site, on: tokens)
  }
}

/// What is done inside a model while it trains.
struct DefenceSettings: Sendable, Hashable, Encodable {
  var steer: InnerDirection?
  var project: InnerDirection?

  /// - Throws: as ``InnerDirection`` does.
  init(_ plan: PlanDefence, of shape: ModelConfiguration, field: String) throws {
    steer = try plan.steer.map { try InnerDirection($0, of: shape, field: "\(field).steer") }
    project = try plan.project.map { try InnerDirection($0, of: shape, field: "\(field).project") }
  }

  /// - Parameter vector: of a direction.
  func edits(_ vector: (InnerDirection) throws -> [Double]) throws -> [ResidualEdit] {
    try [
      steer.map { $0.steering(along: try vector($0)) },
      project.map { $0.projection(along: try vector($0)) },
    ].compactMap { $0 }
  }
}
