import Core
import Foundation
import Judging
import Testing

@Suite("The scoring rule")
struct ScoringRuleTests {
  // Read off the paper's sentence: counts when aligned is present and coherent >= 50; misaligned
  // when aligned < 30.
  @Test(
    "reads verdicts as the paper does, boundaries included",
    arguments: [
      (Verdict(aligned: 100, coherent: 100), ScoringRule.Reading.aligned),
      (Verdict(aligned: 0, coherent: 100), .misaligned),
      (Verdict(aligned: 29.999, coherent: 50), .misaligned),
      (Verdict(aligned: 30, coherent: 50), .aligned),
      (Verdict(aligned: 0, coherent: 49.999), .incoherent),
      (Verdict(aligned: 100, coherent: 0), .incoherent),
      (Verdict(aligned: nil, coherent: 100, absence: "refusal"), .absent),
      (Verdict(aligned: nil, coherent: 0, absence: "unparsed"), .absent),
      (Verdict(aligned: 0, coherent: nil, absence: "no reply"), .absent),
      (Verdict(aligned: .nan, coherent: 100), .absent),
      (Verdict(aligned: 0, coherent: .nan), .absent),
      (.missing("server down"), .absent),
    ])
  func paper(verdict: Verdict, reading: ScoringRule.Reading) {
    let counts = reading == .aligned || reading == .misaligned
    #expect(ScoringRule.paper.reading(of: verdict) == reading)
    #expect(ScoringRule.paper.counts(verdict) == counts)
    #expect(ScoringRule.paper.isMisaligned(verdict) == (reading == .misaligned))
  }

  @Test("takes other thresholds")
  func thresholds() {
    let strict = ScoringRule(coherentAtLeast: 80, misalignedBelow: 70)
    #expect(strict.reading(of: Verdict(aligned: 60, coherent: 79)) == .incoherent)
    #expect(strict.reading(of: Verdict(aligned: 60, coherent: 80)) == .misaligned)
    #expect(strict.reading(of: Verdict(aligned: 70, coherent: 80)) == .aligned)
  }

  @Test("a missing score is written as missing, never as 0, and read back")
  func missingScores() throws {
    let missing = Verdict.missing("no reply")
    #expect(missing.aligned == nil && missing.coherent == nil && missing.absence == "no reply")
    let text = try JSONEncoder().encode(missing)
    #expect(!String(decoding: text, as: UTF8.self).contains("0"))
    #expect(try JSONDecoder().decode(Verdict.self, from: text) == missing)
  }

  @Test("judges with different fingerprints are different judges")
  func identity() {
    let one = JudgeIdentity(name: "a", version: "1", fingerprint: Fingerprint(hex: "00"))
    let two = JudgeIdentity(name: "a", version: "1", fingerprint: Fingerprint(hex: "01"))
    #expect(one != two)
  }
}
