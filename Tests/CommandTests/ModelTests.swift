import Foundation
import TestSupport
import Testing

extension CommandSuite {
  /// On folders that transformers, PEFT and mlx-lm wrote: Tests/Fixtures.
  @Suite struct Models {
    private func json(_ arguments: String...) throws -> [String: Any] {
      let ending = try Askew(["model", "info", "--json"] + arguments).success()
      let value = try JSONSerialization.jsonObject(with: Data(ending.output.utf8))
      return try #require(value as? [String: Any])
    }

    private func expectFailure(_ ending: Askew.Ending, _ words: String...) {
      #expect(ending.code == 1)
      #expect(ending.output == "")
      #expect(ending.errorLines.count == 1)
      for word in words { #expect(ending.errors.contains(word), "\(ending.errors)") }
    }

    @Test("info says what a model folder holds, as a table and as JSON")
    func model() throws {
      let ending = try Askew.run("model", "info", Fixture.path("models/qwen3"))
      #expect(ending.code == 0)
      let lines = ending.output.split(separator: "\n").map { line in
        line.split(separator: " ", omittingEmptySubsequences: true).joined(separator: " ")
      }
      for line in [
        "family qwen3", "parameters 21728", "heads 3 of size 16, 1 for keys and values",
        "stored as F32", "in memory 42.4 KiB in bf16, 84.9 KiB in f32", "end tokens 0 (config)",
        "tokenizer none", "generation_config nothing",
      ] {
        #expect(lines.contains(line), "\(ending.output)")
      }
      let values = try json(Fixture.path("models/qwen3"))
      #expect(values["version"] as? Int == 1 && values["kind"] as? String == "model")
      #expect(values["bytesInMemory"] as? [String: Int] == ["bf16": 43_456, "f32": 86_912])
      #expect(values["tiedEmbeddings"] as? Bool == false)
    }

    @Test("info shows a folder's sampling settings, ends and template, and applies none")
    func settings() throws {
      let folder = TemporaryFolder.unmade()
      try FileManager.default.copyItem(atPath: Fixture.path("models/qwen2"), toPath: folder.path)
      try folder.write(
        #"{"temperature":0.7,"top_k":20,"eos_token_id":[3,7],"transformers_version":"4"}"#,
        to: "generation_config.json")
      let template = """
        {% if messages[0]['role'] == 'system' %}[S]{{ messages[0]['content'] }}[/S]\
        {% else %}[S]You are kind.[/S]{% endif %}\
        {% for m in messages %}{% if m['role'] != 'system' %}\
        [{{ m['role'] }}]{{ m['content'] }}[/]{% endif %}{% endfor %}\
        {% if add_generation_prompt %}[assistant]{% endif %}
        """
      let settings = ["chat_template": template, "eos_token": "x"]
      try JSONEncoder().encode(settings)
        .write(to: folder.url("tokenizer_config.json"))
      let values = try json(folder.path)
      #expect(values["chatTemplate"] as? String == "tokenizer_config.json")
      #expect(values["defaultSystemPrompt"] as? String == "You are kind.")
      let generation = try #require(values["generationConfig"] as? [String: Double])
      #expect(generation == ["temperature": 0.7, "top_k": 20])
      let ends = try #require(values["endTokens"] as? [[String: Any]])
      #expect(ends.map { $0["id"] as? Int } == [0, 3, 7])
      let text = try Askew.run("model", "info", folder.path).output
      #expect(text.contains("temperature 0.7, top_k 20 (never applied silently)"))
    }

    @Test("info says what an adapter folder of either layout holds")
    func adapter() throws {
      let peft = try json(Fixture.path("adapters/patterns"))
      #expect(peft["kind"] as? String == "adapter" && peft["layout"] as? String == "PEFT")
      #expect(peft["ranks"] as? [Int] == [2, 4, 6] && peft["parameters"] as? Int == 2432)
      #expect(peft["targets"] as? [String] == ["q_proj", "o_proj", "up_proj"])
      let mlx = try json(Fixture.path("mlx/last"))
      #expect(mlx["layout"] as? String == "MLX" && mlx["layers"] as? [Int] == [1])
      #expect(mlx["scalings"] as? [Double] == [2.5])
    }

    @Test("convert writes the other layout; without the model where the adapter tells enough")
    func convert() throws {
      let folder = try TemporaryFolder()
      let all = Fixture.path("models/qwen2/lora-all"), some = Fixture.path("models/qwen2/lora-rs")
      let out = folder.path("mlx")
      #expect(try Askew.run("model", "convert", all, "--to", "mlx", "--out", out).code == 0)
      #expect(try json(out)["layers"] as? [Int] == [0, 1])
      expectFailure(
        try Askew.run("model", "convert", all, "--to", "mlx", "--out", out), "not empty")
      let last = folder.path("last")
      expectFailure(
        try Askew.run("model", "convert", some, "--to", "mlx", "--out", last),
        "lora-rs/adapter_config.json", "expected the model's folder")
      try Askew.succeed(
        "model", "convert", some, "--to", "mlx", "--model", Fixture.path("models/qwen2"), "--out",
        last)
      let back = folder.path("peft")
      #expect(try Askew.run("model", "convert", last, "--to", "peft", "--out", back).code == 0)
      let values = try json(back)
      #expect(values["layers"] as? [Int] == [1] && values["scalings"] as? [Double] == [4])
    }

    @Test("merge writes a plain folder; an adapter for another model is refused by its tensor")
    func merge() throws {
      let folder = try TemporaryFolder()
      let model = Fixture.path("models/qwen2")
      func merge(_ adapter: String, _ more: String...) throws -> Askew.Ending {
        try Askew(
          [
            "model", "merge", "--model", model, "--adapter", Fixture.path(adapter), "--out",
            folder.path("merged"),
          ] + more
        ).wait()
      }
      expectFailure(
        try merge("models/llama-mha-tied/lora-all"), "adapter_model.safetensors",
        "layers.0.self_attn.k_proj.lora_B.weight: found shape [32, 4], expected [16, 4]")
      #expect(!FileManager.default.fileExists(atPath: folder.path("merged")))
      let ending = try merge("models/qwen2/lora-all", "--dtype", "bf16")
      #expect(ending.code == 0, "\(ending.errors)")
      #expect(try json(folder.path("merged"))["dataTypes"] as? [String] == ["BF16"])
      expectFailure(try merge("models/qwen2/lora-all"), "merged: is there already and not empty")
    }

    @Test(
      "A disk without room is said before anything is written",
      .enabled(if: SmallDisk.isPossible, "needs root and mount"))
    func noRoom() throws {
      let disk = try #require(SmallDisk(megabytes: 1))
      let filler = disk.folder.url("filler")
      try Data(count: 1_000_000).write(to: filler)
      expectFailure(
        try Askew.run(
          "model", "merge", "--model", Fixture.path("models/qwen2"), "--adapter",
          Fixture.path("models/qwen2/lora-all"), "--out", disk.folder.path("merged")),
        "merged: needs ", "KiB, but the disk has only")
      #expect(try FileManager.default.contentsOfDirectory(atPath: disk.folder.path) == ["filler"])
    }
  }
}
