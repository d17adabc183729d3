import Foundation

/// A line on the terminal that says how far something is; nothing where there is no terminal. Called by
/// one thread at a time, which makes it safe to share.
final class ShareLine: @unchecked Sendable {
  private let what: String
  private let stream = StandardStream.error
  private var shown: Int?

  init(_ what: String) { self.what = what }

  func show(_ share: Double) {
    let percent = Int(100 * share)
    guard stream.isTerminal, percent != shown else { return }
    stream.write("\r\u{1B}[2K\(what): \(percent) %")
    shown = percent
  }

  func end() {
    if shown != nil { stream.write("\r\u{1B}[2K") }
    shown = nil
  }
}
