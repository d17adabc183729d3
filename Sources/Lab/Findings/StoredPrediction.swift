import Core
import Foundation
import Plans
import Store

/// A prediction as the store has it. The time at which the store first saw it is the time that counts.
struct StoredPrediction<Prediction: Codable>: Codable {
  private let prediction: Prediction
  /// Whether all that it is about had been asked when it was stored.
  private let isLate: Bool

  init(_ prediction: Prediction, isLate: Bool) {
    (self.prediction, self.isLate) = (prediction, isLate)
  }

  /// Stores it, unless it is there.
  ///
  /// - Parameter name: what is foretold, in words.
  func store(at address: Fingerprint, name: String, in store: RunStore) throws {
    if let run = try store.run(address), run.state == .done { return }
    let run = try store.beginRun(
      fingerprint: address, kind: .prediction, name: name, settings: self)
    try store.finish(run)
  }

  /// What the store knows of a prediction; of one that it does not have, that it comes too late.
  ///
  /// - Parameter wasAskedBefore: of one that an earlier version stored, whether all that it is about had
  ///   been asked at a time.
  static func foretold(
    at address: Fingerprint, in store: RunStore,
    wasAskedBefore: (Date) throws -> Bool = { _ in false }
  ) throws -> CellTable.Foretold {
    guard let run = try store.run(address) else {
      return .init(address: address, stored: Date(), isLate: true)
    }
    // Earlier versions stored the prediction alone.
    let own = try? JSONDecoder().decode(Self.self, from: Data(run.settings.utf8))
    return .init(
      address: address, stored: run.created,
      isLate: try own?.isLate ?? wasAskedBefore(run.created))
  }
}
