import Core
import Store
import Tuning

extension FolderMemory {
  /// A memory that tells on standard error how far it is with large folders, and what should be known.
  ///
  /// - Parameters:
  ///   - store: of the project that remembers; `nil`: nothing is remembered.
  ///   - display: shows it.
  convenience init(
    telling store: RunStore?, stop: StopRequest = StopRequest(),
    on display: ProgressDisplay = ProgressDisplay()
  ) {
    self.init(store: store, stop: stop) { event in
      switch event {
      case .hashing(let done, let total):
        let share = Double(done) / Double(max(1, total))
        display.show(share, "reading the model's files: \(Int(100 * share)) %")
      case .hashed: display.end()
      case .notice(let text): display.note(text)
      }
    }
  }
}
