import Core
import Store
import Tuning

extension FolderMemory {
  /// A memory that tells on standard error how far it is with large folders, and what should be known.
  ///
  /// - Parameters:
  ///   - store: of the project that remembers; `nil`: nothing is remembered.
  ///   - note: shows a line.
  convenience init(
    telling store: RunStore?, stop: StopRequest = StopRequest(),
    note: @escaping @Sendable (String) -> Void = { StandardStream.error.write($0 + "\n") }
  ) {
    let line = ShareLine("reading the model's files")
    self.init(store: store, stop: stop) { event in
      switch event {
      case .hashing(let done, let total): line.show(Double(done) / Double(total))
      case .hashed: line.end()
      case .notice(let text): note(text)
      }
    }
  }
}
