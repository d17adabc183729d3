import Engine
import Scheduling
import Store

extension Experiment {
  /// Which stages were done by which version on which kind of processor, in words; `nil`: all of them by one version on
  /// such as this one, where they come to the same bytes.
  ///
  /// A stage without a bundle was done in this project itself.
  func stagePlaces() throws -> String? {
    let shared = folder.shared
    let labels = try work.map { try shared.readLabel(of: $0.fingerprint) }
    let (brought, here) = (labels.compactMap { $0 }, "\(InstructionSet.best)")
    guard Set(brought.map(\.askew)).count > 1 || !Set(brought.map(\.processor)).isSubset(of: [here])
    else { return nil }
    let places = labels.map { label in
      label.map { "version \($0.askew) on \($0.processor)" } ?? "this project, on \(here) now"
    }
    return Dictionary(grouping: places) { $0 }.sorted { $0.key < $1.key }
      .map { "\($0.value.count) by \($0.key)" }.joined(separator: "; ")
  }
}
