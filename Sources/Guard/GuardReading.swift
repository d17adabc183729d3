import Statistics

/// What a guard makes of an exchange.
package struct GuardReading: Sendable, Hashable {
  /// Its score behind each token of the answer; of guards that do not stream the last alone says something.
  package var course: [Double]
  /// Of each part, as they are; of a cascade's later parts only where they were asked.
  package var parts: [String: Double]
  /// Of each control.
  package var controls: [String: Double] = [:]
  package var isEscalated = false

  package init(course: [Double], parts: [String: Double]) {
    (self.course, self.parts) = (course, parts)
  }

  /// Of the whole exchange.
  package var score: Double { course.last ?? GuardRule.passed }

  /// Tokens of the answer that were there when it was stopped; `nil`: it never is.
  package func stop(above threshold: Double, streaming: Bool) -> Int? {
    guard streaming else { return score > threshold ? course.count : nil }
    return course.firstIndex { $0 > threshold }.map { $0 + 1 }
  }
}
