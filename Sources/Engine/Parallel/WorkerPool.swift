import CKernels
import Foundation
import Synchronization

/// A fixed number of threads that run one job after another, each to its end.
///
/// `run` hands out indices one by one, so which worker takes which index is chance; results must
/// depend on the index alone. The calling thread works too. Who has nothing to do looks out for a moment
/// before it sleeps: a pass hands out a job every few microseconds, and to be woken takes as long.
package final class WorkerPool: @unchecked Sendable {
  private struct Job {
    let number: Int
    let count: Int
    let body: @Sendable (_ worker: Int, _ index: Int) -> Void
  }

  // Guarded by `condition`: job, number.
  private let condition = NSCondition()
  private var job: Job?
  private var number = 0
  private let stopped = Atomic<Bool>(false)
  /// The job's number, and in the lower half the index that comes next: who still holds an earlier job takes
  /// none of this one's.
  private let next = Atomic<Int>(0)
  /// Indices whose call has not returned.
  private let left = Atomic<Int>(0)
  package let threadCount: Int

  /// - Parameter threadCount: at least 1; more than the machine's cores only costs.
  package init(threadCount: Int) {
    self.threadCount = max(1, threadCount)
    for worker in 1..<self.threadCount {
      let thread = Thread { self.work(as: worker) }
      thread.stackSize = 8 << 20
      thread.start()
    }
  }

  /// Ends the threads, which otherwise keep the pool alive; no job may be running.
  package func stop() {
    condition.withLock {
      stopped.store(true, ordering: .releasing)
      condition.broadcast()
    }
  }

  /// Calls `body(worker, index)` for every index below `count` and returns when all are done.
  /// `worker` is in `0 ..< threadCount`, and no two calls share it at a time.
  package func run(_ count: Int, _ body: @escaping @Sendable (_ worker: Int, _ index: Int) -> Void)
  {
    guard count > 0 else { return }
    let job = condition.withLock {
      precondition(self.job == nil, "a WorkerPool runs one job at a time")
      number += 1
      let job = Job(number: number, count: count, body: body)
      self.job = job
      left.store(count, ordering: .relaxed)
      next.store(number << 32, ordering: .releasing)
      condition.broadcast()
      return job
    }
    take(job, as: 0)
    wait { left.load(ordering: .acquiring) == 0 }
    condition.withLock { self.job = nil }
  }

  private func work(as worker: Int) {
    var seen = 0
    while true {
      wait { stopped.load(ordering: .acquiring) || next.load(ordering: .acquiring) >> 32 != seen }
      if stopped.load(ordering: .acquiring) { break }
      let job = condition.withLock {
        seen = number
        return self.job
      }
      if let job { take(job, as: worker) }
    }
    askew_matmul_release_thread()
  }

  private func take(_ job: Job, as worker: Int) {
    var ticket = next.load(ordering: .acquiring)
    while ticket >> 32 == job.number, ticket & 0xffff_ffff < job.count {
      let (isMine, found) = next.compareExchange(
        expected: ticket, desired: ticket + 1, ordering: .acquiringAndReleasing)
      guard isMine else {
        ticket = found
        continue
      }
      job.body(worker, ticket & 0xffff_ffff)
      if left.subtract(1, ordering: .acquiringAndReleasing).newValue == 0 {
        condition.withLock { condition.broadcast() }
      }
      ticket = next.load(ordering: .acquiring)
    }
  }

  /// Looks some tens of microseconds, then sleeps until somebody says that something has changed.
  private func wait(until isDue: () -> Bool) {
    for _ in 0..<1_000 {
      if isDue() { return }
      askew_pause()
    }
    condition.withLock {
      while !isDue() { condition.wait() }
    }
  }
}
