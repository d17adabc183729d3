import Engine
import Formats
import Testing

/// A matrix in 64 bits, the plainest way.
private struct PlainMatrix {
  var rows: Int
  var columns: Int
  var values: [Double]

  subscript(i: Int, j: Int) -> Double { values[i * columns + j] }

  static func * (a: PlainMatrix, b: PlainMatrix) -> PlainMatrix {
    var result = PlainMatrix(
      rows: a.rows, columns: b.columns, values: Array(repeating: 0, count: a.rows * b.columns))
    for i in 0..<a.rows {
      for j in 0..<b.columns {
        for k in 0..<a.columns { result.values[i * b.columns + j] += a[i, k] * b[k, j] }
      }
    }
    return result
  }

  static func + (a: PlainMatrix, b: PlainMatrix) -> PlainMatrix {
    var result = a
    for i in a.values.indices { result.values[i] += b.values[i] }
    return result
  }

  static func * (a: Double, b: PlainMatrix) -> PlainMatrix {
    PlainMatrix(rows: b.rows, columns: b.columns, values: b.values.map { a * $0 })
  }

  var transposed: PlainMatrix {
    var result = PlainMatrix(rows: columns, columns: rows, values: values)
    for i in 0..<columns { for j in 0..<rows { result.values[i * rows + j] = self[j, i] } }
    return result
  }

  /// Always with XXᵀ, whichever side is longer: the other way round it is the same.
  var orthogonalised: PlainMatrix {
    let norm = values.reduce(0) { $0 + $1 * $1 }.squareRoot() + 1e-7
    var x = (1 / norm) * self
    for _ in 0..<5 {
      let gram = x * x.transposed
      x = 3.4445 * x + (-4.775 * gram + 2.0315 * (gram * gram)) * x
    }
    return x
  }
}

@Suite("Muon")
struct MuonTests {
  @Test("Two steps are the update of the paper, in 64 bits, on matrices of either shape")
  func updates() throws {
    try withPool(2) { pool in
      let model = TinyModels.model("tied")
      var c = TrainingConfiguration(steps: 2, learningRate: 1e-2)
      (c.schedule, c.clipNorm, c.weightDecay) = (.constant, 0, 0.1)
      c.muon = MuonConfiguration(learningRate: 3e-3)
      let trainer = try Trainer(model: model, configuration: c, pool: pool, longest: 11)
      let matrices = model.layout.slots.filter { $0.name.hasSuffix("proj.weight") }
      #expect(Set(matrices.map { $0.shape[0] > $0.shape[1] }).count == 2)
      var means: [String: PlainMatrix] = [:]
      for _ in 0..<2 {
        let before = model.copy()
        let gradients = trainer.gradients(TinyModels.batch())
        _ = try trainer.step(TinyModels.batch())
        for slot in matrices {
          let gradient = try PlainMatrix(
            rows: slot.shape[0], columns: slot.shape[1],
            values: #require(gradients[slot.name]).map(Double.init))
          let mean = means[slot.name].map { 0.95 * $0 + gradient } ?? gradient
          means[slot.name] = mean
          let direction = (gradient + 0.95 * mean).orthogonalised
          let step = 0.2 * 3e-3 * Double(max(slot.shape[0], slot.shape[1])).squareRoot()
          for (i, place) in slot.range.enumerated() {
            let expected =
              (1 - 3e-3 * 0.1) * Double(before.weights.floats[place]) - step * direction.values[i]
            #expect(abs(Double(model.weights.floats[place]) - expected) < 2e-6, "\(slot.name) \(i)")
          }
        }
      }
    }
  }

  @Test("Tables and norms are trained as without it")
  func others() throws {
    try withPool(2) { pool in
      let models = try [true, false].map { usesMuon in
        let model = TinyModels.model("tied")
        var c = TrainingConfiguration(steps: 1, learningRate: 1e-2)
        if usesMuon { c.muon = MuonConfiguration(learningRate: 3e-3) }
        let trainer = try Trainer(model: model, configuration: c, pool: pool, longest: 11)
        _ = try trainer.step(TinyModels.batch())
        return model
      }
      for slot in models[0].layout.slots {
        let same = slot.range.allSatisfy {
          models[0].weights.floats[$0] == models[1].weights.floats[$0]
        }
        #expect(same == !slot.name.hasSuffix("proj.weight"), "\(slot.name)")
      }
    }
  }

  @Test("The result does not depend on the number of threads")
  func determinism() throws {
    let results = try [1, 3].map { threads in
      try withPool(threads) { pool in
        let model = TinyModels.model("tied")
        var c = TrainingConfiguration(steps: 4, learningRate: 1e-2)
        c.muon = MuonConfiguration(learningRate: 3e-3)
        let trainer = try Trainer(model: model, configuration: c, pool: pool, longest: 11)
        for _ in 0..<4 { _ = try trainer.step(TinyModels.batch()) }
        return (0..<model.weights.count).map { model.weights.floats[$0] }
      }
    }
    #expect(results[0] == results[1])
  }
}
