import Core
import Documents
import Engine
import Formats
import Foundation
import TestSupport
import Testing

/// What Askew writes, read by the real libraries.
@Suite("Trained models in the real libraries", .needs(.main))
struct EngineCounterpartTests {
  private struct Report: Decodable {
    let sequences: Int
    let problems: [String]
  }

  @Test(
    "transformers and PEFT give the logits of what was trained here",
    arguments: TinyModels.names)
  func folders(name: String) throws {
    let model = TinyModels.model(name)
    let adapter = try TinyModels.adapter(
      LoRAConfiguration(
        rank: 3, alpha: 5, rankStabilised: true, targets: [.query, .output, .down], layers: [1]),
      model)
    try withPool(2) { pool in
      for adapter in [nil, adapter] {
        let trainer = try Trainer(
          model: model, adapter: adapter,
          configuration: TrainingConfiguration(steps: 4, learningRate: 1e-2), pool: pool,
          longest: 11)
        for _ in 0..<4 { _ = try trainer.step(TinyModels.batch()) }
      }
    }
    let sequences = TinyModels.batch(3).map(\.tokens)
    try withTemporaryFolder { path in
      let base = ModelFolder(path: path + "/base"), adapted = ModelFolder(path: path + "/adapter")
      try model.save(to: base)
      try adapter.save(to: adapted, baseModel: base.path)
      let ids: JSON = ["sequences": .array(sequences.map { .array($0.map { .integer(Int($0)) }) })]
      try ids.write(to: path + "/ids.json")
      for adapter in [nil, adapter] {
        try Logits.write(
          sequences.map { try model.logits(of: $0, adapter: adapter) }, vocabulary: 19,
          to: path + "/logits")
        let report: Report = try Python.main.report(
          .script(adapter == nil ? "check_with_transformers.py" : "check_adapter_with_peft.py"),
          [base.path] + (adapter == nil ? [] : [adapted.path]) + [
            "\(path)/ids.json", "\(path)/logits",
          ])
        #expect(report.problems == [])
        #expect(report.sequences == 3)
      }
    }
  }

  @Test(
    "transformers gives a merged folder's logits, and PEFT merges to the same weights",
    arguments: TinyModels.names)
  func merged(name: String) throws {
    let model = TinyModels.model(name)
    let adapter = try TinyModels.adapter(
      LoRAConfiguration(rank: 3, alpha: 5, rankStabilised: true), model)
    let sequences = TinyModels.batch(3).map(\.tokens)
    try withTemporaryFolder { path in
      let base = ModelFolder(path: path + "/base"), adapted = ModelFolder(path: path + "/adapter")
      try model.save(to: base)
      try adapter.save(to: adapted, baseModel: base.path)
      try AdapterMerge(model: base, adapter: adapted.path, output: path + "/merged").run()
      let ids: JSON = ["sequences": .array(sequences.map { .array($0.map { .integer(Int($0)) }) })]
      try ids.write(to: path + "/ids.json")
      let logits = try sequences.map { try model.logits(of: $0, adapter: adapter) }
      try Logits.write(logits, vocabulary: 19, to: path + "/logits")
      let report: Report = try Python.main.report(
        .script("check_adapter_with_peft.py"),
        [
          base.path, adapted.path, path + "/ids.json", path + "/logits", "--merged",
          path + "/merged",
        ])
      #expect(report.problems == [])
    }
  }
}
