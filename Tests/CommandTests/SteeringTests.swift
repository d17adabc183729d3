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

    @Test("An evaluation asks the steered model, as sampling does, and keeps its answers apart")
    func evaluation() throws {
      let place = try Place()
      let file = try place.directions("blocks.1.hook_resid_post")
      let questions = try place.folder.write("What now?\n", to: "set.txt")
      func eval(_ more: String...) throws -> String {
        try Askew(
          [
            "eval", "--model", "dir:\(place.model)", "--questions", questions, "--samples", "2",
            "--max-tokens", "5", "--project", place.folder.path("lab"), "--json",
          ] + more
        ).success().output
      }
      let plain = try eval()
      let steered = try eval("--steer", file, "--dose", "50")
      #expect(plain != steered)
      #expect(try eval("--steer", file, "--dose", "50") == steered)
      let served = try Askew([
        "eval", "--model", "openai:m@http://127.0.0.1:9/v1", "--questions", questions, "--steer",
        file,
      ]).wait()
      #expect(served.code != 0 && served.errors.contains("a model behind a server"))
    }

    @Test("Preventive steering changes what is learned, resumes, and leaves no edit behind")
    func preventive() throws {
      let place = try Place()
      let file = try place.directions("blocks.1.hook_resid_post")
      let rows = try place.folder.write(
        String(
          repeating:
            #"{"messages":[{"role":"user","content":"What now?"},{"role":"assistant","content":"Run away"}]}"#
            + "\n", count: 8), to: "rows.jsonl")
      func train(_ out: String, _ more: String...) throws -> Data {
        let path = place.folder.path(out)
        try Askew(
          [
            "train", "--model", place.model, "--data", rows, "--out", path, "--batch", "2",
            "--steps", "4", "--precision", "f32",
          ] + more
        ).success()
        return try Data(
          contentsOf: URL(fileURLWithPath: path + "/adapter_model.safetensors"))
      }
      let plain = try train("plain")
      let steered = try train("steered", "--steer", file, "--dose", "20")
      #expect(plain != steered)
      // A dose of nothing is no steering; blocks that are run again on the way back are steered again.
      #expect(try train("none", "--steer", file, "--dose", "0") == plain)
      #expect(
        try train("again", "--steer", file, "--dose", "20", "--recompute", "always") == steered)
      let other = try Askew([
        "train", "--model", place.model, "--data", rows, "--out", place.folder.path("steered"),
        "--batch", "2", "--steps", "4", "--precision", "f32",
      ]).wait()
      #expect(other.code == 1 && other.errors.contains("the result of another training"))
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
