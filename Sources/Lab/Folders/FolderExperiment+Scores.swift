import Core
import Foundation
import Tuning

/// A file of the project with the log-likelihoods of held-out rows under one model.
private struct ScoreFile: Codable {
  let fingerprint: String
  let scores: [RowScore]
}

extension FolderExperiment {
  private func address(_ rows: HeldOutRows, _ loaded: LoadedFolder) throws -> Fingerprint {
    try Fingerprint(of: [loaded.fingerprint.hex, rows.rows.fingerprint.hex])
  }

  private func place(_ address: Fingerprint) -> String { "scores/\(address.short).json" }

  /// The stored log-likelihoods; `nil` if there are none that can be used.
  func scores(_ rows: HeldOutRows, _ loaded: LoadedFolder) throws -> [RowScore]? {
    let address = try address(rows, loaded)
    guard let data = FileManager.default.contents(atPath: folder.path(place(address))),
      let file = try? JSONDecoder().decode(ScoreFile.self, from: data),
      file.fingerprint == address.hex, file.scores.count == rows.rows.sequences.count
    else { return nil }
    return file.scores
  }

  /// - Throws: `StageFailure` for a log-likelihood that is no number: the model has been trained to
  ///   pieces.
  func write(
    _ scores: [RowScore], _ rows: HeldOutRows, _ loaded: LoadedFolder, _ stage: String
  ) throws {
    if let bad = scores.first(where: { !$0.nll.isFinite }) {
      throw StageFailure(
        stage: stage,
        problem: "the log-likelihood of held-out row \(bad.row) is not a finite number")
    }
    let address = try address(rows, loaded)
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    let data = try encoder.encode(ScoreFile(fingerprint: address.hex, scores: scores))
    try folder.makeFolder("scores")
    try folder.write(String(decoding: data, as: UTF8.self), to: folder.path(place(address)))
  }
}
