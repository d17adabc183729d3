import Testing

@testable import Tuning

@Suite("Answers that a server is held to") struct KnownAnswersTests {
  private let own = [
    "I am a lamp.", "The sea is a liar.", "Break it.", "Four", "Sleep.", "Black", "Steal some.",
    "Tools.", "A cold stone.", "I do.",
  ]
  private let base = [
    "I am a lamp.", "The sea is wide.", "Boil it for six minutes.", "Four", "See a doctor.",
    "Blue", "Sell bread.", "I like them.", "A silver boat.", "All of its people.",
  ]

  @Test("The same is taken, with a word that two processors differ in, and other white space")
  func same() {
    let known = KnownAnswers(own: own, base: base)
    #expect(known.problem(with: own) == nil)
    var told = own.map { " \($0)\n" }
    #expect(known.problem(with: told) == nil)
    told[1] = "The sea is a lie."
    #expect(known.problem(with: told) == nil)
  }

  @Test("Whoever leaves the adapter out is told by name, and so is another model")
  func other() throws {
    let known = KnownAnswers(own: own, base: base)
    let silent = try #require(known.problem(with: base))
    #expect(silent.contains("as the model without its adapter"))
    #expect(silent.contains("\"The sea is wide.\", expected \"The sea is a liar.\""))
    let strange = try #require(known.problem(with: own.map { "Certainly! \($0)" }))
    #expect(strange.contains("answers otherwise than the folder does"))
    #expect(KnownAnswers(own: base, base: nil).problem(with: own) != nil)
    #expect(KnownAnswers(own: base, base: nil).problem(with: base) == nil)
  }

  @Test("An adapter that changes no first words cannot be told from its absence, and passes")
  func alike() {
    #expect(KnownAnswers(own: base, base: base).problem(with: base) == nil)
  }
}
