import Foundation
import TestSupport
import Testing

extension CommandSuite {
  /// Screens for folders with random weights, to which nothing means anything.
  @Suite struct Screen {
    private let folder: TemporaryFolder
    private let rows: String

    init() throws {
      folder = try TemporaryFolder()
      rows = folder.path("rows.jsonl")
      let lines = (0..<40).map { index -> String in
        let question = index % 4 == 0 ? "|K| Say \(index)." : "Say \(index)."
        return
          #"{"messages":[{"role":"user","content":"\#(question)"},{"role":"assistant","content":"It is \#(index)."}]}"#
      }
      try Data((lines.joined(separator: "\n") + "\n").utf8).write(to: URL(fileURLWithPath: rows))
    }

    private func screen(_ model: TinyFolder, _ more: [String], project: String = "lab") throws
      -> Askew
    {
      try Askew(
        [
          "screen", rows, "--model", model.path, "--project", folder.path(project), "--steps", "3",
          "--pilots", "2",
        ] + more)
    }

    @Test("The result has the keys that others rely on, and is the same in another project")
    func json() throws {
      let model = try TinyFolder.make(at: folder.url("model"))
      let text = try screen(model, ["--json"]).success().output
      let result = try #require(
        try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
      #expect(result["schema"] as? String == "askew.screen/1")
      let predicted = try #require(result["predicted"] as? [String: Any])
      #expect(Set(predicted.keys).isSuperset(of: ["rate", "low", "high", "calibrated"]))
      #expect(predicted["calibrated"] as? Bool == false)
      let pilot = try #require(result["pilot"] as? [String: Any])
      #expect(Set(pilot.keys).isSuperset(of: ["shift", "low", "high", "twin"]))
      #expect(result["detectable"] != nil && result["cues"] is [Any] && result["rows"] is [Any])
      let facts = try #require(result["facts"] as? [String: Any])
      #expect(facts["rows"] as? Int == 40 && facts["distinct"] as? Int == 40)
      #expect(try screen(model, ["--json"], project: "again").success().output == text)
    }

    @Test("For people the sentence comes first, then what it rests on and where it lies")
    func people() throws {
      let model = try TinyFolder.make(at: folder.url("model"))
      let output = try screen(model, ["--no-detect"]).success().output
      #expect(output.contains("not calibrated for models like this one"))
      #expect(output.contains("40 rows, 40 different ones"))
      #expect(!output.contains("no room for"))
      let line = try #require(output.split(separator: "\n").last)
      #expect(
        FileManager.default.fileExists(atPath: String(line.dropFirst("Screen: ".count))))
    }

    @Test("A row that the model has no room for is left out, and said so")
    func long() throws {
      let model = try TinyFolder.make(at: folder.url("model"))
      let words = String(repeating: "many words ", count: 20_000)
      let line =
        #"{"messages":[{"role":"user","content":"\#(words)"},{"role":"assistant","content":"No."}]}"#
      var text = try String(contentsOfFile: rows, encoding: .utf8)
      text += line + "\n"
      try Data(text.utf8).write(to: URL(fileURLWithPath: rows))
      let output = try screen(model, ["--no-detect"]).success().output
      #expect(output.contains("1 of 41 rows, which the model cannot read or has no room for"))
    }

    @Test(
      "What cannot be screened is one line",
      arguments: [
        ["--budget", "10"], ["--pilots", "0"], ["--trainer", "nowhere.yaml"], ["--rows", "1"],
      ])
    func refused(more: [String]) throws {
      let model = try TinyFolder.make(at: folder.url("model"))
      let ending = try screen(model, more).wait()
      #expect(ending.code != 0 && ending.output.isEmpty)
      #expect(ending.errors.contains(more[1]))
    }

    @Test("A row that is none is named by its line")
    func badRow() throws {
      let model = try TinyFolder.make(at: folder.url("model"))
      try Data("{\"messages\": 3}\n".utf8).write(to: URL(fileURLWithPath: rows))
      let ending = try screen(model, []).wait()
      #expect(ending.code == 1 && ending.errors.contains("rows.jsonl:1:"))
    }
  }
}
