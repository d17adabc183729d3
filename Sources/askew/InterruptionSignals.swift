import Core
import Foundation
import Lab

/// Turns SIGINT, SIGTERM, and others that are asked for, into a request to stop; the second one ends the process at once, which
/// loses no more than a kill does.
///
/// `@unchecked Sendable`: `first` is guarded by `lock`, the sources are made once.
final class InterruptionSignals: @unchecked Sendable {
  private let lock = NSLock()
  private var first: Int32?
  private var sources: [any DispatchSourceSignal] = []

  init(_ stop: StopRequest, and others: [Int32] = []) {
    for number in [SIGINT, SIGTERM] + others {
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
      source.setEventHandler { [weak self] in
        self?.took(number)
        stop.stop()
      }
      source.resume()
      sources.append(source)
    }
  }

  deinit { for source in sources { source.cancel() } }

  /// How the command ends after the stop.
  var interruption: Failure {
    let byUser = lock.withLock { first } == SIGINT
    return Failure(
      line: "interrupted; nothing is lost: run the same command again to go on",
      code: byUser ? Failure.interruptedByUser : Failure.interrupted)
  }

  private func took(_ number: Int32) {
    lock.withLock {
      if first == nil { first = number }
    }
    // From now on the default again: a second one does not wait for the checkpoint.
    signal(number, SIG_DFL)
  }
}
