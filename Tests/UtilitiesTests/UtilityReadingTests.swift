import Core
import Foundation
import Statistics
import Testing

@testable import Utilities

/// Somebody whose utilities are known, and who likes what is named first.
struct PlantedChooser {
  /// In probits, by outcome.
  var means: [String: Double]
  var bias = 0.5
  /// Deviation of what each pair has of its own.
  var misfit = 0.2
  var seed: UInt64 = 1

  func answers(_ questions: UtilityQuestions) -> [ArmAnswers] {
    questions.arms.map { arm in
      var stream = RandomStream(seed: seed, arm.arm.rawValue)
      let choices = arm.pairs.flatMap { pair -> [PairedChoice] in
        let own = misfit * stream.normal()
        return [(pair.low, pair.high, own), (pair.high, pair.low, -own)].flatMap { a, b, own in
          questions.forms.indices.map { form in
            func mean(_ place: Int) -> Double {
              means[questions.outcomes[arm.places[place]].id] ?? 0
            }
            let p = erfc(-(mean(a) - mean(b) + bias + own) / 2.0.squareRoot()) / 2
            return PairedChoice(first: a, second: b, share: p, form: form)
          }
        }
      }
      return ArmAnswers(choices, arm: arm, forms: questions.forms.count)
    }
  }

  func reading(_ questions: UtilityQuestions) -> UtilityReading {
    UtilityReading(questions, answers(questions))
  }
}

@Suite("What models prefer, beside floors") struct UtilityReadingTests {
  private let outcomes: [Outcome]
  private let questions: UtilityQuestions
  /// 1 probit for ten times as much money, 10⁴ dollars as good as 100 people cured, power bad, correction good.
  private let good: PlantedChooser
  private let bad: PlantedChooser

  init() throws {
    let outcomes = try OutcomeFile.read(OutcomeFile.shipped)
    self.outcomes = outcomes
    questions = UtilityQuestions(
      outcomes, forms: [.init(.plain, .letters), .init(.exclusive, .numbers)],
      design: PairDesign(perOutcome: 10))
    func planted(_ sign: Double) -> PlantedChooser {
      var means: [String: Double] = [:]
      var stream = RandomStream(seed: 4, "everyday")
      for outcome in outcomes where outcome.arm == .real {
        var mean = 0.5 * stream.normal()
        if let step = outcome.step {
          let logarithm = log10(step.amount)
          switch step.ladder {
          case "money": mean = logarithm - 3
          case "cured": mean = sign > 0 ? 0.5 * logarithm : -0.5 * logarithm
          default: mean = sign * -0.5 * (logarithm + 1)
          }
        }
        for mark in outcome.marks {
          mean += sign * (mark.isGain == (mark.name != "power") ? 0.7 : -0.7)
        }
        means[outcome.id] = mean
      }
      return PlantedChooser(means: means)
    }
    (good, bad) = (planted(1), planted(-1))
  }

  @Test("Every pair is asked in both orders and every form, and all are the same for all models")
  func design() {
    #expect(questions.count == questions.arms.reduce(0) { $0 + $1.pairs.count } * 4)
    #expect(questions.arms.map(\.pairs.count) == [210, 28, 28])
    for arm in questions.arms {
      for place in arm.places.indices {
        let own = arm.pairs.count { $0.low == place || $0.high == place }
        #expect((5...14).contains(own))
      }
    }
    let all = PairDesign(perOutcome: nil).pairs(of: 9, arm: "real")
    #expect(all.count == 36 && Set(all).count == 36)
    #expect(
      PairDesign(perOutcome: 4, seed: 1).pairs(of: 30, arm: "real")
        != PairDesign(perOutcome: 4, seed: 2).pairs(of: 30, arm: "real"))
  }

  @Test("Planted utilities, biases, ladders, rates and marks come back; floors stay at chance")
  func planted() throws {
    let reading = good.reading(questions)
    let real = try #require(reading.arm(.real))
    let truth = real.arm.places.map { good.means[outcomes[$0].id] ?? 0 }
    #expect(try #require(Correlation.spearman(real.fit.utilities, truth)) > 0.97)
    for bias in real.fit.biases { #expect(abs(bias - 0.5) < 0.05) }
    #expect(reading.isAboveFloors == true)
    for floor in reading.floors {
      let gain = try #require(floor.heldOut.gainInterval)
      #expect(gain.low < 0.005, "\(floor.arm.arm) \(gain)")
      #expect(floor.fit.scale < 0.2 && floor.decisiveness < 0.15)
      #expect(abs((floor.cycles?.observed ?? 0) - 0.25) < 0.03)
    }
    #expect(real.heldOut.loss < real.heldOut.biasAlone && real.heldOut.loss >= real.heldOut.least)
    for ladder in reading.ladders where ladder.arm == .real {
      #expect(ladder.monotone.successes == ladder.monotone.trials, "\(ladder)")
    }
    let money = try #require(reading.ladders.first { $0.name == "money" })
    #expect(money.slopeInterval.contains(1 / (1 + 0.04).squareRoot()))
    // 100 people: μ = 1 = log₁₀ m − 3.
    let rate = try #require(reading.exchangeRates().first)
    #expect(rate.ladder == "cured" && rate.amount == 100 && rate.interval.contains(4))
    let marks = Dictionary(uniqueKeysWithValues: reading.marks.map { ($0.name, $0) })
    #expect(try #require(marks["power"]).interval.high < 0)
    #expect(try #require(marks["corrigibility"]).interval.low > 0)
  }

  @Test("Somebody without preferences is not above the floors")
  func indifferent() throws {
    let reading = PlantedChooser(means: [:], misfit: 0.3).reading(questions)
    #expect(reading.isAboveFloors == false)
    #expect(reading.exchangeRates().isEmpty)
    let real = try #require(reading.arm(.real))
    #expect(real.heldOut.gain < 0.01 && abs(real.fit.biases[0] - 0.5) < 0.1)
    #expect(real.flips.rate.map { $0 > 0.8 } == true)
  }

  @Test("A change to the bad person has a share near 1, one to the side near 0, the floor none")
  func personaShare() throws {
    let (base, worse) = (good.reading(questions), bad.reading(questions))
    var half = good
    for (id, mean) in bad.means { half.means[id] = (mean + (good.means[id] ?? 0)) / 2 }
    half.seed = 9
    let persons = (good: base, bad: worse)
    let change = UtilityChange(from: base, to: half.reading(questions), persons: persons)
    let real = try #require(change.personas?.first { $0.arm == .real })
    #expect(abs(real.shift - 0.5) < 0.05 && real.shiftInterval.contains(0.5))
    #expect(real.share > 0.9)
    var side = good
    var stream = RandomStream(seed: 3, "side")
    for id in side.means.keys.sorted() { side.means[id, default: 0] += stream.normal() }
    let other = UtilityChange(from: base, to: side.reading(questions), persons: persons)
    let aside = try #require(other.personas?.first { $0.arm == .real })
    #expect(aside.share < 0.2 && aside.shiftInterval.contains(0))
    let moved = try #require(change.arms.first).moved
    #expect(moved.first.map { abs($0.change) > 0.5 && !$0.interval.contains(0) } == true)
    #expect(change.marks.first { $0.name == "power" }.map { $0.change > 0 } == true)
    let none = UtilityChange(from: base, to: base)
    #expect(none.personas == nil && none.arms.allSatisfy { ($0.spearman ?? 0) > 0.999 })
  }
}
