import Core
import Testing

/// Known answers are printed by scripts/random_streams.py, which works them out from the published
/// algorithms in another language.
@Suite("Random streams")
struct RandomStreamTests {
  @Test("Raw numbers")
  func raw() {
    let known: [(UInt64, [String], [UInt64])] = [
      (
        0, [],
        [
          0x0d72_93fe_83b1_a2bc, 0x764e_de80_904b_ee69, 0xd63b_152c_4e53_72cd,
          0xf46e_2f42_54db_a902,
        ]
      ),
      (
        1, ["sampling", "quick-money", "17"],
        [
          0xf77c_97bf_d714_807f, 0x33a6_288d_f097_9c82, 0x8902_827f_71e8_9eb7,
          0xc397_7787_306a_c409,
        ]
      ),
      (
        .max, ["é", ""],
        [
          0x7b34_6f75_d78d_eac1, 0x6ec7_2333_1139_6028, 0xc668_8ced_a79d_d2cc,
          0x1851_9a57_ffce_cada,
        ]
      ),
    ]
    for (seed, path, values) in known {
      var stream = RandomStream(seed: seed, path: path)
      #expect(values.map { _ in stream.next() } == values)
    }
  }

  @Test("Derived draws")
  func derived() {
    var stream = RandomStream(seed: 7, "mixed")
    #expect(
      (0..<3).map { _ in stream.uniform() }
        == [0.46776093633023164, 0.7111325746635879, 0.6490936973352767])
    #expect((0..<12).map { _ in stream.below(10) } == [7, 2, 5, 5, 6, 6, 3, 6, 2, 2, 6, 6])
    #expect(
      (0..<3).map { _ in stream.below(.max) }
        == [8_302_111_534_379_477_954, 5_485_749_036_306_798_102, 1_097_231_993_735_338_647])
    // Logarithm and cosine are the C library's: a last bit may differ.
    for expected in [-0.06210317429827364, -0.4250266584576037, 0.23641092803229713] {
      #expect(abs(stream.normal() - expected) < 1e-14)
    }
    #expect(stream.shuffled(Array(0..<8)) == [2, 4, 1, 5, 3, 6, 0, 7])
  }

  @Test("Paths are told apart by their parts, and seeds by all their bits")
  func paths() {
    var starts: Set<UInt64> = []
    let paths = [["ab", "c"], ["a", "bc"], ["abc"], ["abc", ""], ["", "abc"], []]
    for path in paths {
      for seed: UInt64 in [0, 1, 1 << 32, 1 << 63] {
        var stream = RandomStream(seed: seed, path: path)
        starts.insert(stream.next())
      }
    }
    #expect(starts.count == 24)
    #expect(RandomStream(seed: 3, "a", "b") == RandomStream(seed: 3, path: ["a", "b"]))
  }

  /// Pearson's statistic: mean k − 1, variance 2(k − 1); six standard deviations is the bound.
  private func chiSquare(_ counts: [Int]) -> Double {
    let expected = Double(counts.reduce(0, +)) / Double(counts.count)
    return counts.reduce(0) { $0 + (Double($1) - expected) * (Double($1) - expected) / expected }
  }

  private func isUniform(_ counts: [Int]) -> Bool {
    let freedom = Double(counts.count - 1)
    let distance = (chiSquare(counts) - freedom) / (2 * freedom).squareRoot()
    // Too even is wrong as well.
    return abs(distance) < 6
  }

  @Test("Uniform numbers are uniform, and so are pairs of neighbours")
  func uniformity() {
    var stream = RandomStream(seed: 5, "uniformity")
    var (single, pairs) = (Array(repeating: 0, count: 64), Array(repeating: 0, count: 256))
    var last = 0
    for i in 0..<100_000 {
      let x = stream.uniform()
      #expect(x >= 0 && x < 1)
      single[Int(x * 64)] += 1
      if i % 2 == 1 { pairs[last * 16 + Int(x * 16)] += 1 }
      last = Int(x * 16)
    }
    #expect(isUniform(single))
    #expect(isUniform(pairs))
  }

  @Test("Streams of neighbouring names and seeds are independent")
  func independence() {
    var first = Array(repeating: 0, count: 64)
    var pairs = Array(repeating: 0, count: 256)
    for i in 0..<20_000 {
      var a = RandomStream(seed: 1, "answer", String(i))
      var b = RandomStream(seed: 2, "answer", String(i))
      let (x, y) = (a.uniform(), b.uniform())
      first[Int(x * 64)] += 1
      pairs[Int(x * 16) * 16 + Int(y * 16)] += 1
    }
    #expect(isUniform(first))
    #expect(isUniform(pairs))
  }

  @Test("Whole numbers below a bound have no bias", arguments: [1, 2, 3, 7, 100])
  func below(bound: Int) {
    var stream = RandomStream(seed: 6, "below", String(bound))
    var counts = Array(repeating: 0, count: bound)
    for _ in 0..<50_000 { counts[stream.below(bound)] += 1 }
    if bound > 1 { #expect(isUniform(counts)) } else { #expect(counts == [50_000]) }
  }

  @Test("No bias near the largest bounds either, where a remainder would double small numbers")
  func belowHuge() {
    // Three quarters of 2⁶³, which fits 2⁶⁴ 2⅔ times: a plain remainder would make the lower two
    // thirds half as likely again as the rest.
    let bound = 3 << 61
    var stream = RandomStream(seed: 6, "huge")
    var counts = Array(repeating: 0, count: 8)
    for _ in 0..<40_000 { counts[stream.below(bound) / (bound / 8 + 1)] += 1 }
    #expect(isUniform(counts))
  }

  @Test("Normal numbers have mean 0, variance 1 and a normal's tails")
  func normal() {
    var stream = RandomStream(seed: 8, "normal")
    let x = (0..<100_000).map { _ in stream.normal() }
    let mean = x.reduce(0, +) / 1e5
    let variance = x.reduce(0) { $0 + $1 * $1 } / 1e5
    // Standard deviations √(1/n) = 0.0032 and √(2/n) = 0.0045; five of each.
    #expect(abs(mean) < 0.016)
    #expect(abs(variance - 1) < 0.023)
    // P(|x| > 1.96) = 0.05: 5,000 ± 5 · 69.
    let tails = x.count { abs($0) > 1.959964 }
    #expect(abs(tails - 5000) < 345)
    #expect(x.allSatisfy { $0.isFinite })
  }

  @Test("Shuffling keeps every element and puts each anywhere")
  func shuffle() {
    var stream = RandomStream(seed: 9, "shuffle")
    var places = Array(repeating: 0, count: 25)
    for _ in 0..<10_000 {
      let shuffled = stream.shuffled([0, 1, 2, 3, 4])
      #expect(shuffled.sorted() == [0, 1, 2, 3, 4])
      for (place, item) in shuffled.enumerated() { places[place * 5 + item] += 1 }
    }
    #expect(isUniform(places))
    #expect(stream.shuffled([Int]()) == [] && stream.shuffled([1]) == [1])
  }
}
