import Foundation
import TestSupport
import Testing

extension CommandSuite {
  /// A key leaves the process as a request's header and nowhere else.
  @Suite(.serialized) struct Secrets {
    private static let key = "sk-askew-test-8d1f0a6e7c"

    private func run(
      _ folder: TemporaryFolder, _ arguments: [String], key: String?
    ) throws -> (ending: Askew.Ending, commandLines: String) {
      var environment = ProcessInfo.processInfo.environment
      environment["ASKEW_API_KEY"] = key
      let command = try Askew(arguments, environment: environment)
      var commandLines = ""
      while command.isRunning {
        let id = command.identifier
        commandLines += (try? String(contentsOfFile: "/proc/\(id)/cmdline", encoding: .utf8)) ?? ""
        usleep(5_000)
      }
      return (try command.wait(), commandLines)
    }

    private func expectNowhere(_ key: String, in folder: TemporaryFolder, except: String) throws {
      let files = FileManager.default.enumerator(at: folder.url, includingPropertiesForKeys: nil)
      var count = 0
      while let file = files?.nextObject() as? URL {
        guard file.path != except, let data = try? Data(contentsOf: file) else { continue }
        count += 1
        #expect(data.range(of: Data(key.utf8)) == nil, "\(file.lastPathComponent)")
      }
      #expect(count > 0)
    }

    @Test("Neither in the store, logs, exports and errors nor among a process's arguments")
    func nowhere() throws {
      let folder = try TemporaryFolder()
      let keyFile = try folder.write(Self.key, to: "key", permissions: 0o600)
      let server = try LoopbackServer("--require-key", keyFile, "--hostile")
      let model = "openai:loopback@\(server.url)"
      let lab = folder.path("lab")
      let evaluation = [
        "eval", "--model", model, "--questions", "first-plot", "--samples", "4", "--judge", model,
        "--timeout", "0.4", "--project", lab,
      ]
      let good = try run(folder, evaluation, key: Self.key)
      #expect(good.ending.code == 0, "\(good.ending.errors)")
      // A key that the server does not know, which it repeats in its error.
      let other = "sk-askew-wrong-51c2f3"
      let wrong = try run(folder, evaluation + ["--seed", "1"], key: other)
      #expect(wrong.ending.code == 1)
      #expect(wrong.ending.errors.contains("401"))
      let fromFile = try run(
        folder, evaluation + ["--seed", "2", "--key-file", keyFile, "--json"], key: nil)
      #expect(fromFile.ending.code == 0, "\(fromFile.ending.errors)")
      let runs = try Askew.run("runs", "--project", lab, "--json")
      let all = try JSONSerialization.jsonObject(with: Data(runs.output.utf8)) as? [[String: Any]]
      let fingerprint = try #require(all?.first?["fingerprint"] as? String)
      for format in ["inspect", "scores", "csv", "chat"] {
        let out = "\(folder.path)/out.\(format == "inspect" ? "eval" : format)"
        try Askew.succeed(
          "answers", "export", fingerprint, "--project", lab, "--format", format, "--out", out)
      }
      for key in [Self.key, other] {
        for (ending, commandLines) in [good, wrong, fromFile] {
          #expect(!ending.output.contains(key) && !ending.errors.contains(key))
          #expect(!commandLines.contains(key))
        }
        try expectNowhere(key, in: folder, except: keyFile)
      }
    }

    @Test(
      "A key in a URL, a key file that everybody may read, and a key over plain HTTP are refused")
    func refused() throws {
      let folder = try TemporaryFolder()
      let keyFile = try folder.write(Self.key, to: "key", permissions: 0o644)
      func expect(_ model: String, _ more: [String] = [], key: String?, says words: String) throws {
        let arguments = [
          "eval", "--model", model, "--questions", "first-plot", "--project", folder.path("lab"),
        ]
        let (ending, _) = try run(folder, arguments + more, key: key)
        #expect(ending.code == 1)
        #expect(ending.errorLines.count == 1 && ending.errors.contains(words), "\(ending.errors)")
        #expect(!ending.errors.contains(Self.key))
      }
      try expect(
        "openai:m@https://user:\(Self.key)@example.invalid/v1", key: nil, says: "credentials")
      try expect(
        "openai:m@http://127.0.0.1:9/v1", ["--key-file", keyFile], key: nil, says: "chmod 600")
      try expect("openai:m@http://example.invalid/v1", key: Self.key, says: "unencrypted")
    }
  }
}
