import Evaluation
import Foundation
import Lab

extension ProgressDisplay {
  /// How far the stages of an experiment are.
  func show(_ event: LabEvent) {
    switch event {
    case .began(let progress): show(progress.overall, atOnce: true, words(progress))
    case .advanced(let progress): show(progress.overall, words(progress))
    case .finished(let progress): finish("\(progress.stage)\(loss(progress))")
    case .notice(let text): note(text)
    }
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
}
