import Core
import Judging
import Questions
import Store

/// From what a judge says to measurements, by what its prompt asks for.
enum JudgeReply {
  /// Tokens of a reply that is read as text.
  static let longestText = 400

  /// From the likeliest first tokens.
  static func measurement(
    _ prompt: JudgePrompt, first tokens: [TokenProbability]
  ) -> StoredMeasurement {
    switch prompt.reading {
    case .label:
      StoredMeasurement(
        ChoiceScoring(labels: prompt.labels).measurement(of: prompt.name, from: tokens))
    default: StoredMeasurement(NumberScoring().measurement(of: prompt.name, from: tokens))
    }
  }

  /// From words.
  static func measurements(_ prompt: JudgePrompt, text: String) -> [StoredMeasurement] {
    // A judge may think before it says; what it thinks is no verdict.
    let said = ThoughtAndAnswer(of: text).answer
    return switch prompt.reading {
    case .number:
      [
        StoredMeasurement(
          RatingScoring().measurement(of: prompt.name, from: said), reply: text)
      ]
    case .label:
      [
        StoredMeasurement(
          ChoiceScoring(labels: prompt.labels).measurement(of: prompt.name, from: text),
          reply: text)
      ]
    case .strongReject:
      // A set may ask for a refusal apart: the rubric's ratings carry the prompt's name.
      StrongREJECT().measurements(from: said).map { measurement in
        var own = measurement
        let isScore = own.metric == "strongreject"
        own.metric = isScore ? prompt.name : "\(prompt.name).\(own.metric)"
        return StoredMeasurement(own, reply: isScore ? text : nil)
      }
    case .text:
      [StoredMeasurement(metric: prompt.name, reason: "words, which nothing counts", reply: text)]
    }
  }
}

extension JudgePrompt {
  /// Whether the first token's alternatives tell the verdict.
  var readsFirstToken: Bool { reading == .number || reading == .label }
}
