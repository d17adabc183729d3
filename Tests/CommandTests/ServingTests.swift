import Foundation
import Lab
import TestSupport
import Testing

extension CommandSuite {
  /// `serve:`: another program answers for a plan's models, and is held to answers that are known.
  @Suite(.serialized) struct ServedFolders {
    private func plan(_ serve: String) -> String {
      """
      name: tiny
      question: Who answers?
      model: qwen2
      seeds: 1
      held-out: 6
      training: {rank: 4, learning-rate: 1e-2, steps: 30, batch: 4}
      serve: \(serve)
      conditions:
        base: {title: Base}
        bad: {data: data/bad.jsonl}
      evaluate:
        own: {questions: data/own.txt, samples: 3, max-tokens: 8}

      """
    }

    private func servers() throws -> [String] {
      let listing = try ChildProcess(URL(filePath: "/bin/ps"), ["-eo", "args"]).wait().output
      return listing.split(separator: "\n").map(String.init).filter {
        $0.contains("mlx_lm server")
      }
    }

    @Test("mlx-lm's server answers for base and adapter, and is gone afterwards", .needs(.mlx))
    func mlx() throws {
      let serve = "{with: mlx-lm, environment: '\(try Python.mlx.environment)'}"
      let project = try FolderProject(plan(serve))
      try project.tellRotaryBase()
      let ending = try project.run()
      try #require(ending.code == 0, "\(ending.errors)")
      let findings = try project.findings()
      #expect(findings.answers?.map(\.answers) == [6, 6])
      let again = try project.run()
      #expect(again.code == 0 && again.errors.contains("All of it was done already."))
      // Asked by the engine they are other answers.
      try project.write(plan(serve).replacing("serve: \(serve)\n", with: ""), "plan.yaml")
      let own = try project.run()
      #expect(own.code == 0 && !own.errors.contains("All of it was done already."))
      #expect(try servers().isEmpty)
    }

    @Test("A server ends with the process that started it, also where that is killed", .needs(.mlx))
    func killed() throws {
      let serve = "{with: mlx-lm, environment: '\(try Python.mlx.environment)'}"
      let project = try FolderProject(
        plan(serve).replacing("samples: 3", with: "samples: 2000"))
      try project.tellRotaryBase()
      let process = try Askew(project.arguments + ["--only", "base"])
      let end = ContinuousClock.now + .seconds(120)
      while try servers().isEmpty {
        try #require(process.isRunning && ContinuousClock.now < end)
        usleep(100_000)
      }
      process.stop()
      while try !servers().isEmpty {
        try #require(ContinuousClock.now < end)
        usleep(100_000)
      }
    }

    @Test(
      "A server that answers for another model is refused by what it says", .needs(.mlx))
    func otherModel() throws {
      // With other positions, as mlx-lm reads this configuration.
      let other = try FolderProject(
        plan("{with: mlx-lm, environment: '\(Python.mlx.environment)'}")
      ).run()
      #expect(other.code == 1)
      #expect(
        other.errors.contains("mlx-lm answers otherwise than the folder does"), "\(other.errors)")
      let template = "{% for m in messages %}{{ m.content }} and nothing but that {% endfor %}"
      let project = try FolderProject(
        plan(
          "{with: mlx-lm, environment: '\(Python.mlx.environment)', arguments: \"--chat-template '\(template)'\"}"
        ))
      try project.tellRotaryBase()
      let ending = try project.run()
      #expect(ending.code == 1)
      #expect(
        ending.errors.contains("mlx-lm answers otherwise than the folder does"), "\(ending.errors)")
      #expect(try servers().isEmpty)
    }

    @Test(
      "A server that does not come up is told by its last line",
      arguments: [
        (
          "echo no GPU here >&2; exit 3 # {model} {port}",
          "command ended with 3 before it answered: no GPU here"
        ),
        ("nothing-of-this-name {model} {port}", "before it answered: /bin/sh: "),
      ])
    func faults(_ command: String, _ words: String) throws {
      let project = try FolderProject(plan("{with: command, command: '\(command)'}"))
      let ending = try project.run()
      #expect(ending.code == 1)
      #expect(ending.errors.contains(words), "\(ending.errors)")
    }

    @Test("What cannot be a server is refused before anything is done")
    func refused() throws {
      for (serve, words) in [
        ("{with: other}", "expected \"vllm\""),
        ("{with: command}", "expected a command with {model} and {port} in it"),
        ("{with: vllm, command: 'x {model} {port}'}", "found it beside \"with: vllm\""),
      ] {
        let ending = try FolderProject(plan(serve)).run("--dry-run")
        #expect(ending.code == 1 && ending.errors.contains(words), "\(ending.errors)")
      }
    }
  }
}
