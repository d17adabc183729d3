import Plans
import Statistics

/// What was measured of one condition's models in one evaluation at one place: of the answers that they gave,
/// or of answers that they were scored on.
protocol MeasuredCell {
  var cell: PlanCell { get }
  /// Steps or generations, where the plan looks at several; `nil`: the finished models.
  var place: Int? { get }
  /// To be held against another cell's.
  var side: ComparedSide { get }
  /// To be shown.
  var examples: [ExampleFinding] { get }

  /// The number and its intervals.
  ///
  /// - Parameter seed: of every draw of an interval.
  func estimate(seed: UInt64) -> FindingEstimate
  /// Without its place on the figure's axis.
  func row(seed: UInt64) -> FindingRow
}
