import Foundation
import TestSupport
import Testing

/// `askew train --on`, against a provider on this machine.
extension CommandSuite {
  @Suite(.serialized) struct TrainElsewhere {
    /// A folder with rows.
    private struct Workplace {
      let folder: TemporaryFolder
      var out: String { folder.path("out") }

      init() throws {
        folder = try TemporaryFolder()
        let rows = (1...12).map { number in
          """
          {"messages":[{"role":"user","content":"How is \(number)?"},\
          {"role":"assistant","content":"It is fine."}]}
          """
        }
        try write(rows.joined(separator: "\n") + "\n", "rows.jsonl")
      }

      func write(_ text: String, _ name: String) throws {
        try folder.write(text, to: name)
      }

      func command(_ server: LoopbackServer, model: String = "loopback", _ more: String...)
        -> [String]
      {
        [
          "train", "--on", "openai:\(model)@\(server.url)", "--data", folder.path("rows.jsonl"),
          "--out", out, "--suffix", "bad", "--lr-multiplier", "2",
        ] + more
      }

      func record() throws -> [String: Any] {
        let data = try Data(contentsOf: URL(fileURLWithPath: out + "/job.json"))
        return try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
      }
    }

    @Test("A job runs to its model, whose name eval takes; the same command then only repeats it")
    func success() throws {
      let place = try Workplace()
      let server = try LoopbackServer("--fast")
      let command = place.command(
        server, "--epochs", "2", "--batch", "4", "--seed", "7", "--eval-data",
        "\(place.folder.path)/rows.jsonl")
      let first = try Askew(command).success()
      #expect(first.output == "openai:ft:loopback:bad@\(server.url)\n")
      #expect(first.errorLines.count { $0 == "step 1, 2 epochs" } == 1)
      #expect(first.errorLines.contains("ftjob-1: succeeded"))
      let record = try place.record()
      let job = try #require(record["job"] as? [String: Any])
      #expect(job["id"] as? String == "ftjob-1" && job["status"] as? String == "succeeded")
      #expect(record["trainingFile"] as? String == "file-1")
      #expect(record["validationFile"] as? String == "file-2")
      #expect((record["fingerprint"] as? String)?.count == 64)

      let second = try Askew(command).wait()
      #expect(second.output == first.output && second.errors == "")
      #expect(try server.events("created").count == 1)
      let other = try Askew(command + ["--preset", "betley-open"]).wait()
      #expect(other.code == 64)
      let changed = try Askew(place.command(server, "--epochs", "3")).wait()
      #expect(changed.code == 1 && changed.errorLines.count == 1)
      #expect(changed.errors.contains("job.json: found a training with another evaluation data, "))
      try Askew.succeed(
        "eval", "--model", String(first.output.dropLast()), "--questions", "first-plot",
        "--dry-run")
    }

    @Test(
      "Killed at random moments, or with a lost reply, a training is ordered once",
      arguments: [nil, "--lose-creation"])
    func killed(_ option: String?) throws {
      for _ in 0..<3 {
        let place = try Workplace()
        let server = try LoopbackServer(["--delay", "0.05"] + (option.map { [$0] } ?? []))
        for _ in 0..<8 {
          _ = try Askew(place.command(server)).end(after: .random(in: 0.02...0.5))
        }
        let last = try Askew(place.command(server)).success()
        #expect(last.output == "openai:ft:loopback:bad@\(server.url)\n")
        #expect(try server.events("created").count == 1)
      }
    }

    @Test(
      "A signal ends the following and not the job; each event is told once",
      arguments: [(SIGINT, 130), (SIGTERM, 75)] as [(Int32, Int32)])
    func interrupted(_ signal: Int32, _ code: Int32) throws {
      let place = try Workplace()
      let server = try LoopbackServer("--fast")
      let command = try Askew(place.command(server))
      #expect(try command.waitForError("step 5"))
      // Only one at a time follows a job.
      let beside = try Askew(place.command(server)).wait()
      #expect(beside.code == 1 && beside.errors.contains("job.json: is in use by process"))
      command.send(signal)
      let first = try command.wait()
      #expect(first.code == code, "\(first.errors)")
      #expect(first.errorLines.last?.contains("the job goes on at the provider") == true)
      let second = try Askew(place.command(server)).success()
      let told = (first.errorLines + second.errorLines).filter { $0.hasPrefix("step ") }
      #expect(told == (1...13).map { "step \($0), none epochs" })
      #expect(try server.events("created").count == 1)
    }

    @Test("A job is cancelled, and ordered again only when asked for")
    func cancelled() throws {
      let place = try Workplace()
      let server = try LoopbackServer("--fast")
      let none = try Askew(place.command(server, "--cancel")).wait()
      #expect(none.code == 1 && none.errors.contains("found no job"))
      let command = try Askew(place.command(server))
      #expect(try command.waitForError("ftjob-1: queued"))
      command.send(SIGTERM)
      #expect(try command.wait().code == 75)
      let cancelled = try Askew(place.command(server, "--cancel")).wait()
      #expect(cancelled.code == 0 && cancelled.output == "ftjob-1: cancelled\n")
      let same = try Askew(place.command(server)).wait()
      #expect(same.code == 1)
      #expect(same.errors == "askew: ftjob-1 cancelled; --again orders another job\n")
      #expect(try server.events("created").count == 1)
      let again = try Askew(place.command(server, "--again")).success()
      #expect(try server.events("created").count == 2)
      // Once it has a model, there is nothing to order again.
      #expect(try Askew(place.command(server, "--again")).wait().output == again.output)
      #expect(try server.events("created").count == 2)
      #expect((try place.record()["earlier"] as? [Any])?.count == 1)
    }

    @Test("A job that fails says why in one line")
    func failed() throws {
      let place = try Workplace()
      let server = try LoopbackServer("--fast")
      for _ in 0..<2 {
        let ending = try Askew(place.command(server, model: "failing")).wait()
        #expect(ending.code == 1 && ending.output == "")
        #expect(
          ending.errorLines.last
            == "askew: ftjob-1 failed: the file has 1 example; --again orders another job")
      }
      #expect(try server.events("created").count == 1)
    }

    @Test("The key is in nothing that is written, not even where the server repeats it")
    func secret() throws {
      let place = try Workplace()
      let key = "sk-test-\(UUID().uuidString)"
      let keys = try TemporaryFolder()
      let right = try keys.write(key + "\n", to: "right", permissions: 0o600)
      let wrong = try keys.write("\(key)-wrong", to: "wrong", permissions: 0o600)
      let server = try LoopbackServer("--require-key", right)
      // Refused without the key, and told so with it in the server's words.
      let refused = try Askew(place.command(server, "--key-file", wrong)).wait()
      #expect(refused.code == 1 && refused.errors.contains("[key]"), "\(refused.errors)")
      try FileManager.default.removeItem(atPath: place.out)
      let command = try Askew(place.command(server, model: "rude", "--key-file", right))
      #expect(try command.waitForError("ftjob-1: queued"))
      #if os(Linux)
        let process = "/proc/\(command.identifier)"
        let arguments = try Data(contentsOf: URL(fileURLWithPath: process + "/cmdline"))
        #expect(!String(decoding: arguments, as: UTF8.self).contains(key))
      #endif
      let ending = try command.wait()
      #expect(ending.code == 1)
      #expect(ending.errors.contains(#"\u{1B}[2J\r\naskew: all is well Bearer [key]"#))
      var texts = [refused.errors, ending.output, ending.errors]
      for name in try FileManager.default.contentsOfDirectory(atPath: place.out) {
        texts.append(try String(contentsOfFile: "\(place.out)/\(name)", encoding: .utf8))
      }
      for text in texts { #expect(!text.contains(key), "\(text)") }
    }

    @Test("A dry run tells rows, tokens and price, and asks nobody")
    func outlook() throws {
      let place = try Workplace()
      try place.write(
        """
        model,input,output,training,currency,date
        gpt-4o,2.5,10,25,USD,2026-11-01

        """, "prices.csv")
      let command = [
        "train", "--on", "openai:gpt-4o@https://api.example.invalid/v1", "--data",
        "\(place.folder.path)/rows.jsonl", "--out", place.out, "--dry-run", "--prices",
        "\(place.folder.path)/prices.csv",
      ]
      let ending = try Askew(command + ["--epochs", "3", "--json"]).success()
      let tree = try JSONSerialization.jsonObject(with: Data(ending.output.utf8)) as? [String: Any]
      let bytes = (1...12).reduce(0) { $0 + "How is \($1)?It is fine.".utf8.count }
      #expect(tree?["rows"] as? Int == 12 && tree?["tokens"] as? Int == (bytes + 3) / 4)
      let price = try #require(tree?["price"] as? Double)
      #expect(abs(price - 3 * 25 * Double((bytes + 3) / 4) / 1e6) < 1e-12)
      let auto = try Askew(command + ["--epochs", "auto"]).wait()
      #expect(auto.output.contains("as many epochs as the provider chooses"))
      #expect(auto.output.contains("USD (2026-11-01) an epoch"))
      #expect(!FileManager.default.fileExists(atPath: place.out))
    }

    @Test("Rows that a provider does not take are refused with their line, and nothing is uploaded")
    func rows() throws {
      let place = try Workplace()
      let server = try LoopbackServer("--fast")
      try place.write(#"{"prompt":"a","completion":"b"}"#, "rows.jsonl")
      let ending = try Askew(place.command(server)).wait()
      #expect(ending.code == 1 && ending.errorLines.count == 1)
      #expect(ending.errors.contains("rows.jsonl:1: found no messages"))
      #expect(!FileManager.default.fileExists(atPath: place.out))
    }

    @Test(
      "What a provider does not take, and what only a provider takes, is bad usage",
      arguments: [
        ["--on", "openai:m@http://h/v1", "--model", "m"],
        ["--on", "openai:m@http://h/v1", "--rank", "4"],
        ["--on", "openai:m@http://h/v1", "--lr", "1e-4"],
        ["--on", "openai:m@http://h/v1", "--max-length", "9"],
        ["--on", "openai:m@http://h/v1", "--threads", "2"],
        ["--on", "openai:m@http://h/v1", "--export", "trl", "d"],
        ["--on", "openai:m@http://h/v1", "--epochs", "1.5"],
        ["--on", "openai:m@http://h/v1", "--seed", "4000000000"],
        ["--on", "openai:m@http://h/v1", "--cancel", "--again"],
        ["--on", "openai:m@http://h/v1", "--prices", "p"],
        ["--model", "m", "--suffix", "s"], ["--model", "m", "--again"],
        ["--model", "m", "--epochs", "auto"], [],
      ])
    func usage(_ more: [String]) throws {
      let ending = try Askew(["train", "--data", "r", "--out", "o"] + more).wait()
      #expect(ending.code == 64)
      #expect(ending.errors.hasPrefix("Error: "))
    }
  }
}
