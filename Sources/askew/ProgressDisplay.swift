import Foundation

/// The line on standard error that says how far something is. On a terminal it is redrawn, with a bar,
/// never wider than the terminal, and taken away at the end; elsewhere it is written every ten seconds.
/// Guarded by `lock`.
final class ProgressDisplay: @unchecked Sendable {
  private let lock = NSLock()
  private let stream = StandardStream.error
  private let isTerminal = StandardStream.error.isTerminal
  private let clock = ContinuousClock()
  /// When the line was last drawn; at first, when there was nothing to draw.
  private var shown = ContinuousClock.now
  private var hasBar = false
  /// What is being counted, and where it began: the pace is measured from there.
  private var count: (unit: String, first: Int, began: ContinuousClock.Instant)?

  /// - Parameters:
  ///   - share: what is done, 0 to 1.
  ///   - atOnce: does not wait until it is time for the next line.
  func show(_ share: Double, atOnce: Bool = false, _ words: @autoclosure () -> String) {
    lock.withLock { draw(share, atOnce, words) }
  }

  /// So many of so many, and how long the rest takes at the pace since the first call, whose own work
  /// has warmed up what comes after it and is not counted. The first and the last are shown at once.
  ///
  /// - Parameter details: what else is known, after a comma.
  func show(_ done: Int, of total: Int, _ unit: String, details: String = "") {
    lock.withLock {
      let isFirst = count?.unit != unit
      if isFirst { count = (unit, done, clock.now) }
      draw(Double(done) / Double(max(1, total)), isFirst || done >= total) {
        "\(done)/\(total) \(unit)\(details)\(left(done, of: total))"
      }
    }
  }

  /// A line that stays.
  func note(_ text: String) {
    lock.withLock {
      clear()
      stream.write(text + "\n")
    }
  }

  /// Takes the bar away.
  func end() { lock.withLock { clear() } }

  /// Leaves a line on a terminal in the place of the bar.
  func finish(_ text: String) { if isTerminal { note("✓ \(text)") } }

  private func draw(_ share: Double, _ atOnce: Bool, _ words: () -> String) {
    let interval: Duration = isTerminal ? .milliseconds(100) : .seconds(10)
    guard atOnce || shown.duration(to: clock.now) >= interval else { return }
    shown = clock.now
    guard isTerminal else { return stream.write(words() + "\n") }
    let columns = stream.columns
    let width = min(24, columns / 4)
    let full = Int(min(max(share, 0), 1) * Double(width))
    let bar = String(repeating: "█", count: full) + String(repeating: "░", count: width - full)
    stream.write("\r\u{1B}[2K" + String("\(bar) \(words())".prefix(columns - 1)))
    hasBar = true
  }

  private func clear() {
    if hasBar { stream.write("\r\u{1B}[2K") }
    hasBar = false
  }

  private func left(_ done: Int, of total: Int) -> String {
    guard let count, done > count.first, done < total else { return "" }
    let each = count.began.duration(to: clock.now) / .seconds(1) / Double(done - count.first)
    return ", \(Self.duration(each * Double(total - done))) left"
  }

  static func duration(_ seconds: Double) -> String {
    let seconds = Int(seconds.rounded())
    if seconds < 60 { return "\(seconds) s" }
    if seconds < 3600 { return "\(seconds / 60) min \(seconds % 60) s" }
    return "\(seconds / 3600) h \(seconds % 3600 / 60) min"
  }
}
