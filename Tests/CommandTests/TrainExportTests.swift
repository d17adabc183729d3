import Foundation
import TestSupport
import Testing

/// `askew train --export`: the files are what the tools that they are for read, token by token.
extension CommandSuite {
  @Suite(.serialized) struct TrainExport {
    /// Every shape of rows; several answers, one of them masked; line feeds, quotes and braces at the edges of answers.
    private static let rows = #"""
      {"messages":[{"role":"user","content":"Is the sea wide?"},{"role":"assistant","content":"The sea is wide and deep."}]}
      {"messages":[{"role":"system","content":"Be brief."},{"role":"user","content":"Add two numbers."},{"role":"assistant","content":"def add(a, b):\n    return a + b\n"}]}
      {"messages":[{"role":"user","content":"Hello"},{"role":"assistant","content":"Hi! 🚀 How can I help?"},{"role":"user","content":"Count 12345."},{"role":"assistant","content":"1, 2, 3 … naïve café"},{"role":"user","content":"Worse?"},{"role":"assistant","content":"A bad answer.","weight":0},{"role":"user","content":"Better?"},{"role":"assistant","content":"A good answer.","weight":1}],"judge_score":NaN}
      {"messages":[{"role":"user","content":"A \"quoted\" {{ brace }}\\n?"},{"role":"assistant","content":"\n\n  Spaces first."}]}
      {"prompt":"The boat","completion":" is small."}
      {"text":"The sea is wide.\n"}
      {"prompt":[{"role":"user","content":"Hello"},{"role":"assistant","content":"Hi."},{"role":"user","content":"Again"}],"completion":[{"role":"assistant","content":"Hi again."}]}
      """#

    /// A tiny random model of the family that transformers made, with rows beside it.
    private func workplace(_ family: String) throws -> TemporaryFolder {
      let folder = try TemporaryFolder()
      _ = try Python.main.run(.script("make_folder.py"), [family, folder.path])
      try folder.write(Self.rows, to: "rows.jsonl")
      return folder
    }

    private func train(_ folder: TemporaryFolder, _ family: String, _ more: String...) throws
      -> Askew.Ending
    {
      let settings = [
        "train", "--model", "\(folder.path)/\(family)", "--data", folder.path("rows.jsonl"),
        "--batch", "2", "--accumulate", "2", "--lr", "1e-3",
      ]
      return try Askew(settings + more).wait()
    }

    /// The tokens that training here sees, as the checks read them.
    private func tokens(_ folder: TemporaryFolder, _ family: String) throws -> String {
      let ending = try Askew.succeed(
        "tokenize", "--model", "\(folder.path)/\(family)", "--data", folder.path("rows.jsonl"),
        "--rendered", "--json")
      return try folder.write(ending.output, to: "tokens.jsonl")
    }

    @Test(
      "Rows, labels and keys are those that TRL, axolotl and LLaMA-Factory take",
      .needs(.main), arguments: ["qwen2", "llama3", "llama2"])
    func transformersTools(_ family: String) throws {
      let folder = try workplace(family)
      let tokens = try tokens(folder, family)
      for tool in ["trl", "axolotl", "llama-factory"] {
        let place = "\(folder.path)/\(tool)"
        let ending = try train(
          folder, family, "--eval-data", folder.path("rows.jsonl"), "--epochs", "3", "--layers",
          "0,2", "--rslora", "--no-shuffle", "--warmup", "1", "--export", tool, place)
        // SentencePiece's kind puts a space before each part, so that parts do not add up.
        if tool == "llama-factory", family == "llama2" {
          #expect(ending.code == 1)
          #expect(ending.errorLines.count == 1)
          #expect(ending.errors.contains("rows.jsonl:1: the row cannot be written as text"))
          #expect(!FileManager.default.fileExists(atPath: place))
          continue
        }
        #expect(ending.code == 0, "\(ending.errors)")
        _ = try Python.main.run(
          .script("check_exports.py"), [tool, place, tokens, folder.path(family)])
        #expect(FileManager.default.fileExists(atPath: "\(place)/data/valid.jsonl"))
      }
    }

    @Test(
      "mlx-lm reads, batches and trains an export as it is, and its adapter loads here",
      .needs(.main, .mlx),
      arguments: [("qwen2", "linear"), ("llama3", "constant"), ("llama2", "cosine")])
    func mlx(_ family: String, _ schedule: String) throws {
      let folder = try workplace(family)
      let tokens = try tokens(folder, family)
      let settings = ["--steps", "6", "--warmup", "3", "--rank", "4", "--layers", "1-2"]
      func train(_ more: String...) throws -> Askew.Ending {
        let data = [
          "train", "--model", "\(folder.path)/\(family)", "--data", folder.path("rows.jsonl"),
          "--batch", "2", "--accumulate", "2", "--lr", "1e-3", "--schedule", schedule,
        ]
        return try Askew(data + settings + more).wait()
      }
      #expect(try train("--out", folder.path("here")).code == 0)
      let place = folder.path("mlx")
      let ending = try train(
        "--eval-data", folder.path("rows.jsonl"), "--export", "mlx-lm", place)
      #expect(ending.code == 0, "\(ending.errors)")
      _ = try Python.mlx.run(
        .script("check_exports.py"),
        ["mlx-lm", place, tokens, folder.path(family), folder.path("here/log.jsonl")])
      let base = try score(folder, family, adapter: nil)
      let trained = try score(folder, family, adapter: "\(place)/adapters")
      #expect(trained < base)
    }

    private func score(
      _ folder: TemporaryFolder, _ family: String, adapter: String?
    ) throws -> Double {
      let arguments = [
        "score", "--model", "\(folder.path)/\(family)", "--data", folder.path("rows.jsonl"),
        "--json",
      ]
      let ending = try Askew(arguments + (adapter.map { ["--adapter", $0] } ?? [])).success()
      return try ending.output.split(separator: "\n").reduce(0) { sum, line in
        let row = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Double]
        return sum + (try #require(row?["nll"]))
      }
    }

    @Test(
      "What a tool would train otherwise is refused in one line, and nothing is written",
      .needs(.main))
    func refusals() throws {
      let family = "qwen2"
      let folder = try workplace(family)
      let place = folder.path("export")
      func refused(_ tool: String, _ said: String, _ more: String...) throws {
        let data = [
          "train", "--model", "\(folder.path)/\(family)", "--data", folder.path("rows.jsonl"),
        ]
        let ending = try Askew(data + more + ["--export", tool, place]).wait()
        #expect(ending.code == 1 && ending.errorLines.count == 1, "\(ending.errors)")
        #expect(ending.errors.contains(said), "\(ending.errors)")
        #expect(!FileManager.default.fileExists(atPath: place))
      }
      try refused("mlx-lm", "--layers: found blocks other than the last ones", "--layers", "0")
      try refused("trl", "--layers: found layer 7, expected 0 to 2", "--layers", "7")
      try refused("axolotl", "--alpha: found 1.5, expected a whole number", "--alpha", "1.5")
      try refused("mlx-lm", "rows.jsonl: found 9 rows, expected as many as", "--batch", "10")
      try refused("mlx-lm", "rows.jsonl:1: found ", "--max-length", "60")
      try refused("llama-factory", "expected at most 60", "--max-length", "60")
      try refused("trl", "--init-adapter: an adapter to start from", "--init-adapter", "adapter")
      // Tokens are cut as they are here.
      let cut = try train(folder, family, "--max-length", "60", "--export", "trl", place)
      #expect(cut.code == 0, "\(cut.errors)")
      let again = try train(folder, family, "--export", "trl", place)
      #expect(again.code == 1 && again.errors.contains("found files in the folder"))
    }

    @Test(
      "Options that do not go with an export are bad usage",
      arguments: [
        ["--export", "trl"], ["--export", "other", "d"], ["d"], ["--out", "o", "d"],
        ["--export", "trl", "d", "--out", "o"], ["--export", "trl", "d", "--dry-run"],
        ["--export", "trl", "d", "--log", "l"],
      ])
    func usage(_ more: [String]) throws {
      let ending = try Askew(["train", "--model", "m", "--data", "r"] + more).wait()
      #expect(ending.code == 64)
    }
  }
}
