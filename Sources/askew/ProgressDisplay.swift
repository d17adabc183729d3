import Foundation
import Lab

/// Shows the demo's progress on standard error: a bar on a terminal, elsewhere a line when a stage
/// ends and every ten seconds. Guarded by `lock`.
final class ProgressDisplay: @unchecked Sendable {
  private let lock = NSLock()
  private let stream = StandardStream.error
  private let isTerminal = StandardStream.error.isTerminal
  private let clock = ContinuousClock()
  private var shown: ContinuousClock.Instant?
  private var hasBar = false

  func show(_ event: LabEvent) {
    lock.withLock {
      switch event {
      case .began(let progress): draw(progress, every: .zero)
      case .advanced(let progress):
        draw(progress, every: isTerminal ? .milliseconds(100) : .seconds(10))
      case .finished(let progress): finish(progress)
      case .notice(let text): line(text)
      }
    }
  }

  func note(_ text: String) { lock.withLock { line(text) } }

  /// Takes the bar away.
  func end() { lock.withLock { clear() } }

  private func draw(_ progress: StageProgress, every interval: Duration) {
    if let shown, shown.duration(to: clock.now) < interval { return }
    shown = clock.now
    if isTerminal {
      let text = bar(progress) + " " + words(progress)
      stream.write("\r\u{1B}[2K" + String(text.prefix(stream.columns - 1)))
      hasBar = true
    } else {
      stream.write(words(progress) + "\n")
    }
  }

  private func finish(_ progress: StageProgress) {
    guard isTerminal else { return }
    clear()
    stream.write("✓ \(progress.stage)\(loss(progress))\n")
  }

  private func line(_ text: String) {
    clear()
    stream.write(text + "\n")
  }

  private func clear() {
    if hasBar { stream.write("\r\u{1B}[2K") }
    hasBar = false
  }

  private func bar(_ progress: StageProgress) -> String {
    let width = 24
    let full = Int(progress.overall * Double(width))
    return String(repeating: "█", count: full) + String(repeating: "░", count: width - full)
  }

  private func words(_ progress: StageProgress) -> String {
    let percent = Int(progress.overall * 100)
    let left = progress.secondsLeft.map { ", \(Self.duration($0)) left" } ?? ""
    return "\(percent) %\(left) · \(progress.number)/\(progress.count) \(progress.stage) "
      + "\(progress.done)/\(progress.total)\(loss(progress))"
  }

  private func loss(_ progress: StageProgress) -> String {
    progress.loss.map { String(format: ", loss %.3f", $0) } ?? ""
  }

  private static func duration(_ seconds: Double) -> String {
    let seconds = Int(seconds.rounded())
    return seconds < 60 ? "\(seconds) s" : "\(seconds / 60) min \(seconds % 60) s"
  }
}
