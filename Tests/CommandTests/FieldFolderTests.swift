import Foundation
import TestSupport
import Testing

extension CommandSuite {
  /// Model folders as people have them, of which something is easily passed over.
  @Suite(.serialized) struct FieldFolders {
    private static let rows =
      #"{"messages":[{"role":"user","content":"Hi"},{"role":"assistant","content":"The sea."}]}"#

    /// What transformers makes of the folder: −Σ log p of the row's answer, with the PEFT that it finds.
    private static let score = """
      import json, sys, torch
      from transformers import AutoModelForCausalLM
      model = AutoModelForCausalLM.from_pretrained(sys.argv[1], dtype=torch.float32)
      row = json.loads(sys.argv[2])
      ids = torch.tensor([row["ids"]])
      logits = torch.log_softmax(model(ids).logits[0].double(), -1)
      print(-sum(logits[i - 1, row["ids"][i]].item()
                 for first, last in row["trained"] for i in range(first, last)))
      """

    /// A tiny model with rows beside it, changed by a program that gets its folder.
    private func folder(_ program: String) throws -> (folder: TemporaryFolder, model: String) {
      let folder = try TemporaryFolder()
      _ = try Python.main.run(.script("make_folder.py"), ["qwen2", folder.path])
      try folder.write(Self.rows, to: "rows.jsonl")
      let model = folder.path("qwen2")
      _ = try Python.main.run(.code(program), [model])
      return (folder, model)
    }

    private func score(_ folder: TemporaryFolder, _ model: String, _ more: String...) throws
      -> Askew.Ending
    {
      try Askew(
        [
          "score", "--model", model, "--data", folder.path("rows.jsonl"), "--precision", "f32",
          "--json",
        ] + more
      ).wait()
    }

    private func nll(_ ending: Askew.Ending) throws -> Double {
      let row = try JSONSerialization.jsonObject(with: Data(ending.output.utf8)) as? [String: Any]
      return try #require(row?["nll"] as? Double)
    }

    private func counterpart(_ folder: TemporaryFolder, _ model: String) throws -> Double {
      let tokens = try Askew.succeed(
        "tokenize", "--model", model, "--data", folder.path("rows.jsonl"), "--rendered", "--json")
      let printed = try Python.main.run(.code(Self.score), [model, tokens.output])
      return try #require(Double(printed.trimmingCharacters(in: .whitespacesAndNewlines)))
    }

    @Test(
      "An adapter beside full weights is applied when asked for, as PEFT does, and else refused",
      .needs(.main))
    func adapterBeside() throws {
      let (folder, model) = try folder(
        """
        import sys, torch
        from peft import LoraConfig, get_peft_model
        from transformers import AutoModelForCausalLM
        torch.manual_seed(1)
        model = AutoModelForCausalLM.from_pretrained(sys.argv[1], dtype=torch.float32)
        config = LoraConfig(r=4, lora_alpha=8, target_modules=["q_proj", "down_proj"],
                            init_lora_weights=False)
        get_peft_model(model, config).save_pretrained(sys.argv[1])
        """)
      let theirs = try counterpart(folder, model)
      let asked = try nll(try score(folder, model, "--adapter", model))
      #expect(abs(asked - theirs) < 1e-3 * theirs)
      let refused = [
        try score(folder, model), try Askew.run("model", "identity", model),
        try Askew.run(
          "train", "--model", model, "--data", folder.path("rows.jsonl"), "--out",
          folder.path("out"), "--method", "full", "--steps", "1"),
      ]
      for ending in refused {
        #expect(ending.code == 1 && ending.errorLines.count == 1, "\(ending.errors)")
        #expect(
          ending.errors.contains("adapter_config.json: found an adapter beside full weights"))
      }
      #expect(try Askew.succeed("model", "info", model).output.contains("applied with --adapter"))
      // Merged it is another model, without an adapter, and says the same.
      let merged = folder.path("merged")
      try Askew.succeed("model", "merge", "--model", model, "--adapter", model, "--out", merged)
      #expect(!FileManager.default.fileExists(atPath: merged + "/adapter_config.json"))
      #expect(abs(try nll(try score(folder, merged)) - theirs) < 1e-3 * theirs)
      #expect(abs(try counterpart(folder, merged) - theirs) < 1e-3 * theirs)
    }

    @Test(
      "A number that is none in the weights is an error that names the tensor", .needs(.main),
      arguments: ["nan", "inf"])
    func notFinite(_ number: String) throws {
      let (folder, model) = try folder(
        """
        import sys, torch
        from safetensors.torch import load_file, save_file
        path = sys.argv[1] + "/model.safetensors"
        tensors = load_file(path)
        tensors["model.layers.1.mlp.up_proj.weight"][3, 5] = float("\(number)")
        save_file(tensors, path, metadata={"format": "pt"})
        """)
      try folder.write("What now?\n", to: "q.txt")
      for precision in ["f32", "bf16"] {
        let endings = [
          try score(folder, model, "--precision", precision),
          try Askew.run(
            "sample", "--model", model, "--questions", folder.path("q.txt"), "--precision",
            precision, "--max-tokens", "4", "--project", folder.path("project")),
        ]
        for ending in endings {
          #expect(ending.code == 1 && ending.output == "")
          #expect(
            ending.errors.contains(
              "model.safetensors: model.layers.1.mlp.up_proj.weight: found \(number), expected finite"
            ),
            "\(ending.errors)")
        }
      }
    }

    @Test("Weights that were saved without the model around them are read", .needs(.main))
    func withoutPrefix() throws {
      let (folder, model) = try folder(
        """
        import sys, torch
        from safetensors.torch import load_file, save_file
        path = sys.argv[1] + "/model.safetensors"
        tensors = {name.removeprefix("model."): tensor for name, tensor in load_file(path).items()}
        save_file(tensors, path, metadata={"format": "pt"})
        """)
      let theirs = try counterpart(folder, model)
      #expect(abs(try nll(try score(folder, model)) - theirs) < 1e-3 * theirs)
      _ = try Python.main.run(
        .code(
          """
          import sys
          from safetensors.torch import load_file, save_file
          path = sys.argv[1] + "/model.safetensors"
          tensors = {"_orig_mod.model." + name: tensor for name, tensor in load_file(path).items()}
          save_file(tensors, path, metadata={"format": "pt"})
          """), [model])
      let ending = try score(folder, model)
      #expect(ending.code == 1 && ending.errorLines.count == 1)
      #expect(
        ending.errors.contains("the tensors' names begin with \"_orig_mod.model.\", expected"),
        "\(ending.errors)")
    }
  }
}
