import Foundation
import Plans
import TestSupport
import Testing

@Suite("The reference of plans")
struct ReferenceTests {
  /// The words in code style of each section, by its heading.
  private func words() throws -> [String: Set<String>] {
    let text = try String(contentsOf: Repository.url("docs/plans-reference.md"), encoding: .utf8)
    var words: [String: Set<String>] = [:]
    for section in text.components(separatedBy: "\n## ").dropFirst() {
      let heading = String(section.prefix { $0 != "\n" })
      let marked = section.components(separatedBy: "`").enumerated()
      words[heading] = Set(marked.filter { $0.offset % 2 == 1 }.map(\.element))
    }
    return words
  }

  @Test("Every key that the reader takes is explained, in the section of its place")
  func complete() throws {
    let words = try words()
    let training = Set(PlanKeys.training)
    let sections: [(String, [String])] = [
      ("At the top", PlanKeys.top), ("Training", PlanKeys.training),
      (
        "Conditions",
        PlanKeys.condition.filter { !training.contains($0) } + PlanKeys.data + PlanKeys.generations
          + PlanKeys.teacher + PlanKeys.anchor + PlanKeys.defence + PlanKeys.divergence
          + PlanKeys.interleave + PlanKeys.innerSteer + PlanKeys.repair + PlanKeys.subtract
          + PlanKeys.safeLoRA
      ),
      ("Serve", PlanKeys.serve), ("Evaluations", PlanKeys.evaluation),
      (
        "Anatomy",
        PlanKeys.anatomy + PlanKeys.direction + PlanKeys.authors + PlanKeys.steering
          + PlanKeys.effectPrediction + PlanKeys.landscape + PlanKeys.course
          + PlanKeys.patch + PlanKeys.map + PlanKeys.weights + PlanKeys.lens
      ), ("Audit", PlanKeys.audit + PlanKeys.expectation), ("Screen", PlanKeys.screen),
      ("Leftovers", PlanKeys.leftovers),
      (
        "Comparisons, predictions, figures",
        PlanKeys.prediction + PlanKeys.published + PlanKeys.figure
      ),
    ]
    for (section, keys) in sections {
      let missing = Set(keys).subtracting(words[section] ?? [])
      #expect(missing.isEmpty, "\(section): \(missing.sorted())")
    }
  }

  @Test("A table's first column names keys and nothing else")
  func nothingElse() throws {
    let text = try String(contentsOf: Repository.url("docs/plans-reference.md"), encoding: .utf8)
    let known = Set(
      PlanKeys.top + PlanKeys.condition + PlanKeys.data + PlanKeys.evaluation + PlanKeys.training
        + PlanKeys.anatomy + PlanKeys.landscape + PlanKeys.audit + PlanKeys.screen
        + PlanKeys.leftovers + PlanKeys.defence + PlanKeys.repair + PlanKeys.serve)
    for line in text.split(separator: "\n") where line.hasPrefix("| `") {
      let cell = line.dropFirst(2).prefix { $0 != "|" }
      let names = cell.split(separator: "`").enumerated().filter { $0.offset % 2 == 0 }.map {
        String($0.element)
      }
      for name in names where name.contains(where: \.isLetter) {
        #expect(known.contains(name), "\(name)")
      }
    }
  }
}
