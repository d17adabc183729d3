import CCurl
import Foundation
import Synchronization

/// One thread that drives all of a client's transfers through libcurl, on connections that are kept
/// for the next.
///
/// `@unchecked`: `transfers` is used on that thread only, but for `curl_multi_wakeup`, which is called
/// while the inbox's lock is held and the loop has not ended.
final class TransferLoop: @unchecked Sendable {
  /// What other threads have to say to the loop.
  private struct Inbox {
    var arrivals: [Transfer] = []
    var hasCancelled = false
    /// Whether the loop has been woken and has not looked yet.
    var isWoken = false
    var isClosed = false
    var hasEnded = false
    var onEnd: [CheckedContinuation<Void, Never>] = []
  }

  private static let isReady = curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK

  private let transfers: UnsafeMutableRawPointer
  private let inbox = Mutex(Inbox())

  /// - Parameter connections: the most that are kept when they are idle.
  init(connections: Int) {
    guard Self.isReady, let transfers = curl_multi_init() else {
      preconditionFailure("no memory for libcurl")
    }
    self.transfers = transfers
    curl_multi_set_long(transfers, CURLMOPT_MAXCONNECTS, connections)
    let thread = Thread { self.run() }
    thread.name = "transfers"
    thread.start()
  }

  /// - Throws: `ExchangeTrouble`; `cancelled` soon after the task is, or once the loop is closed.
  func send(
    _ request: HTTPRequest, _ options: TransferOptions
  ) async throws(ExchangeTrouble) -> HTTPAnswer {
    let cancellation = TransferCancellation()
    let result = await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        start(Transfer(request, options, cancellation, continuation))
      }
    } onCancel: {
      cancellation.ask()
      tell { $0.hasCancelled = true }
    }
    return try result.get()
  }

  /// Ends all transfers and closes all connections.
  func close() { tell { $0.isClosed = true } }

  func waitForEnd() async {
    await withCheckedContinuation { continuation in
      let hasEnded = inbox.withLock { inbox in
        if !inbox.hasEnded { inbox.onEnd.append(continuation) }
        return inbox.hasEnded
      }
      if hasEnded { continuation.resume() }
    }
  }

  private func start(_ transfer: Transfer) {
    var isTaken = false
    tell { inbox in
      guard !inbox.isClosed else { return }
      inbox.arrivals.append(transfer)
      isTaken = true
    }
    if !isTaken { transfer.end(with: .failure(.cancelled)) }
  }

  private func tell(_ change: (inout Inbox) -> Void) {
    inbox.withLock { inbox in
      change(&inbox)
      guard !inbox.hasEnded, !inbox.isWoken else { return }
      inbox.isWoken = true
      curl_multi_wakeup(transfers)
    }
  }

  // MARK: On the loop's own thread

  private func run() {
    Self.blockBrokenPipes()
    var work = TransferWork(transfers)
    while true {
      let news = inbox.withLock { inbox in
        defer {
          inbox.arrivals = []
          inbox.hasCancelled = false
          inbox.isWoken = false
        }
        return inbox
      }
      for transfer in news.arrivals { work.begin(transfer) }
      if news.isClosed { break }
      if news.hasCancelled { work.endCancelled { $0.isCancelled } }
      work.perform()
      // Told to wake at once for what comes meanwhile; the second is only for safety.
      curl_multi_poll(transfers, nil, 0, 1000, nil)
    }
    work.close()
    let waiting = inbox.withLock { inbox in
      inbox.hasEnded = true
      return inbox.onEnd
    }
    curl_multi_cleanup(transfers)
    for continuation in waiting { continuation.resume() }
  }

  /// A peer that is gone is told by an error: the signal would end the program.
  private static func blockBrokenPipes() {
    var signals = sigset_t()
    sigemptyset(&signals)
    sigaddset(&signals, SIGPIPE)
    pthread_sigmask(SIG_BLOCK, &signals, nil)
  }
}

/// What the loop's thread has in hand.
private struct TransferWork {
  private let transfers: UnsafeMutableRawPointer
  private var running: [UnsafeMutableRawPointer: Transfer] = [:]
  /// Handles to be used again, which is quicker than making them.
  private var idle: [UnsafeMutableRawPointer] = []

  init(_ transfers: UnsafeMutableRawPointer) { self.transfers = transfers }

  mutating func begin(_ transfer: Transfer) {
    guard let handle = idle.popLast() ?? curl_easy_init() else {
      return transfer.end(with: .failure(.connection("no memory")))
    }
    transfer.prepare(handle)
    running[handle] = transfer
    curl_multi_add_handle(transfers, handle)
  }

  /// Moves all transfers on, and ends those that are done.
  mutating func perform() {
    var count: Int32 = 0
    curl_multi_perform(transfers, &count)
    while let message = curl_multi_info_read(transfers, &count) {
      guard message.pointee.msg == CURLMSG_DONE, let handle = message.pointee.easy_handle else {
        continue
      }
      end(handle) { $0.result(of: message.pointee.data.result) }
    }
  }

  mutating func endCancelled(_ isMeant: (Transfer) -> Bool) {
    for (handle, transfer) in running where isMeant(transfer) {
      end(handle) { _ in .failure(.cancelled) }
    }
  }

  private mutating func end(
    _ handle: UnsafeMutableRawPointer,
    _ result: (Transfer) -> Result<HTTPAnswer, ExchangeTrouble>
  ) {
    guard let transfer = running.removeValue(forKey: handle) else { return }
    // Told first: removing may take its time.
    transfer.end(with: result(transfer))
    curl_multi_remove_handle(transfers, handle)
    curl_easy_reset(handle)
    idle.append(handle)
  }

  mutating func close() {
    endCancelled { _ in true }
    for handle in idle { curl_easy_cleanup(handle) }
    idle = []
  }
}
