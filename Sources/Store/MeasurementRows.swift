import Core

/// A question as it was asked: what is needed to judge its answers later.
package struct AskedQuestion: Sendable, Hashable {
  /// As in the `AnswerKey` of its answers.
  package var question: String
  /// JSON: the turns, and how the answers are to be judged.
  package var content: String

  package init(question: String, content: String) {
    self.question = question
    self.content = content
  }
}

/// A judge that has measured answers.
package struct StoredJudge: Sendable, Hashable {
  package var fingerprint: Fingerprint
  /// JSON: model, prompts, rule and version.
  package var identity: String

  package init(fingerprint: Fingerprint, identity: String) {
    self.fingerprint = fingerprint
    self.identity = identity
  }
}

/// What a judge measured of an answer in one respect: a number, a label, or a reason for neither.
package struct StoredMeasurement: Sendable, Hashable {
  package var metric: String
  package var value: Double?
  package var label: String?
  /// Probability of all valid labels together, where it is known.
  package var coverage: Double?
  package var reason: String?
  /// What the judge wrote, where it was asked for words.
  package var reply: String?

  package init(
    metric: String, value: Double? = nil, label: String? = nil, coverage: Double? = nil,
    reason: String? = nil, reply: String? = nil
  ) {
    self.reply = reply
    self.metric = metric
    self.value = value
    self.label = label
    self.coverage = coverage
    self.reason = reason
  }
}

/// All that one judge measured of one answer.
package struct MeasuredAnswer: Sendable, Hashable {
  package var key: AnswerKey
  /// At most one a metric.
  package var measurements: [StoredMeasurement]

  package init(key: AnswerKey, measurements: [StoredMeasurement]) {
    self.key = key
    self.measurements = measurements
  }
}
