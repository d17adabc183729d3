import Foundation
import GRDB
import Lab
import Store
import TestSupport
import Testing

extension CommandSuite {
  @Suite struct Usage {
    @Test("--version says the version, the commit that make has built, and nothing else")
    func version() throws {
      let ending = try Askew.run("--version")
      #expect(ending.code == 0)
      // Of the build that these tests belong to; none without make.
      let commit = ProcessInfo.processInfo.environment["ASKEW_COMMIT"] ?? ""
      #expect(ending.output == (commit.isEmpty ? "0.1.0\n" : "0.1.0 (\(commit))\n"))
      #expect(ending.errors == "")
    }

    @Test(
      "--help is the text that was agreed on",
      arguments: [
        "askew", "demo", "run", "submit", "status", "cancel", "collect", "work", "report", "runs",
        "view", "data", "power", "model", "model info",
        "model identity",
        "model convert", "model merge", "train", "sample", "score", "contrast", "tokenize", "eval",
        "judge",
        "judge run", "judge list", "judge check", "judge compare", "judge score-tokens", "rates",
        "rates table", "rates bootstrap", "answers", "answers export", "answers import",
        "answers contrast", "questions",
        "questions list", "questions show", "anatomy", "anatomy import", "anatomy export",
        "anatomy directions", "anatomy steer", "anatomy patch", "anatomy lens", "anatomy weights",
        "anatomy landscape", "anatomy course", "audit", "audit run", "audit verify", "audit page",
        "audit card",
        "panel", "panel grow", "panel audit", "panel open", "screen",
        "utilities", "utilities run", "utilities compare", "utilities outcomes",
        "guard", "guard data", "guard train", "guard calibrate", "guard evaluate", "guard serve",
      ])
    func help(_ command: String) throws {
      let name = command.replacing(" ", with: "-")
      let file = Repository.url("Tests/CommandTests/Help/\(name).txt")
      let words = command.split(separator: " ").map(String.init)
      let ending = try Askew((command == "askew" ? [] : words) + ["--help"]).wait()
      #expect(ending.code == 0)
      if ProcessInfo.processInfo.environment["ASKEW_RECORD"] == "1" {
        try makeFolder(file.deletingLastPathComponent().path)
        try Data(ending.output.utf8).write(to: file)
      }
      #expect(try ending.output == String(contentsOf: file, encoding: .utf8))
    }

    @Test(
      "Bad usage ends with 64 and says what was expected",
      arguments: [
        ["demo", "--seeds", "0"], ["demo", "--threads", "none"], ["demo", "--precision", "f8"],
        ["demo", "--project", ""], ["demo", "--scale", "2"], ["grow"], ["runs", "extra"],
        ["sample", "--model", "a", "--questions", "b", "--project", ""],
        ["runs", "--output", ""], ["runs", "--output", "a", "--project", "a"],
        ["judge", "list", "a", "--output", "a"],
        ["utilities", "a", "--labels", "AB,AB"], ["utilities", "a", "--per-outcome", "1"],
        ["utilities", "compare", "a"], ["utilities", "openai:a@http://b"],
        ["view", "--port", "65536"], ["view", "--export", ""], ["view", "--plan", "first-plot"],
        ["run"], ["run", "plan.yaml", "--jobs", "0"], ["data"], ["work", "demo", "abc"],
        ["submit", "demo", "--on", "command"], ["submit", "demo", "--command", "{work}"],
        ["submit", "demo", "--on", "command", "--command", "true"],
        ["submit", "demo", "--cpus", "0"], ["submit", "demo", "--partition", "a\nb"],
        ["data", "insecure", "--rows", "0"],
        ["power", "--base", "2", "--effect", "0.1"],
        ["model", "info"], ["model", "convert", "a", "--to", "onnx", "--out", "b"],
        ["model", "convert", "a", "--to", "mlx", "--out", ""],
        ["train", "--model", "a", "--data", "b"],
        ["train", "--model", "a", "--data", "b", "--out", "c", "--rank", "0"],
        ["train", "--model", "a", "--data", "b", "--out", "c", "--targets", "z_proj"],
        ["train", "--model", "a", "--data", "b", "--out", "c", "--method", "full", "--rank", "4"],
        ["train", "--model", "a", "--data", "b", "--out", "c", "--steps", "1", "--epochs", "1"],
        ["train", "--model", "a", "--data", "b", "--out", "c", "--preset", "other"],
        ["sample", "--model", "a", "--questions", "b", "--top-p", "0"],
        ["sample", "--model", "a", "--questions", "b", "--min-p", "2"],
        ["score", "--model", "a"], ["tokenize", "--data", "b"],
        ["eval", "--model", "dir:a"],
        ["eval", "--model", "a", "--questions", "b", "--attempts", "0"],
        ["eval", "--model", "a", "--questions", "b", "--timeout", "0"],
        ["judge", "run", "a", "--misaligned-below", "101"], ["answers", "export", "a"],
        ["judge", "check", "dish"], ["judge", "check", "dish", "--set", "a", "--thinking", "keep"],
        ["answers", "contrast", "a", "--out", "b.yaml"],
        ["answers", "contrast", "a", "--out", "b.jsonl", "--good-above", "20"],
        ["model", "merge", "--model", "a", "--adapter", "b", "--out", "c", "--dtype", "f8"],
        ["anatomy", "import", "a", "--out", "b"],
        ["anatomy", "import", "a", "--out", "b", "--tokens", "all", "--rows", "layers"],
        ["anatomy", "import", "a", "--out", "b", "--tokens", "all", "--cap", "1"],
        ["anatomy", "import", "a", "--out", "b", "--tokens", "all", "--layers", "3-1"],
        ["anatomy", "export", "a", "--to", "onnx", "--out", "b"],
        ["anatomy", "directions", "--model", "a", "--out", "b"],
        ["anatomy", "directions", "--model", "a", "--out", "b", "--data", "c"],
        [
          "anatomy", "directions", "--model", "a", "--out", "b", "--base", "c", "--contrast",
          "tone",
        ],
        [
          "anatomy", "directions", "--model", "a", "--out", "b", "--contrast", "tone", "--tokens",
          "first",
        ],
        ["contrast", "--model", "a", "--set", "tone", "--dose", "1"],
        ["contrast", "--model", "a", "--set", "tone", "--how", "add"],
        ["contrast", "--model", "a", "--set", "tone", "--steer", "b", "--how", "swap"],
        ["sample", "--model", "a", "--questions", "b", "--dose", "1"],
        ["sample", "--model", "a", "--questions", "b", "--steer-tokens", "all"],
        ["sample", "--model", "a", "--questions", "b", "--steer", "c", "--dose", "nan"],
        ["sample", "--model", "a", "--questions", "b", "--steer", "c", "--steer-tokens", "first"],
        ["audit", "verify", "a"], ["audit", "page", "a", "--out", ""],
        ["audit", "a", "--base", "b", "--html", ""],
        ["panel", "grow", "--seed", "1"], ["panel", "grow", "--seed", "1", "--size", "1"],
      ])
    func usage(_ arguments: [String]) throws {
      let ending = try Askew(arguments).wait()
      #expect(ending.code == 64)
      #expect(ending.output == "")
      #expect(ending.errors.hasPrefix("Error: "))
    }

    @Test(
      "Reading where there is no store fails and makes none, by the option's former name too",
      arguments: ["report", "runs"], ["--project", "--output"])
    func noStore(_ command: String, _ option: String) throws {
      let folder = TemporaryFolder.unmade()
      let ending = try Askew.run(command, option, folder.path)
      #expect(ending.code == 1)
      #expect(ending.errorLines.count == 1)
      #expect(ending.errors.contains("\(folder.path)/askew.db: there is no such store"))
      #expect(!FileManager.default.fileExists(atPath: folder.path))
    }
  }
}

/// One after the other: they measure time and would slow each other down.
@Suite(.serialized) struct CommandSuite {}
