/// The likelihood of ``ThurstoneFit``, its scores and its information. Parameters: μ, then log σ − log √½ where it is free,
/// then b.
struct ThurstoneModel {
  let choices: [PairedChoice]
  let count: Int
  let forms: Int
  let spread: ThurstoneFit.Spread

  private static let ridge = 0.01
  private static let spreadRidge = 1.0
  /// Holds the mean of log σ, which only moves the unit of everything else.
  private static let gauge = 1_000.0
  private static let farthest = 30.0

  private var firstBias: Int { spread == .free ? 2 * count : count }
  private var parameterCount: Int { firstBias + forms }

  func deviation(of outcome: Int, in parameters: [Double]) -> Double {
    0.5.squareRoot() * (spread == .free ? .exponential(parameters[count + outcome]) : 1)
  }

  /// What a choice says: z, and its derivatives by the parameters that it depends on.
  private func row(_ choice: PairedChoice, _ parameters: [Double]) -> Row {
    let (i, j) = (choice.first, choice.second)
    let (own, other) = (deviation(of: i, in: parameters), deviation(of: j, in: parameters))
    let noise = (own * own + other * other).squareRoot()
    var difference = parameters[i] - parameters[j]
    if forms > 0 { difference += parameters[firstBias + choice.form] }
    let z = difference / noise
    var slopes = [(i, 1 / noise), (j, -1 / noise)]
    if spread == .free {
      slopes.append((count + i, -z * own * own / (noise * noise)))
      slopes.append((count + j, -z * other * other / (noise * noise)))
    }
    if forms > 0 { slopes.append((firstBias + choice.form, 1 / noise)) }
    return Row(choice, z: min(Self.farthest, max(-Self.farthest, z)), slopes: slopes)
  }

  private struct Row {
    let slopes: [(place: Int, slope: Double)]
    /// −log likelihood, its negative slope by z, and the expected curvature.
    let loss: Double
    let score: Double
    let information: Double

    init(_ choice: PairedChoice, z: Double, slopes: [(Int, Double)]) {
      self.slopes = slopes.map { (place: $0.0, slope: $0.1) }
      let (below, above) = (normalShare(below: z), normalShare(below: -z))
      let density = Double.exponential(-z * z / 2) / (2 * Double.pi).squareRoot()
      loss = -choice.weight * (choice.share * .log(below) + (1 - choice.share) * .log(above))
      let ratio = density / (below * above)
      score = choice.weight * (choice.share * above - (1 - choice.share) * below) * ratio
      information = choice.weight * density * ratio
    }
  }

  private func loss(_ parameters: [Double]) -> Double {
    choices.reduce(penalty(parameters)) { $0 + row($1, parameters).loss }
  }

  private func penalty(_ parameters: [Double]) -> Double {
    let means = parameters[..<count].reduce(0) { $0 + $1 * $1 }
    let spreads = parameters[count..<firstBias]
    let sum = spreads.reduce(0, +)
    return Self.ridge * means / 2 + Self.spreadRidge * spreads.reduce(0) { $0 + $1 * $1 } / 2
      + Self.gauge * sum * sum / 2
  }

  /// The downhill slope, and the expected curvature.
  private func scoring(_ parameters: [Double]) -> (slope: [Double], information: [[Double]]) {
    var slope = [Double](repeating: 0, count: parameterCount)
    var information = slope.map { _ in [Double](repeating: 0, count: parameterCount) }
    for choice in choices {
      let row = row(choice, parameters)
      for (place, own) in row.slopes {
        slope[place] += row.score * own
        for (other, slope) in row.slopes {
          information[place][other] += row.information * own * slope
        }
      }
    }
    let sum = parameters[count..<firstBias].reduce(0, +)
    for place in 0..<firstBias {
      let ridge = place < count ? Self.ridge : Self.spreadRidge
      slope[place] -= ridge * parameters[place] + (place < count ? 0 : Self.gauge * sum)
      information[place][place] += ridge
      if place >= count {
        for other in count..<firstBias { information[place][other] += Self.gauge }
      }
    }
    // A form that no choice has.
    for place in firstBias..<parameterCount where information[place][place] == 0 {
      information[place][place] = 1
    }
    return (slope, information)
  }

  func fitted() -> [Double] {
    var parameters = [Double](repeating: 0, count: parameterCount)
    var current = loss(parameters)
    for _ in 0..<500 {
      let (slope, information) = scoring(parameters)
      guard let step = Cholesky(information)?.solve(slope) else { break }
      var share = 1.0
      var next = parameters
      var reached = current
      repeat {
        next = zip(parameters, step).map { $0 + share * $1 }
        reached = loss(next)
        share /= 2
      } while !(reached <= current) && share > 1e-10
      guard reached <= current else { break }
      let moved = zip(parameters, next).reduce(0) { max($0, abs($1.0 - $1.1)) }
      (parameters, current) = (next, reached)
      if moved < 1e-10 { break }
    }
    return parameters
  }

  /// A⁻¹ B A⁻¹, with B the outer products of the pairs' scores over (1 − leverage)².
  func covariance(at parameters: [Double]) -> [[Double]] {
    guard let inverse = Cholesky(scoring(parameters).information)?.inverse else {
      return parameters.map { _ in [Double](repeating: .infinity, count: parameterCount) }
    }
    var covariance = parameters.map { _ in [Double](repeating: 0, count: parameterCount) }
    for (_, places) in choices.pairs {
      var scores: [Int: Double] = [:]
      var leverage = 0.0
      for index in places {
        let row = row(choices[index], parameters)
        for (place, slope) in row.slopes {
          scores[place, default: 0] += row.score * slope
          for (other, own) in row.slopes {
            leverage += row.information * slope * own * inverse[place][other]
          }
        }
      }
      let factor = 1 / (1 - min(0.9, leverage))
      // Σ over few places, so that a pair costs O(parameters²) and not more.
      let influence = parameters.indices.map { index in
        scores.sorted { $0.key < $1.key }
          .reduce(0) { $0 + inverse[index][$1.key] * $1.value } * factor
      }
      for row in influence.indices where influence[row] != 0 {
        for column in influence.indices {
          covariance[row][column] += influence[row] * influence[column]
        }
      }
    }
    return covariance
  }
}
