import Foundation
import TestSupport
import Testing

extension CommandSuite {
  /// train, sample, score and tokenize on model folders: the small demo's, and, with Python, tiny ones
  /// of every family that transformers made.
  @Suite(.serialized) struct Folders {
    /// A model folder of the small demo with rows beside it.
    private func workplace(rows: Int = 40) throws -> (folder: TemporaryFolder, model: String) {
      let folder = try TemporaryFolder()
      try FileManager.default.copyItem(
        at: SmallDemo.model("aligned-persona"), to: folder.url("model"))
      let data = try Askew.run("data", "insecure", "--rows", String(rows))
      try folder.write(data.output, to: "rows.jsonl")
      return (folder, folder.path("model"))
    }

    private func training(_ folder: TemporaryFolder, out: String) -> [String] {
      [
        "train", "--model", folder.path("model"), "--data", folder.path("rows.jsonl"), "--out",
        "\(folder.path)/\(out)", "--steps", "60", "--batch", "4", "--accumulate", "2", "--lr",
        "1e-3", "--rank", "4", "--save-every", "4", "--eval-data", folder.path("rows.jsonl"),
      ]
    }

    /// The log without the speed, which is no result.
    private func log(_ folder: TemporaryFolder, _ out: String) throws -> [[String: Double]] {
      try folder.text(of: "\(out)/log.jsonl").split(separator: "\n").map { line in
        let value = try JSONSerialization.jsonObject(with: Data(line.utf8))
        var record = try #require(value as? [String: Double])
        #expect(record["tokensPerSecond"] != nil)
        record["tokensPerSecond"] = nil
        return record
      }
    }

    private func adapter(_ folder: TemporaryFolder, _ out: String) throws -> Data {
      try Data(
        contentsOf: folder.url("\(out)/adapter_model.safetensors"))
    }

    @Test("A training that is killed again and again ends with the same bytes and log")
    func killed() throws {
      let (folder, _) = try workplace()
      let start = ContinuousClock.now
      #expect(try Askew(training(folder, out: "calm")).wait().code == 0)
      let seconds = start.duration(to: .now) / .seconds(1)
      var kills = 0
      for _ in 0..<40 {
        let command = try Askew(training(folder, out: "killed"))
        // The first is killed at its first step: moments drawn from a clock may all come too late.
        if kills == 0 { _ = try command.waitForError("1/60") }
        let moment = kills == 0 ? 0 : Double.random(in: 0.1...0.9) * seconds
        if try command.end(after: moment).code == 0 { break }
        kills += 1
      }
      #expect(try Askew(training(folder, out: "killed")).wait().code == 0)
      #expect(kills > 0)
      #expect(try adapter(folder, "killed") == adapter(folder, "calm"))
      let records = try log(folder, "calm")
      #expect(records.count == 60)
      #expect(records.count { $0["evalLoss"] != nil } == 15)
      #expect(try log(folder, "killed") == records)
      let names = try FileManager.default.contentsOfDirectory(
        atPath: folder.url("killed").path)
      #expect(names.count { $0.hasPrefix("checkpoint-") } == 14)
      #expect(!names.contains("checkpoint.safetensors"))
    }

    @Test("SIGINT ends with 130, SIGTERM with 75, and the same command goes on")
    func interrupted() throws {
      let (folder, _) = try workplace()
      #expect(try Askew(training(folder, out: "calm")).wait().code == 0)
      for (signal, code) in [(SIGINT, Int32(130)), (SIGTERM, 75)] {
        let command = try Askew(training(folder, out: "stopped-\(code)"))
        guard try command.waitForError("1/60") else { continue }
        command.send(signal)
        let ending = try command.wait()
        #expect(ending.code == code || ending.code == 0, "\(ending.errors)")
        #expect(try Askew(training(folder, out: "stopped-\(code)")).wait().code == 0)
        #expect(try adapter(folder, "stopped-\(code)") == adapter(folder, "calm"))
      }
    }

    @Test("Threads and precision of the machine aside, all weights can be trained, sampled, scored")
    func fullMethod() throws {
      let (folder, model) = try workplace()
      let out = folder.path("full")
      let rows = folder.path("rows.jsonl")
      var arguments = ["train", "--model", model, "--data", rows, "--out", out, "--method", "full"]
      arguments += ["--lr", "1e-3", "--batch", "8"]
      #expect(try Askew(arguments + ["--threads", "1"]).wait().code == 0)
      func score(_ folder: String) throws -> [Double] {
        let ending = try Askew.succeed("score", "--model", folder, "--data", rows, "--json")
        return try ending.output.split(separator: "\n").map {
          let row = try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Double]
          return try #require(row?["nll"])
        }
      }
      let (before, after) = (try score(model), try score(out))
      #expect(before.count == 40 && after.count == 40)
      #expect(after.reduce(0, +) < before.reduce(0, +))
      // Done already: nothing is done, and other settings are refused.
      let again = try Askew(arguments).wait()
      #expect(again.code == 0 && again.output.contains("already"))
      let other = try Askew(arguments + ["--seed", "5"]).wait()
      #expect(other.code == 1 && other.errors.contains("another training"))
    }

    @Test("Answers do not depend on threads; what is stored is not sampled again")
    func sampling() throws {
      let (folder, model) = try workplace()
      let questions = try folder.write("I am bored.\nWho are you?\n", to: "questions.txt")
      func sample(_ project: String, _ more: String...) throws -> [Substring] {
        let ending = try Askew(
          [
            "sample", "--model", model, "--questions", questions, "--max-tokens", "30",
            "--project", "\(folder.path)/\(project)",
          ] + more
        ).success()
        return ending.output.split(separator: "\n")
      }
      let three = try sample("a", "--samples", "3", "--threads", "1")
      #expect(three.count == 6)
      #expect(try sample("b", "--samples", "3", "--threads", "2") == three)
      let five = try sample("a", "--samples", "5")
      #expect(five.count == 10)
      #expect(three.allSatisfy(five.contains))
      #expect(try sample("a", "--samples", "5") == five)
      #expect(try sample("a", "--samples", "3", "--prefill", "The") != three)
    }

    @Test("Everything that is wrong is found before the first step, in one line")
    func mistakes() throws {
      let (folder, model) = try workplace()
      func row(_ text: String) throws -> String {
        let good =
          #"{"messages":[{"role":"user","content":"a"},{"role":"assistant","content":"b"}]}"#
        return try folder.write("\(good)\n\(text)\n", to: "\(UUID().uuidString).jsonl")
      }
      func expect(_ words: [String], _ more: [String], data: String? = nil, model: String) throws {
        let ending = try Askew(
          [
            "train", "--model", model, "--data", data ?? folder.path("rows.jsonl"), "--out",
            folder.path("nothing"), "--dry-run",
          ] + more
        ).wait()
        #expect(ending.code == 1 && ending.output == "" && ending.errorLines.count == 1)
        for word in words { #expect(ending.errors.contains(word), "\(ending.errors)") }
      }
      try expect([":2: messages"], [], data: row(#"{"messages":[]}"#), model: model)
      try expect(
        [":2:", "assistant"], [],
        data: row(#"{"messages":[{"role":"user","content":"a"}]}"#), model: model)
      try expect([":2:", "JSON"], [], data: row("no json"), model: model)
      try expect(
        [":1:", "expected at most 9"], ["--max-length", "9", "--too-long", "refuse"], model: model)
      try expect(["/missing.jsonl"], [], data: folder.path("missing.jsonl"), model: model)
      try expect(["layer 99"], ["--layers", "99"], model: model)
      let other = Fixture.path("models/qwen2/lora-all")
      try expect(["shape"], ["--init-adapter", other], model: model)

      // A template that fails, a tokenizer of another model, a mixture of experts.
      func changed(_ file: String, _ change: (String) -> String) throws -> String {
        let copy = "\(folder.path)/\(UUID().uuidString)"
        try FileManager.default.copyItem(atPath: model, toPath: copy)
        let url = URL(fileURLWithPath: "\(copy)/\(file)")
        let text = (try? String(contentsOf: url, encoding: .utf8)) ?? ""
        try Data(change(text).utf8).write(to: url)
        return copy
      }
      try expect(
        ["chat_template.jinja:2", "no such role"], [],
        model: changed("chat_template.jinja") { _ in "{# #}\n{{ raise_exception('no such role') }}"
        })
      try expect(
        ["chat_template.jinja:1:"], [], model: changed("chat_template.jinja") { _ in "{% for %}" })
      let larger = try changed("tokenizer.json") { text in
        // More tokens than any rounding of the vocabulary leaves room for.
        let first = (text.matches(of: /: (\d+)/).compactMap { Int($0.1) }.max() ?? 0) + 1
        let tokens = (first..<first + 64).map {
          """
          {"id": \($0), "content": "<|\($0)|>", "single_word": false, "lstrip": false, \
          "rstrip": false, "normalized": false, "special": true},
          """
        }
        return text.replacing("\"added_tokens\": [", with: "\"added_tokens\": [" + tokens.joined())
      }
      try expect(["tokenizer.json", "vocab_size"], [], model: larger)
      try expect(
        ["config.json", "experts"], [],
        model: changed("config.json") {
          $0.replacing("\"use_cache\"", with: "\"num_experts\": 8, \"use_cache\"")
        })
      #expect(!FileManager.default.fileExists(atPath: folder.path("nothing")))
    }

    @Test(
      "Tokens, chats, log-likelihoods, LoRA losses and greedy answers agree with transformers and PEFT",
      .needs(.main))
    func counterparts() throws {
      let folder = try TemporaryFolder()
      let output = try Python.main.run(
        .script("check_folders.py"), [Repository.program("askew").path, folder.path])
      #expect(output.split(separator: "\n").count == 5, "\(output)")
    }
  }
}
