import Foundation
import Lab
import TestSupport
import Testing

extension CommandSuite {
  /// `training: {with: …}`: another program trains, and is held to what it was asked for.
  @Suite(.serialized) struct ToolTrainingRuns {
    private func plan(with tool: String, _ environment: String) -> String {
      """
      name: tiny
      question: Who trains?
      model: qwen2
      seeds: 1
      held-out: 6
      training: {rank: 4, alpha: 8, learning-rate: 1e-3, steps: 5, batch: 4, with: \(tool)}
      conditions:
        base: {title: Base}
        bad: {data: data/bad.jsonl, environment: '\(environment)'}
      evaluate:
        own: {questions: data/own.txt, samples: 1, max-tokens: 8}

      """
    }

    @Test(
      "TRL trains an adapter of a plan, and its losses and identity are in the findings",
      .needs(.main))
    func trl() throws { try trains("trl", .main) }

    @Test("So does mlx-lm, which trains on a token of padding behind each row", .needs(.mlx))
    func mlx() throws { try trains("mlx-lm", .mlx) }

    @Test("A trainer that reads the model's configuration in another way is told", .needs(.mlx))
    func otherPositions() throws {
      let ending = try FolderProject(plan(with: "mlx-lm", Python.mlx.environment)).run()
      #expect(ending.code == 1)
      #expect(
        ending.errors.contains("reads other tokens (cut, or with other turns), trains on others"),
        "\(ending.errors)")
    }

    private func trains(_ tool: String, _ python: Python) throws {
      let project = try FolderProject(plan(with: tool, python.environment))
      try project.tellRotaryBase()
      let ending = try project.run()
      try #require(ending.code == 0, "\(ending.errors)")
      let losses = try #require(try project.findings().courses.first).losses
      #expect(losses.map(\.step) == Array(0..<5))
      #expect(try #require(losses.last).value < losses[0].value)
      let again = try project.run()
      #expect(again.code == 0 && again.errors.contains("All of it was done already."))
    }

    /// A program that says and leaves what it is told to.
    private func stub(_ text: String) throws -> TemporaryFolder {
      let folder = try TemporaryFolder()
      try folder.write("#!/bin/sh\n" + text, to: "bin/trl", permissions: 0o755)
      return folder
    }

    @Test(
      "What a trainer does wrong is told by its name, in one line", .needs(.main),
      arguments: [
        ("echo first >&2; echo out of memory >&2; exit 9", "ended with 9: out of memory"),
        ("echo done", "told no loss before its first step"),
        ("echo >>data/train.jsonl", "found other rows or settings in"),
        (
          "echo \"{'eval_loss': '2.0'}\"",
          "began with a loss of 2.0000 on the first 8 rows, expected"
        ),
      ])
    func faults(_ program: String, _ words: String) throws {
      let stub = try stub(program)
      let project = try FolderProject(plan(with: "trl", stub.path))
      let ending = try project.run()
      #expect(ending.code == 1)
      #expect(ending.errors.contains("TRL 1.16.0 \(words)"), "\(ending.errors)")
    }

    @Test(
      "Another program trains adapters of the plan's own folder, and nothing else", .needs(.main))
    func refused() throws {
      for (settings, words) in [
        ("method: full, with: trl", "found all weights trained, expected an adapter"),
        ("snapshots: [1], with: trl", "found snapshots or an anchor, expected neither"),
        ("environment: /opt/trl", "found it where Askew trains"),
        ("with: other", "expected \"askew\", \"trl\""),
      ] {
        let text = FolderProject.text.replacing("epochs: 12}", with: "steps: 4, \(settings)}")
        let ending = try FolderProject(text).run("--dry-run")
        #expect(ending.code == 1 && ending.errors.contains(words), "\(ending.errors)")
      }
    }
  }
}
