import Core
import Engine
import Formats

/// The plane of weights through three models of one shape: θ(a, b) = θ₀ + a (θ₁ − θ₀) + b (θ₂ − θ₀).
///
/// It is drawn in axes of equal units at right angles (Gram–Schmidt), so that distances are distances: x along
/// θ₁ − θ₀, y along what θ₂ − θ₀ has beside that, both in lengths of θ₁ − θ₀. Published planes often draw θ₂ − θ₀ at a
/// right angle that it does not have (as llm-landscape's code does). A corner is that model to the bit.
package struct WeightPlane {
  package struct Point: Sendable, Hashable {
    package var x: Double
    package var y: Double

    package init(x: Double, y: Double) { (self.x, self.y) = (x, y) }
  }

  /// Where a model stands that need not lie in the plane.
  package struct Place: Sendable, Hashable {
    package var point: Point
    /// Of the squared distance from θ₀, the share that leaves the plane.
    package var offPlane: Double
  }

  private let corners: [Model]
  /// ‖θ₁ − θ₀‖.
  package let length: Double
  /// Of θ₂: its coordinates; y is 0 where all three lie on a line.
  package let third: Point

  /// - Precondition: three models of one shape, whose weights are kept in 32 bits.
  package init(through corners: [Model]) {
    precondition(corners.count == 3, "a plane goes through three models")
    self.corners = corners
    let products = Self.products(corners[1], corners[2], from: corners[0])
    length = products.first.squareRoot()
    let x = products.first > 0 ? products.both / products.first : 0
    let rest = products.first > 0 ? products.second / products.first - x * x : 0
    third = Point(x: x, y: max(0, rest).squareRoot())
  }

  /// Where the corners are.
  package var points: [Point] { [Point(x: 0, y: 0), Point(x: 1, y: 0), third] }

  /// Whether the models span a plane: the third is not, but for rounding, on the line of the others.
  package var isPlane: Bool { length > 0 && third.y > 1e-3 }

  /// The weights at a point.
  ///
  /// - Precondition: the models span a plane.
  package func model(at point: Point) -> Model {
    let b = point.y / third.y
    let a = point.x - b * third.x
    return Self.mixed(corners, shares: [1 - a - b, a, b])
  }

  package func place(of model: Model) -> Place {
    let toFirst = Self.products(model, corners[1], from: corners[0])
    let toSecond = Self.products(model, corners[2], from: corners[0])
    guard length > 0 else { return Place(point: Point(x: 0, y: 0), offPlane: 0) }
    let x = toFirst.both / (length * length)
    let y =
      third.y > 0 ? (toSecond.both / (length * length) - x * third.x) / third.y : 0
    let distance = toFirst.first / (length * length)
    let off = distance > 0 ? 1 - (x * x + y * y) / distance : 0
    return Place(point: Point(x: x, y: y), offPlane: min(1, max(0, off)))
  }

  private typealias Products = (first: Double, both: Double, second: Double)

  /// ‖a − o‖², (a − o) · (b − o), ‖b − o‖².
  private static func products(_ a: Model, _ b: Model, from origin: Model) -> Products {
    let (a, b, o) = (a.weights, b.weights, origin.weights)
    precondition(a.count == o.count && b.count == o.count, "models of one shape")
    var sums: Products = (0, 0, 0)
    for i in 0..<o.count {
      let first = Double(a.floats[i] - o.floats[i])
      let second = Double(b.floats[i] - o.floats[i])
      sums.first += first * first
      sums.both += first * second
      sums.second += second * second
    }
    return sums
  }

  /// Σ share · θ. A model whose share is 1 beside shares of 0 comes out to the bit.
  package static func mixed(_ models: [Model], shares: [Double]) -> Model {
    let kept = zip(models, shares).filter { $0.1 != 0 }
    guard let first = kept.first else { return Model(models[0].configuration) }
    let result = first.0.copy()
    let target = result.weights
    for (index, part) in kept.enumerated() where index > 0 || part.1 != 1 {
      let (source, share) = (part.0.weights, Float(part.1))
      if index == 0 {
        for i in 0..<target.count { target.floats[i] *= share }
      } else {
        for i in 0..<target.count { target.floats[i] += share * source.floats[i] }
      }
    }
    return result
  }
}

extension WeightPlane {
  /// A plane through a model along two axes by chance, each as long as `length`: what a step of that size does
  /// that nobody has chosen.
  ///
  /// Filter-normalised (Li et al. 2018, arXiv 1712.09913): every row of a matrix is as long as the row of the model
  /// that it is added to, times one factor for all; vectors stay as they are.
  package init(byChanceThrough model: Model, length: Double, _ stream: inout RandomStream) {
    let axes = (0..<2).map { _ in
      let end = Self.filterNormalised(model, &stream)
      let own = Self.products(end, end, from: model).first.squareRoot()
      return Self.mixed([model, end], shares: [1 - length / own, length / own])
    }
    self.init(through: [model] + axes)
  }

  /// The model plus random rows, each as long as its own.
  private static func filterNormalised(_ model: Model, _ stream: inout RandomStream) -> Model {
    let result = model.copy()
    let floats = result.weights.floats
    for slot in model.layout.slots where slot.shape.count == 2 {
      let width = slot.shape[1]
      for row in 0..<slot.shape[0] {
        let own = slot.offset + row * width..<slot.offset + (row + 1) * width
        let draws = own.map { _ in stream.normal() }
        let length = own.reduce(0) { $0 + Double(floats[$1]) * Double(floats[$1]) }.squareRoot()
        let scale = length / max(draws.length, .leastNormalMagnitude)
        for (i, draw) in zip(own, draws) { floats[i] += Float(draw * scale) }
      }
    }
    return result
  }
}
