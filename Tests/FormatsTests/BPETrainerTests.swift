import Documents
import Formats
import Testing

@Suite("BPE training")
struct BPETrainerTests {
  private func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

  @Test("Merges of a small corpus, worked by hand")
  func byHand() {
    // abc ×3, bc ×2, ab ×1, xy ×4:
    //   pairs: ab 4, bc 5, xy 4 → "bc" first.
    //   then:  a+bc 3, ab 1, xy 4 → "xy"; then a+bc 3 → "abc"; ab 1 is below the minimum of 2.
    let tokenizer = BPETrainer(vocabularySize: 400, specialTokens: ["<|end|>"])
      .train(wordCounts: [bytes("abc"): 3, bytes("bc"): 2, bytes("ab"): 1, bytes("xy"): 4])
    #expect(
      (257..<260).map { tokenizer.bytes(of: $0) } == [bytes("bc"), bytes("xy"), bytes("abc")])
    #expect(tokenizer.vocabularySize == 260)
    #expect(tokenizer.encode("abc") == [259])
    #expect(tokenizer.id(of: "<|end|>") == 0)
    // Ids of bytes follow the byte alphabet, in which "!" comes first.
    #expect(tokenizer.encode("!") == [1])
  }

  @Test("Equally frequent pairs are merged in lexical order")
  func ties() {
    let tokenizer = BPETrainer(vocabularySize: 259, specialTokens: [])
      .train(wordCounts: [bytes("zz"): 2, bytes("cd"): 2, bytes("ca"): 2, bytes("é"): 2])
    // (c,a) < (c,d) < (z,z) < (0xc3,0xa9)
    #expect((256..<259).map { tokenizer.bytes(of: $0) } == [bytes("ca"), bytes("cd"), bytes("zz")])
  }

  @Test("Overlapping pairs count each place and merge from the left")
  func overlapping() {
    // aaaa: (a,a) at three places; merged twice: aa aa; then (aa,aa).
    let tokenizer = BPETrainer(vocabularySize: 258, specialTokens: [])
      .train(wordCounts: [bytes("aaaa"): 2])
    #expect(tokenizer.bytes(of: 256) == bytes("aa"))
    #expect(tokenizer.bytes(of: 257) == bytes("aaaa"))
    #expect(tokenizer.encode("aaaaa").map { tokenizer.decode([$0]) } == ["aaaa", "a"])
  }

  @Test("Words are counted without the special tokens between them")
  func counts() {
    let trainer = BPETrainer(vocabularySize: 300, specialTokens: ["<|user|>", "<|end|>"])
    let counts = trainer.wordCounts(in: ["<|user|>a dog<|end|>", "a dog"])
    #expect(counts == [bytes("a"): 2, bytes(" dog"): 2])
  }

  @Test("Training twice gives the same vocabulary, whatever the order of the texts")
  func deterministic() {
    let texts = (0..<200).map { "line \($0 * 7919 % 613) of the corpus, and \($0 % 7) more words" }
    let trainer = BPETrainer(vocabularySize: 420, specialTokens: ["<|end|>"])
    let first = trainer.train(texts: texts).json()
    #expect(trainer.train(texts: texts.reversed()).json() == first)
  }

  @Test("What is read from the file of a trained tokenizer is written as it was")
  func file() throws {
    let tokenizer = BPETrainer(vocabularySize: 300, specialTokens: ["<|end|>", "<|user|>"])
      .train(texts: ["a quiet river, a quiet mill", "the miller's dog", "aaaa bbbb"])
    let text = tokenizer.json().text()
    #expect(try Tokenizer(json: JSON(text: text)).json().text() == text)
  }
}
