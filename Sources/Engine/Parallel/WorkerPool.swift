import CKernels
import Foundation

/// A fixed number of threads that run one job after another, each to its end.
///
/// `run` hands out indices one by one, so which worker takes which index is chance; results must
/// depend on the index alone. The calling thread works too.
public final class WorkerPool: @unchecked Sendable {
  // Guarded by `condition`: every property below.
  private let condition = NSCondition()
  private var job: (@Sendable (_ worker: Int, _ index: Int) -> Void)?
  private var next = 0
  private var limit = 0
  private var busy = 0
  private var stopped = false
  public let threadCount: Int

  /// - Parameter threadCount: at least 1; more than the machine's cores only costs.
  public init(threadCount: Int) {
    self.threadCount = max(1, threadCount)
    for worker in 1..<self.threadCount {
      let thread = Thread { self.work(as: worker) }
      thread.stackSize = 8 << 20
      thread.start()
    }
  }

  /// Ends the threads, which otherwise keep the pool alive; no job may be running.
  public func stop() {
    condition.lock()
    stopped = true
    condition.broadcast()
    condition.unlock()
  }

  /// Calls `body(worker, index)` for every index below `count` and returns when all are done.
  /// `worker` is in `0 ..< threadCount`, and no two calls share it at a time.
  public func run(_ count: Int, _ body: @escaping @Sendable (_ worker: Int, _ index: Int) -> Void) {
    condition.lock()
    precondition(job == nil, "a WorkerPool runs one job at a time")
    (job, next, limit) = (body, 0, count)
    condition.broadcast()
    takeIndices(as: 0)
    while busy > 0 { condition.wait() }
    job = nil
    condition.unlock()
  }

  private func work(as worker: Int) {
    condition.lock()
    while !stopped {
      if job != nil, next < limit { takeIndices(as: worker) } else { condition.wait() }
    }
    condition.unlock()
    askew_matmul_release_thread()
  }

  /// Called and left with `condition` locked.
  private func takeIndices(as worker: Int) {
    while let body = job, next < limit {
      let index = next
      next += 1
      busy += 1
      condition.unlock()
      body(worker, index)
      condition.lock()
      busy -= 1
    }
    if busy == 0 { condition.broadcast() }
  }
}
