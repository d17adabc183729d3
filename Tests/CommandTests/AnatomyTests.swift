import Foundation
import TestSupport
import Testing

extension CommandSuite {
  /// Directions that come from other tools' files and go back to them.
  @Suite struct Anatomy {
    private struct Description: Decodable {
      struct Direction: Decodable {
        let site: String
        let length: Double
        let cap: Double?
      }

      let operation: String
      let tokens: String
      let doseUnit: String
      let definition: String
      let hiddenSize: Int
      let layerCount: Int?
      let directions: [Direction]
      let leftOut: [String]
    }

    /// Files that torch and gguf wrote, of five rows of seven numbers.
    private struct Place {
      let folder: TemporaryFolder

      init() throws {
        folder = try TemporaryFolder()
        try Python.main.run(.script("make_directions.py"), ["make", folder.path])
      }

      func path(_ name: String) -> String { folder.path(name) }

      func take(_ name: String, to out: String, _ more: String...) throws -> Description {
        let ending = try Askew(
          ["anatomy", "import", path(name), "--out", path(out), "--tokens", "answer", "--json"]
            + more
        ).success()
        return try JSONDecoder().decode(Description.self, from: Data(ending.output.utf8))
      }

      /// What a run says that has to fail without leaving `out`.
      func refusal(_ arguments: [String], out: String = "refused") throws -> String {
        let ending = try Askew(["anatomy"] + arguments + ["--out", path(out)]).wait()
        #expect(ending.code == 1 && ending.output == "" && ending.errorLines.count == 1)
        #expect(!FileManager.default.fileExists(atPath: path(out)))
        return ending.errors
      }

      func table(_ name: String) throws -> [[Float]] {
        try Python.main.report(.script("make_directions.py"), ["torch", path(name)])
      }
    }

    @Test("A control vector comes in, says what it is, and goes out as it came", .needs(.main))
    func controlVector() throws {
      struct Report: Decodable { let vectors: [String: [Float]] }
      let place = try Place()
      let read = try place.take("vector.gguf", to: "v.safetensors")
      #expect(read.operation == "add" && read.tokens == "answer" && read.hiddenSize == 7)
      #expect(read.directions.map(\.site) == (1...4).map { "blocks.\($0).hook_resid_post" })
      #expect(read.definition == "control vector of a GGUF file, made for \"qwen2\"")
      let ending = try Askew.succeed(
        "anatomy", "export", place.path("v.safetensors"), "--to", "gguf", "--out",
        place.path("again.gguf"))
      #expect(
        ending.output == """
          Directions: \(place.path("again.gguf"))
          4 vectors of 7 numbers, blocks 1 to 4, resid_post
          operation add, tokens answer, dose unit length of the vector

          """)
      let reports: [Report] = try ["vector.gguf", "again.gguf"].map {
        try Python.main.report(.script("make_directions.py"), ["gguf", place.path($0)])
      }
      #expect(reports[0].vectors == reports[1].vectors)
      let bare = try place.refusal(
        ["export", place.path("v.safetensors"), "--to", "persona-pt"])
      #expect(bare.contains("blocks.0.hook_resid_post: the direction is missing"))
    }

    @Test("A table of rows comes in as it is counted, and goes out to torch", .needs(.main))
    func table() throws {
      let place = try Place()
      let rows = try place.table("raw.pt")
      let blocks = try place.take(
        "raw.pt", to: "b.safetensors", "--rows", "blocks", "--definition", "mine")
      #expect(blocks.layerCount == 5 && blocks.definition == "mine" && blocks.leftOut.isEmpty)
      for (direction, row) in zip(blocks.directions, rows) {
        let squares = row.reduce(0) { $0 + Double($1) * Double($1) }
        #expect(abs(direction.length - squares.squareRoot()) < 1e-12)
      }
      try Askew.succeed(
        "anatomy", "export", place.path("b.safetensors"), "--to", "persona-pt", "--out",
        place.path("p.pt"))
      #expect(try place.table("p.pt") == [[Float](repeating: 0, count: 7)] + rows)
      let states = try place.take("p.pt", to: "s.safetensors", "--rows", "hidden-states")
      #expect(states.directions.map(\.site) == (0..<4).map { "blocks.\($0).hook_resid_post" })
      #expect(states.leftOut.count == 2)
      try Askew.succeed(
        "anatomy", "export", place.path("s.safetensors"), "--layers", "1-3", "--to", "gguf",
        "--out", place.path("s.gguf"))
      #expect(
        try place.refusal(["export", place.path("s.safetensors"), "--to", "gguf"])
          .contains("blocks.0.hook_resid_post: found block 0, expected 1 or more"))
      let part = try Askew.succeed(
        "anatomy", "export", place.path("s.safetensors"), "--layers", "2", "--to", "safetensors",
        "--out", place.path("part.safetensors"))
      #expect(part.output.contains("1 vector of 7 numbers, blocks 2, resid_post"))
    }

    @Test("Thresholds come from an experiment, or from the command line", .needs(.main))
    func capping() throws {
      let place = try Place()
      let both = try place.take("capping.pt", to: "c.safetensors", "--experiment", "both")
      #expect(both.operation == "cap" && both.directions.map(\.cap) == [3, -2.25])
      let own = try place.take(
        "axis.pt", to: "o.safetensors", "--operation", "cap", "--cap", "0.5", "--layers", "3-4")
      #expect(own.directions.map(\.cap) == [0.5, 0.5])
      for format in ["gguf", "persona-pt"] {
        #expect(
          try place.refusal(["export", place.path("c.safetensors"), "--to", format])
            .contains("operation: found cap, expected add"))
      }
      #expect(
        try place.refusal(
          ["import", place.path("axis.pt"), "--tokens", "all", "--operation", "cap"]
        ).contains("found no threshold, expected one with the operation cap"))
    }

    @Test(
      "What cannot be taken is one line that names the file, and nothing is written", .needs(.main))
    func refusals() throws {
      let place = try Place()
      func expect(_ words: String, _ name: String, _ more: String...) throws {
        let text = try place.refusal(["import", place.path(name), "--tokens", "all"] + more)
        #expect(text.contains(place.path(name)) && text.contains(words), "\(text)")
      }
      try expect("names \"posix.system\", which is never run here", "system.pt")
      try expect("does not say how they are counted", "raw.pt")
      try expect("begins like neither a GGUF file nor a ZIP archive", "expected.safetensors")
      try expect("expected no --rows", "vector.gguf", "--rows", "blocks")
      try expect("found no direction at the blocks 9", "vector.gguf", "--layers", "9")
      try expect("cannot be read", "nothing.pt")
      _ = try TinyFolder.make(at: place.folder.url("tiny"))
      try expect(
        "found 5 rows, the model has 3 blocks", "raw.pt", "--model", place.path("tiny"))
      try expect(
        "found vectors of 7 numbers, the model's residual stream has 64", "raw.pt", "--rows",
        "blocks", "--model", place.path("tiny"))
      let there = try Askew(
        [
          "anatomy", "import", place.path("vector.gguf"), "--tokens", "all", "--out",
          place.path("raw.pt"),
        ]
      ).wait()
      #expect(there.code == 1 && there.errors.contains("raw.pt: is there already"))
      #expect(
        try place.refusal(["export", place.path("expected.safetensors"), "--to", "gguf"])
          .contains("expected \"askew.direction.v1\": it is no file of directions"))
    }
  }
}
