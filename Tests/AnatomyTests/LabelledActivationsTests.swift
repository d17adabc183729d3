import Anatomy
import Core
import Testing

/// Directions of labelled activations, against values worked by hand and what chance must give.
@Suite("Directions of labelled activations")
struct LabelledActivationsTests {
  typealias Member = LabelledActivations.Member

  @Test("A difference is taken group by group, and groups of one class do not count")
  func byHand() {
    // Group 0: positives (4, 0) and (6, 2), negative (1, 1): difference (4, 0), weight 2·1/3 = 2/3.
    // Group 1: positive (10, 10), negative (8, 13): difference (2, −3), weight 1/2.
    // Group 2: a positive alone.
    // Together (2/3 · 4 + 1/2 · 2, 2/3 · 0 − 1/2 · 3) / (7/6) = (22/7, −9/7).
    let activations = LabelledActivations(
      [(0, true), (0, true), (0, false), (1, true), (1, false), (2, true)].map {
        Member(group: $0.0, isPositive: $0.1)
      }, [[[4, 0]], [[6, 2]], [[1, 1]], [[10, 10]], [[8, 13]], [[1000, -1000]]])
    let found = activations.difference()?[0] ?? []
    #expect(abs(found[0] - 22.0 / 7) < 1e-12)
    #expect(abs(found[1] + 9.0 / 7) < 1e-12)
    #expect(activations.counts == (3, 2))
  }

  @Test("Without a group of both classes there is no direction")
  func none() {
    let activations = LabelledActivations(
      [Member(group: 0, isPositive: true), Member(group: 1, isPositive: false)], [[[1]], [[2]]])
    #expect(activations.difference() == nil)
  }

  /// Pairs that all move by (3, 0, …, 0), with noise of deviation 1 in every channel.
  private func pairs(_ count: Int, width: Int, _ stream: inout RandomStream) -> LabelledActivations
  {
    var members: [Member] = []
    var rows: [[[Float]]] = []
    for group in 0..<count {
      let common = (0..<width).map { _ in 5 * stream.normal() }
      for isPositive in [true, false] {
        members.append(Member(group: group, isPositive: isPositive))
        rows.append([
          common.enumerated().map { channel, value in
            Float(value + stream.normal() + (isPositive && channel == 0 ? 3 : 0))
          }
        ])
      }
    }
    return LabelledActivations(members, rows)
  }

  @Test("Controls are as long as the direction and do not contain it")
  func controls() throws {
    var stream = RandomStream(seed: 5, "controls")
    let width = 24
    let activations = pairs(200, width: width, &stream)
    let direction = try #require(activations.difference())
    #expect(abs(direction[0][0] - 3) < 0.3)
    let controls = ControlDirections(
      against: direction, of: activations, count: 400, &stream)
    for kind in ControlKind.allCases {
      let cosines = try #require(controls.vectors[kind]).map { control in
        #expect(abs(control[0].length - direction[0].length) < 1e-9)
        return control[0].cosine(with: direction[0]) ?? 1
      }
      // Of random directions in d channels cos² is 1/d in the mean.
      let mean = cosines.reduce(0) { $0 + $1 * $1 } / Double(cosines.count)
      #expect(mean < 2 / Double(width), "\(kind): \(mean)")
    }
  }

  @Test("Controls by covariance lie where activations are spread")
  func covariance() throws {
    var stream = RandomStream(seed: 6, "covariance")
    var rows: [[[Float]]] = []
    var members: [Member] = []
    for index in 0..<300 {
      // The first channel is spread ten times as wide.
      rows.append([[Float(10 * stream.normal()), Float(stream.normal()), Float(stream.normal())]])
      members.append(Member(group: index % 3, isPositive: index % 2 == 0))
    }
    let activations = LabelledActivations(members, rows)
    let squares = (0..<500).map { _ in
      let draw = activations.covarianceDraw(&stream)[0]
      return draw.map { $0 * $0 }
    }
    func mean(_ channel: Int) -> Double { squares.reduce(0) { $0 + $1[channel] } / 500 }
    let ratio = mean(0) / mean(1)
    #expect((70...140).contains(ratio), "\(ratio)")
  }
}
