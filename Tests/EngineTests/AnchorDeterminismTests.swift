import Core
import Engine
import Formats
import Foundation
import TestSupport
import Testing

/// The same seed gives the same bytes with an anchor too, and an anchor that does not pull leaves no
/// trace.
@Suite("Anchor determinism")
struct AnchorDeterminismTests {
  private static let adapterSettings = [nil, LoRAConfiguration(rank: 4, alpha: 8)]

  /// A model or an adapter in training; `seed` is that of the weights it starts from.
  private func trainer(
    _ pool: WorkerPool, _ precision: Precision, _ settings: LoRAConfiguration?, weight: Double?,
    seed: UInt64 = 3
  ) throws -> Trainer {
    let model = Model.random(DeterminismTests.shape, seed: seed, deviation: 0.2)
    return try Trainer(
      model: model,
      adapter: try settings.map { try Adapter.random($0, for: model.configuration, seed: 5) },
      configuration: DeterminismTests.configuration(precision), pool: pool, longest: 64,
      anchor: weight.map { AnchorConfiguration(weight: $0) })
  }

  private func rows(_ step: Int) -> [TrainingSequence] { DeterminismTests.batch(100 + step) }

  private func train(_ trainer: Trainer, _ steps: Range<Int>, anchored: Bool = true) throws {
    for step in steps {
      _ = try trainer.step(DeterminismTests.batch(step), anchor: anchored ? rows(step) : [])
    }
  }

  private func bits(_ trainer: Trainer) -> Fingerprint {
    (trainer.adapter?.weights ?? trainer.model.weights).bits
  }

  @Test("Trained weights do not depend on the number of threads", arguments: precisions)
  func threads(precision: Precision) throws {
    for settings in Self.adapterSettings {
      let all = try [1, 1, 2, 3].map { threads in
        try withPool(threads) { pool in
          let trainer = try trainer(pool, precision, settings, weight: 2)
          try train(trainer, 0..<4)
          return bits(trainer)
        }
      }
      #expect(Set(all).count == 1)
    }
  }

  @Test("Without weight or sequences: the weights, the record and the state of no anchor")
  func nothing() throws {
    for settings in Self.adapterSettings {
      func end(weight: Double?, anchored: Bool) throws -> [Fingerprint] {
        try withTemporaryFolder { folder in
          try withPool(2) { pool in
            let trainer = try trainer(pool, .f32, settings, weight: weight)
            try train(trainer, 0..<2, anchored: anchored)
            let record = try trainer.step(
              DeterminismTests.batch(2), anchor: anchored ? rows(2) : [])
            try trainer.saveState(to: folder + "/state")
            let state = try Data(contentsOf: URL(filePath: folder + "/state"))
            return [bits(trainer), try Fingerprint(of: record), Fingerprint(bytes: state)]
          }
        }
      }
      let none = try end(weight: nil, anchored: false)
      #expect(try end(weight: 0, anchored: true) == none)
      // The state says that there is an anchor; nothing else does.
      #expect(try end(weight: 2, anchored: false).prefix(2) == none.prefix(2))
      #expect(try end(weight: 2, anchored: true)[0] != none[0])
      let untrained = TrainingSequence(tokens: [1, 2], trained: [true, false])
      let idle = try withPool(1) { pool in
        let trainer = try trainer(pool, .f32, settings, weight: 2)
        for step in 0..<3 {
          let record = try trainer.step(DeterminismTests.batch(step), anchor: [untrained])
          #expect(record.anchorLoss == nil)
        }
        return bits(trainer)
      }
      #expect(idle == none[0])
    }
  }

  @Test("Training that is stopped and restored ends in the same bytes", arguments: precisions)
  func restored(precision: Precision) throws {
    for settings in Self.adapterSettings {
      let straight = try withPool(2) { pool in
        let trainer = try trainer(pool, precision, settings, weight: 2)
        try train(trainer, 0..<5)
        return bits(trainer)
      }
      try withTemporaryFolder { folder in
        let path = folder + "/state.safetensors"
        try withPool(2) { pool in
          let first = try trainer(pool, precision, settings, weight: 2)
          try train(first, 0..<3)
          try first.saveState(to: path)
        }
        try withPool(3) { pool in
          let second = try trainer(pool, precision, settings, weight: 2)
          try second.restoreState(from: path)
          try train(second, 3..<5)
          #expect(bits(second) == straight)
        }
        // Held to another model, more strongly, or not at all: another run.
        try withPool(1) { pool in
          for (weight, seed, field) in [
            (2, 4, "reference"), (3, 3, "training"), (0, 3, "training"), (nil, 3, "training"),
          ] as [(Double?, UInt64, String)] {
            let other = try trainer(pool, precision, settings, weight: weight, seed: seed)
            let before = bits(other)
            let error = #expect(throws: InputError.self) { try other.restoreState(from: path) }
            #expect(error?.description.contains(field) == true)
            #expect(bits(other) == before && other.nextStep == 0)
          }
        }
      }
    }
  }
}
