import Core
import Questions
import Store

/// One answer that is wanted: to which wording, and under which key the store has it.
package struct AskedPlace: Sendable, Hashable {
  package let key: AnswerKey
  package let wording: AskedWording
  /// What readers get as the question.
  package let text: String
  /// What tells the answer's draws from those of others of the model.
  private let draw: [String]

  /// - Parameters:
  ///   - name: of the wording, ``Questions/AskedWording/storedName``.
  ///   - sample: counted from 0.
  ///   - text: `nil`: the last thing that is said.
  ///   - draw: `nil`: question and text; the sample's number follows.
  package init(
    _ wording: AskedWording, name: String, sample: Int, text: String? = nil, draw: [String]? = nil
  ) {
    key = AnswerKey(question: name, sample: sample)
    self.wording = wording
    self.text = text ?? wording.text
    self.draw = draw ?? [wording.question.id, self.text]
  }

  /// An answer's own draws, which do not depend on which others there are.
  func stream(of reference: ModelReference, seed: UInt64) -> RandomStream {
    RandomStream(
      seed: seed, path: ["answer"] + reference.drawPath + draw + [String(key.sample)])
  }
}

extension AskedWording {
  /// Under which the store has its answers. With a digest of all that is asked: a wording that was
  /// changed is another question.
  package var storedName: String {
    get throws {
      "\(question.id)#\(paraphrase)@\(try Fingerprint(of: messages).hex.prefix(8))"
    }
  }
}

extension [AskedPlace] {
  /// Every wording of the questions, so many times.
  ///
  /// - Parameter samples: answers to each wording; `nil`: as many as the question says, or one.
  package init(_ questions: [Question], samples: Int?) throws {
    self = try questions.flatMap { question in
      try question.paraphrases.indices.flatMap { index in
        let wording = AskedWording(question, paraphrase: index)
        let name = try wording.storedName
        return (0..<(samples ?? question.samplesPerParaphrase ?? 1)).map {
          AskedPlace(wording, name: name, sample: $0)
        }
      }
    }
  }

  package var keys: [AnswerKey] { map(\.key) }

  /// Each wording once, as the store keeps it.
  var asked: [AskedQuestion] {
    get throws {
      var names = Set<String>()
      return try compactMap { place in
        guard names.insert(place.key.question).inserted else { return nil }
        return AskedQuestion(question: place.key.question, content: try place.wording.json)
      }
    }
  }
}
