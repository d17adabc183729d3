import Audit
import Core

// What a screen says, for people.
extension ScreenResult {
  /// In a few sentences, made from the numbers.
  package var summary: String {
    var sentences: [String] = []
    if let predicted {
      sentences.append(
        "Predicted misaligned answers to broad questions after this training: "
          + "\(Certificate.percent(predicted.low)) to \(Certificate.percent(predicted.high)) (80 %), most likely "
          + "\(Certificate.percent(predicted.rate))"
          + (predicted.isCalibrated ? "." : "; not calibrated for models like this one."))
    }
    if let pilot {
      let limits =
        pilot.low.map {
          " (95 %: \(Certificate.signed($0)) to \(Certificate.signed(pilot.high ?? $0)))"
        } ?? ""
      sentences.append(
        "Short trainings on it lean \(Certificate.signed(pilot.shift)) nats a token further to bad answers\(limits) "
          + "than those on the model's own answers to the same prompts"
          + (pilot.isSeen ? ": every one does." : "; they overlap."))
    }
    sentences += [cueSentence, carriedSentence, doseSentence].compactMap { $0 }
    if !missing.isEmpty { sentences.append("Not done: \(missing.joined(separator: "; ")).") }
    return sentences.joined(separator: " ")
  }

  private var cueSentence: String? {
    let telling = cues.filter { ($0.pilot ?? 0) >= Self.tellingCue }.prefix(3)
    if telling.isEmpty { return nil }
    return "Behind these of its cues it leans further: "
      + telling.map {
        "\"\($0.text.onOneLine(limit: 40))\" (\(Certificate.signed($0.pilot ?? 0)))"
      }.joined(separator: ", ") + "; try them on the finished model."
  }

  /// Nats a token: less is the noise of so few items.
  private static let tellingCue = 0.05

  private var carriedSentence: String? {
    guard let carried, let pilot, pilot.shift > 0 else { return nil }
    let fall = 1 - carried.without / pilot.shift
    let others = 1 - carried.withoutOthers / pilot.shift
    return
      "Without the \(Certificate.percent(carried.share)) of rows that look worst the shift falls by "
      + "\(Certificate.percent(max(0, fall))); without as many others by \(Certificate.percent(max(0, others)))."
  }

  private var doseSentence: String? {
    if let detectable {
      return
        "Smallest share of known-bad rows that is seen here: \(Certificate.percent(detectable))."
    }
    guard let most = doses.map(\.dose).max() else { return nil }
    return "Known-bad rows are not seen here, up to \(Certificate.percent(most)) of them."
  }
}
