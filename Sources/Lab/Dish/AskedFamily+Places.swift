import Core
import Dish
import Questions
import Tuning

extension AskedFamily {
  /// The family's questions in turn, one a sample.
  ///
  /// - Parameter drawnByText: whether the question's text is in the name of an answer's stream. In a dish
  ///   it is not: it follows from the sample's number.
  func places(drawnByText: Bool = false) throws -> [AskedPlace] {
    var known: [Int: (wording: AskedWording, name: String, text: String)] = [:]
    return try (0..<answers).map { sample in
      let index = sample % family.questions.count
      if known[index] == nil {
        let dressed = try family.question(forSample: index).dressed(setting)
        let question = Question(
          id: family.id,
          paraphrases: [Conversation([Message(role: .user, content: dressed.user)])],
          system: dressed.system)
        let wording = AskedWording(question, place: index)
        known[index] = (wording, try wording.storedName, dressed.text)
      }
      guard let asked = known[index] else { preconditionFailure("was put there") }
      return AskedPlace(
        asked.wording, name: asked.name, sample: sample, text: asked.text,
        draw: drawnByText ? nil : [family.id])
    }
  }
}
