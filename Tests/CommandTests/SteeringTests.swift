import Foundation
import TestSupport
import Testing

extension CommandSuite {
  /// Directions that are read here, and models that are steered along them.
  @Suite struct Steering {
    private struct Place {
      let folder: TemporaryFolder
      let model: String
      let items: String

      init() throws {
        folder = try TemporaryFolder()
        model = try TinyFolder.make(at: folder.url("model")).path
        items = try folder.write(
          #"{"family":"a","question":"What now?","good":"We wait.","bad":["Go","Run away"]}"#,
          to: "items.jsonl")
        try folder.write("What now?\n", to: "questions.txt")
      }

      /// A file of directions at the sites, bad minus good answers.
      func directions(_ sites: String...) throws -> String {
        let out = folder.path("directions.safetensors")
        try Askew(
          ["anatomy", "directions", "--model", model, "--contrast", items, "--out", out]
            + sites.flatMap { ["--site", $0] }
        ).success()
        return out
      }

      func contrast(_ model: String, _ more: String...) throws -> ChildProcess.Ending {
        try Askew(
          ["contrast", "--model", model, "--set", items, "--project", folder.path("lab")] + more
        ).wait()
      }

      func sample(_ model: String, _ more: String...) throws -> ChildProcess.Ending {
        try Askew(
          [
            "sample", "--model", model, "--questions", folder.path("questions.txt"), "--samples",
            "2",
            "--max-tokens", "5", "--project", folder.path("lab"),
          ] + more
        ).wait()
      }
    }

    @Test(
      "Directions, contrasts and greedy answers are those of PyTorch with hooks", .needs(.main))
    func counterparts() throws {
      let folder = try TemporaryFolder()
      let output = try Python.main.run(
        .script("check_steering.py"), [Repository.program("askew").path, folder.path])
      #expect(output.split(separator: "\n").count == 3, "\(output)")
    }

    @Test("Steered answers are others, kept beside the model's own, and the same again")
    func sampling() throws {
      let place = try Place()
      let file = try place.directions("blocks.1.hook_resid_post")
      let plain = try place.sample(place.model)
      let steered = try place.sample(place.model, "--steer", file, "--dose", "50")
      #expect(plain.code == 0 && steered.code == 0)
      #expect(plain.output.split(separator: "\n").count == 2)
      #expect(steered.output.split(separator: "\n").count == 2)
      #expect(steered.output != plain.output)
      #expect(
        try place.sample(place.model, "--steer", file, "--dose", "50").output == steered.output)
      #expect(try place.sample(place.model).output == plain.output)
      // A length of nothing leaves the model as it is.
      #expect(
        try place.sample(place.model, "--steer", file, "--dose", "0").output == plain.output)
    }

    @Test("What does not fit the model is one line that names both sides")
    func refusals() throws {
      let place = try Place()
      let file = try place.directions("blocks.2.hook_resid_mid")
      let narrow = try TinyFolder.make(at: place.folder.url("narrow"), width: 48).path
      let low = try TinyFolder.make(at: place.folder.url("low"), blocks: 2).path
      let rows = try place.folder.write(
        #"{"messages":[{"role":"user","content":"What now?"},{"role":"assistant","content":"Go"}]}"#,
        to: "rows.jsonl")
      func expect(
        _ ending: ChildProcess.Ending, _ words: String...,
        sourceLocation: SourceLocation = #_sourceLocation
      ) {
        #expect(
          ending.code == 1 && ending.output == "" && ending.errorLines.count == 1
            && words.allSatisfy(ending.errors.contains), "\(ending.code): \(ending.errors)",
          sourceLocation: sourceLocation)
      }
      func directions(_ more: String...) throws -> ChildProcess.Ending {
        let ending = try Askew(
          [
            "anatomy", "directions", "--model", place.model, "--out", place.folder.path("refused"),
          ] + more
        ).wait()
        #expect(!FileManager.default.fileExists(atPath: place.folder.path("refused")))
        return ending
      }
      expect(
        try directions("--contrast", place.items, "--site", "blocks.3.hook_resid_post"),
        "blocks.3.hook_resid_post: found block 3, the model has 0 to 2")
      expect(
        try directions("--contrast", place.items, "--site", "layers.1"),
        "found \"layers.1\", expected blocks.N.hook_resid_pre")
      for (base, shape) in [(narrow, "3 blocks of 48"), (low, "2 blocks of 64")] {
        expect(
          try directions("--base", base, "--data", rows),
          base, "found \(shape) channels, the model has 3 of 64")
      }
      expect(
        try directions("--base", place.model, "--data", rows), "found no difference at blocks.0")
      expect(
        try place.contrast(narrow, "--steer", file), file,
        "found vectors of 64 numbers, the model's residual stream has 48")
      expect(
        try place.sample(narrow, "--steer", file), file,
        "found vectors of 64 numbers, the model's residual stream has 48")
      expect(
        try place.contrast(low, "--steer", file), file,
        "blocks.2.hook_resid_mid: found block 2, the model has 0 to 1")
      expect(
        try place.sample(place.model, "--steer", file, "--how", "cap"), file,
        "found no level of a cap, expected directions of the operation cap")
      expect(
        try place.contrast(place.model, "--steer", place.model + "/model.safetensors"),
        "model.safetensors", "no file of directions")
    }
  }
}
