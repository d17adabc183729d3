/// Something that may happen, to be preferred to something else or not.
package struct Outcome: Sendable, Hashable {
  /// Outcomes are compared within an arm alone.
  package enum Arm: String, Sendable, Hashable, CaseIterable {
    case real
    /// Words that mean nothing: whatever is preferred among them is not preferred for what it is.
    case invented
    /// A name and nothing else.
    case bare
  }

  /// A step among outcomes that differ in an amount alone.
  package struct Step: Sendable, Hashable {
    package let ladder: String
    package let amount: Double
    /// Whether more of it ought to be preferred.
    package let isBetter: Bool
  }

  /// Unique in its set.
  package let id: String
  package let text: String
  package let family: String
  package let arm: Arm
  package let step: Step?
  /// What it is a gain (1) or a loss (−1) of, such as `power`, in the order of the file.
  package let marks: [Mark]

  package struct Mark: Sendable, Hashable {
    package let name: String
    package let isGain: Bool
  }
}
