import Core
import Documents

/// The worlds that a plan on a dish is done in, each grown from a seed of its own: the replicates of the whole
/// experiment, as seeds are those of a fine-tuning.
package enum PlanWorlds: Sendable, Hashable {
  /// So many, from the run's own seed on.
  case count(Int)
  case seeds([UInt64])

  init(_ value: PlanValue) throws(InputError) {
    self = value.isList ? .seeds(try value.seeds()) : .count(try value.integer(in: 1...1000))
  }

  package var count: Int {
    switch self {
    case .count(let count): count
    case .seeds(let seeds): seeds.count
    }
  }

  /// - Parameter first: of the run.
  package func seeds(from first: UInt64) -> [UInt64] {
    switch self {
    case .count(let count): (0..<UInt64(count)).map { first &+ $0 }
    case .seeds(let seeds): seeds
    }
  }
}

// As the plan has it: a number or a list.
extension PlanWorlds: Codable {
  package init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let count = try? container.decode(Int.self) {
      self = .count(count)
    } else {
      self = .seeds(try container.decode([UInt64].self))
    }
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .count(let count): try container.encode(count)
    case .seeds(let seeds): try container.encode(seeds)
    }
  }
}
