import Anatomy
import Core
import Engine
import Formats
import Testing

/// Planes of weights, against what can be worked out by hand.
@Suite("Planes of weights")
struct WeightPlaneTests {
  private static let shape = ModelConfiguration(
    vocabularySize: 12, hiddenSize: 8, intermediateSize: 16, layerCount: 1, headCount: 2)

  private func model(_ seed: UInt64) -> Model { .random(Self.shape, seed: seed) }

  private func values(_ model: Model) -> [Float] {
    model.layout.slots.flatMap { slot in slot.range.map { model.weights.floats[$0] } }
  }

  @Test("Corners are the models to the bit, and stand where they should")
  func corners() throws {
    let models = [1, 2, 3].map(model)
    let plane = WeightPlane(through: models)
    #expect(plane.isPlane)
    for (point, model) in zip(plane.points.prefix(2), models) {
      #expect(values(plane.model(at: point)) == values(model))
    }
    // The third is where sums of products put it: right to rounding.
    let third = values(plane.model(at: plane.points[2]))
    #expect(zip(third, values(models[2])).allSatisfy { abs($0 - $1) < 1e-6 })
    for (point, model) in zip(plane.points, models) {
      let place = plane.place(of: model)
      #expect(abs(place.point.x - point.x) < 1e-6 && abs(place.point.y - point.y) < 1e-6)
      #expect(place.offPlane < 1e-6)
    }
  }

  @Test("Distances in the plane are distances of weights")
  func distances() {
    let models = [1, 2, 3].map(model)
    let plane = WeightPlane(through: models)
    func distance(_ a: Model, _ b: Model) -> Double {
      zip(values(a), values(b)).reduce(0) { $0 + Double($1.0 - $1.1) * Double($1.0 - $1.1) }
        .squareRoot()
    }
    #expect(abs(plane.length - distance(models[0], models[1])) < 1e-6)
    let third = plane.points[2]
    let drawn = ((third.x - 1) * (third.x - 1) + third.y * third.y).squareRoot() * plane.length
    #expect(abs(drawn - distance(models[1], models[2])) < 1e-5)
  }

  @Test("A model beside the plane says how much of it leaves")
  func beside() {
    let models = [1, 2, 3].map(model)
    let plane = WeightPlane(through: models)
    // Half-way to a fourth: random differences are nearly at right angles to each other.
    let other = plane.place(of: model(4))
    #expect((0.3...0.9).contains(other.offPlane))
    #expect(plane.place(of: models[0]).offPlane == 0)
    let inside = plane.place(of: plane.model(at: .init(x: 0.3, y: -0.4)))
    #expect(abs(inside.point.x - 0.3) < 1e-5 && abs(inside.point.y + 0.4) < 1e-5)
    #expect(inside.offPlane < 1e-5)
  }

  @Test("Three models on a line span no plane")
  func line() {
    let (one, other) = (model(1), model(2))
    let middle = WeightPlane.mixed([one, other], shares: [0.5, 0.5])
    let plane = WeightPlane(through: [one, other, middle])
    #expect(!plane.isPlane)
    #expect(abs(plane.third.x - 0.5) < 1e-6)
    #expect(!WeightPlane(through: [one, one, one]).isPlane)
  }

  @Test("Axes by chance are as long as asked, row by row in the model's proportions")
  func chance() {
    let own = model(1)
    var stream = RandomStream(seed: 3, "axes")
    let plane = WeightPlane(byChanceThrough: own, length: 0.5, &stream)
    #expect(abs(plane.length - 0.5) < 1e-4)
    let end = plane.model(at: .init(x: 1, y: 0))
    var ratios: [Double] = []
    for slot in own.layout.slots {
      let (a, b) = (own.weights.floats + slot.offset, end.weights.floats + slot.offset)
      guard slot.shape.count == 2 else {
        #expect((0..<slot.count).allSatisfy { a[$0] == b[$0] }, "\(slot.name) moved")
        continue
      }
      let width = slot.shape[1]
      for row in 0..<slot.shape[0] {
        let places = row * width..<(row + 1) * width
        let length = places.map { Double(a[$0]) }.length
        ratios.append(places.map { Double(b[$0] - a[$0]) }.length / length)
      }
    }
    let mean = ratios.reduce(0, +) / Double(ratios.count)
    #expect(ratios.allSatisfy { abs($0 / mean - 1) < 1e-3 })
  }

  @Test("Weights kept in half are the same in full")
  func halves() {
    let half = Model.random(Self.shape, seed: 5, weightsIn: .bf16)
    let full = Model.random(Self.shape, seed: 5)
    let whole = half.inFull()
    #expect(whole.weightPrecision == .f32)
    for slot in full.layout.slots {
      for i in slot.range {
        let (a, b) = (whole.weights.floats[i], full.weights.floats[i])
        #expect(abs(a - b) <= abs(b) / 128)
      }
    }
  }
}
