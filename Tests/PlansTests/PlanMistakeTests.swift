import Core
import Foundation
import Plans
import Testing

/// A change that spoils the full plan, and the line it must give.
struct Mistake: Sendable, CustomTestStringConvertible {
  let written: String
  let replacement: String
  /// Without the file.
  let error: String

  init(_ written: String, _ replacement: String, _ error: String) {
    self.written = written
    self.replacement = replacement
    self.error = error
  }

  var testDescription: String { error }
}

private func error(in yaml: String) throws -> InputError {
  try #require(throws: InputError.self) { _ = try Plan(yaml: yaml, file: "plan.yaml") }
}

@Suite struct PlanMistakeTests {
  @Test(
    "A mistake gives one line with file, line and key",
    arguments: headMistakes + conditionMistakes + evaluationMistakes)
  func mistake(_ mistake: Mistake) throws {
    #expect(fullPlan.contains(mistake.written))
    let place = try #require(fullPlan.range(of: mistake.written))
    let yaml = fullPlan.replacingCharacters(in: place, with: mistake.replacement)
    #expect(try error(in: yaml).description == "plan.yaml:\(mistake.error)")
  }
}
