import Core
import Formats
import Foundation
import Plans
import Screen
import Store

/// What a screen has found of one data set of a plan.
package struct ScreenFinding: Sendable, Hashable, Codable {
  /// `nil`: a data set that belongs to no condition.
  package var condition: String?
  package var world: UInt64?
  package var result: ScreenResult
  /// What came of the training, where the plan has trained on it: the rate of the plan's evaluation.
  package var measured: Double?
  /// Where it lies, in the project's folder.
  package var file: String
}

extension PlannedScreen: Examination {
  func run(in experiment: Experiment, _ session: LabSession) async throws {
    let work = try ScreenWork(self, session, experiment.maker.open(base))
    let result = try await work.result()
    let artifacts = try experiment.folder.writeFolder(place) { target in
      let file = "\(target.path)/\(Experiment.screenName)"
      try result.text.write(toFile: file, atomically: true, encoding: .utf8)
    }
    try work.finish(artifacts)
  }
}

extension Experiment {
  fileprivate static let screenName = "screen.json"

  /// Of all data sets that were screened; `nil`: the plan screens none, or not all of it is done.
  ///
  /// - Parameter rows: of the plan's findings, where it has trained.
  package func screenFindings(_ rows: [FindingRow] = []) throws -> [ScreenFinding]? {
    guard !screens.isEmpty, try areDone(screens) else { return nil }
    return try screens.map { screen in
      let file = "\(screen.place)/\(Self.screenName)"
      let data = try Data(contentsOf: URL(fileURLWithPath: folder.path(file)))
      return ScreenFinding(
        condition: screen.condition, world: screen.base.world,
        result: try JSONDecoder().decode(ScreenResult.self, from: data),
        measured: measured(screen, rows), file: file)
    }
  }

  /// Mean over the models of its world.
  private func measured(_ screen: PlannedScreen, _ rows: [FindingRow]) -> Double? {
    guard let condition = screen.condition, let evaluation = plan.screen?.on else { return nil }
    let cell = PlanCell(condition: condition, evaluation: evaluation)
    let values =
      rows.filter { $0.cell == cell }.last?.perSeed
      .filter { $0.world == screen.base.world }.compactMap(\.value) ?? []
    return values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
  }
}

extension ScreenResult {
  /// As it lies in its file.
  ///
  /// - Throws: for a number that is none.
  package var text: String {
    get throws {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
      return String(decoding: try encoder.encode(self), as: UTF8.self) + "\n"
    }
  }
}
