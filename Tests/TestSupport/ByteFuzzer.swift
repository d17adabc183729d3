import Core
import Foundation

/// Changes a valid text at random, for readers that must end with a value or an error. The count is that of
/// `ASKEW_FUZZ`, or a small one.
public struct ByteFuzzer {
  private let seeds: [[UInt8]]
  private let marks: [UInt8]
  private var random: RandomStream

  public init(
    _ seeds: [String], marks: String = "{}[]\",:\\\n0-.eE nulltruefalseNaN<>/|", name: String
  ) {
    self.init(bytes: seeds.map { Array($0.utf8) }, marks: marks, name: name)
  }

  public init(bytes seeds: [[UInt8]], marks: String, name: String) {
    self.seeds = seeds
    self.marks = Array(marks.utf8)
    random = RandomStream(seed: 20_26, name)
  }

  public static var count: Int {
    ProcessInfo.processInfo.environment["ASKEW_FUZZ"].flatMap { Int($0) } ?? 2_000
  }

  /// A text with one to six changes.
  public mutating func next() -> [UInt8] {
    var bytes = seeds[random.below(seeds.count)]
    for _ in 0...random.below(6) where !bytes.isEmpty {
      let place = random.below(bytes.count)
      switch random.below(5) {
      case 0: bytes[place] = UInt8(random.below(256))
      case 1: bytes.insert(marks[random.below(marks.count)], at: place)
      case 2: bytes.removeSubrange(place..<min(bytes.count, place + 1 + random.below(8)))
      case 3: bytes[place] = marks[random.below(marks.count)]
      default:
        let end = min(bytes.count, place + 1 + random.below(16))
        bytes.insert(contentsOf: bytes[place..<end], at: random.below(bytes.count))
      }
    }
    return bytes
  }
}
