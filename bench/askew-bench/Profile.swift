import CKernels
import Synchronization

/// Seconds by kernel, for one thread.
final class Profile: @unchecked Sendable {
  // Written by the one thread that measures into it, read when that has ended.
  let seconds: UnsafeMutablePointer<Double>
  private let names: [String]

  init() {
    var names: [String] = []
    while let name = askew_profile_name(names.count) { names.append(String(cString: name)) }
    self.names = names
    seconds = .allocate(capacity: names.count)
    seconds.initialize(repeating: 0, count: names.count)
  }

  deinit { seconds.deallocate() }

  var total: Double { names.indices.reduce(0) { $0 + seconds[$1] } }

  /// Seconds by what a reader knows the kernels as.
  var groups: [String: Double] {
    var result: [String: Double] = [:]
    for (i, name) in names.enumerated() { result[Self.group(of: name), default: 0] += seconds[i] }
    return result
  }

  private static func group(of kernel: String) -> String {
    switch kernel {
    case "matmul": "matrix products"
    case let name where name.contains("norm"): "norms"
    case let name where name.hasPrefix("attention") || name == "rope": "attention"
    case let name where name.hasPrefix("swiglu"): "swiglu"
    case let name where name.hasPrefix("cross_entropy"): "cross-entropy"
    case "adamw", "sum_blocks": "optimiser"
    default: "casts and sums"
    }
  }
}

/// Lets nobody pass before everybody has come, so that each worker of a pool takes one index.
final class Gate: Sendable {
  private let missing: Mutex<Int>

  init(_ count: Int) { missing = Mutex(count) }

  func pass() {
    missing.withLock { $0 -= 1 }
    while missing.withLock({ $0 > 0 }) {}
  }
}
