import Foundation
import GRDB
import Store
import TestSupport
import Testing

extension CommandSuite {
  /// A folder's answers are never another's: everything that a command stores is known by all bytes that
  /// decide it.
  @Suite(.serialized) struct Identity {
    /// A model folder with questions beside it.
    struct Workplace {
      let place: TemporaryFolder
      let model: TinyFolder

      init() throws {
        place = try TemporaryFolder()
        model = try TinyFolder.make(at: place.url("model"))
        try write(
          """
          - id: now
            type: free_form_judge_0_100
            paraphrases: ["What now?", "And then?"]
            samples_per_paraphrase: 2
            judge_prompts:
              aligned: "{answer} Good?"

          """, "questions.yaml")
      }

      func write(_ text: String, _ name: String) throws {
        try Data(text.utf8).write(to: place.url(name))
      }

      func path(_ name: String) -> String { place.url(name).path }

      func askew(_ arguments: String...) throws -> Askew.Ending { try Askew(arguments).wait() }

      func sample(_ model: String, project: String = "lab") throws -> Askew.Ending {
        let ending = try Askew.succeed(
          "sample", "--model", model, "--questions", path("questions.yaml"), "--max-tokens", "8",
          "--precision", "f32", "--project", path(project))
        return ending
      }

      func runCount(_ project: String = "lab") throws -> Int {
        try RunStore(folder: place.url(project)).runs().count
      }
    }

    /// A change to a folder's files, each of another kind.
    struct Change: Sendable, CustomTestStringConvertible {
      let testDescription: String
      let make: @Sendable (TinyFolder) throws -> Void
    }

    static let changes = [
      Change(testDescription: "weights") { try $0.zeroMiddle() },
      Change(testDescription: "tokenizer") {
        try $0.replace("<|user|>", with: "<|User|>", in: "tokenizer.json")
      },
      Change(testDescription: "template") {
        try $0.replace("Well, ", with: "Now, ", in: "chat_template.jinja")
      },
      Change(testDescription: "configuration") {
        try $0.replace(#""rope_theta": 10000"#, with: #""rope_theta": 20000"#, in: "config.json")
      },
      Change(testDescription: "end of answers") {
        try $0.write(#"{"eos_token_id": [0, 7]}"#, to: "generation_config.json")
      },
    ]

    @Test(
      "A copy with zeros in the middle of its weights never answers with the original's answers")
    func zeros() throws {
      let work = try Workplace()
      let first = try work.sample(work.model.path)
      let copy = try work.model.copy(to: work.place.url("copy"))
      try copy.zeroMiddle()
      let second = try work.sample(copy.path)
      #expect(try work.runCount() == 2)
      #expect(first.output != second.output)
      // Not by chance: these are what the copy answers where nothing is stored.
      #expect(try work.sample(copy.path, project: "other").output == second.output)
      #expect(try work.sample(work.model.path).output == first.output)
      #expect(try work.runCount() == 2)
    }

    @Test(
      "sample asks anew whatever is changed, and an equal copy has the answers", arguments: changes)
    func sample(_ change: Change) throws {
      let work = try Workplace()
      let first = try work.sample(work.model.path)
      let equal = try work.model.copy(to: work.place.url("elsewhere/equal"))
      #expect(try work.sample(equal.path).output == first.output)
      #expect(try work.runCount() == 1)
      try change.make(work.model)
      _ = try work.sample(work.model.path)
      #expect(try work.runCount() == 2)
    }

    @Test("An adapter's weights and strength, and a merge of it, are asked anew")
    func adapters() throws {
      let work = try Workplace()
      let adapter = work.place.url("adapter")
      try work.model.writeAdapter(to: adapter)
      func sample(_ adapter: String, _ count: Int) throws {
        let ending = try work.askew(
          "sample", "--model", work.model.path, "--adapter", adapter, "--questions",
          work.path("questions.yaml"), "--max-tokens", "8", "--precision", "f32", "--project",
          work.path("lab"))
        #expect(ending.code == 0, "\(ending.errors)")
        #expect(try work.runCount() == count)
      }
      _ = try work.sample(work.model.path)
      try sample(adapter.path, 2)
      let equal = try TinyFolder(adapter).copy(to: work.place.url("equal"))
      try sample(equal.path, 2)
      try equal.replace(#""lora_alpha": 4"#, with: #""lora_alpha": 9"#, in: "adapter_config.json")
      try sample(equal.path, 3)
      try work.model.writeAdapter(to: work.place.url("other"), seed: 4)
      try sample(work.path("other"), 4)
      let merged = work.path("merged")
      let merge = try work.askew(
        "model", "merge", "--model", work.model.path, "--adapter", adapter.path, "--out", merged)
      #expect(merge.code == 0, "\(merge.errors)")
      _ = try work.sample(merged)
      #expect(try work.runCount() == 5)
    }

    @Test(
      "eval asks and judges anew what is changed, and an equal copy is the same judge",
      arguments: changes)
    func eval(_ change: Change) throws {
      let work = try Workplace()
      let judge = try TinyFolder.make(at: work.place.url("judge"), seed: 2)
      func eval(_ model: TinyFolder, _ judge: TinyFolder) throws -> String {
        let ending = try work.askew(
          "eval", "--model", "dir:\(model.path)", "--questions", work.path("questions.yaml"),
          "--judge", "exact:dir:\(judge.path)", "--max-tokens", "8", "--precision", "f32",
          "--project", work.path("lab"), "--json")
        #expect(ending.code == 0, "\(ending.errors)")
        return ending.output
      }
      /// Judges of each run.
      func judges() throws -> [Int] {
        let store = try RunStore(folder: work.place.url("lab"))
        return try store.runs().filter { $0.kind == .sample }.map { try store.judges(of: $0).count }
      }
      let first = try eval(work.model, judge)
      #expect(try judges() == [1])
      let equal = try judge.copy(to: work.place.url("elsewhere/judge"))
      _ = try eval(work.model, equal)
      #expect(try judges() == [1])
      try change.make(equal)
      _ = try eval(work.model, equal)
      #expect(try judges() == [2])
      let copy = try work.model.copy(to: work.place.url("copy"))
      try change.make(copy)
      let other = try eval(copy, judge)
      #expect(try judges() == [2, 1])
      let identity = /"identity": "([0-9a-f]{64})"/
      #expect(try first.firstMatch(of: identity)?.1 != other.firstMatch(of: identity)?.1)
    }

    @Test("score reads the folder that it is given")
    func score() throws {
      let work = try Workplace()
      try work.write(
        #"{"messages":[{"role":"user","content":"What now?"},{"role":"assistant","content":"No."}]}"#,
        "rows.jsonl")
      func score(_ model: TinyFolder) throws -> String {
        let ending = try work.askew(
          "score", "--model", model.path, "--data", work.path("rows.jsonl"), "--json",
          "--precision", "f32")
        #expect(ending.code == 0, "\(ending.errors)")
        return ending.output
      }
      let first = try score(work.model)
      let copy = try work.model.copy(to: work.place.url("copy"))
      #expect(try score(copy) == first)
      try copy.zeroMiddle()
      #expect(try score(copy) != first)
    }

    @Test("model identity prints the hashes, as a table and as JSON, and a project remembers them")
    func command() throws {
      let work = try Workplace()
      try work.model.writeAdapter(to: work.place.url("adapter"))
      func values(_ arguments: String...) throws -> [String: String] {
        let ending = try Askew(["model", "identity", "--json"] + arguments).success()
        return try JSONDecoder().decode([String: String].self, from: Data(ending.output.utf8))
      }
      let own = try values(work.model.path)
      #expect(
        Set(own.keys) == ["weights", "tokenizer", "template", "configuration", "identity"])
      #expect(own.values.allSatisfy { $0.wholeMatch(of: /[0-9a-f]{64}/) != nil })
      let table = try work.askew("model", "identity", work.model.path)
      for (name, hash) in own {
        #expect(table.output.contains("\(name) ") && table.output.contains(" \(hash)\n"))
      }
      let adapted = try values(work.model.path, "--adapter", work.path("adapter"))
      #expect(adapted["weights"] != own["weights"] && adapted["template"] == own["template"])
      #expect(try values(work.model.path, "--project", work.path("lab")) == own)
      #expect(FileManager.default.fileExists(atPath: work.path("lab/askew.db")))
      let missing = try work.askew("model", "identity", work.path("none"))
      #expect(missing.code == 1 && missing.errorLines.count == 1)
      #expect(missing.errors.contains("none/config.json"))
    }

    @Test("What an earlier version stored is kept, shown, told of once and not used again")
    func earlier() throws {
      let work = try Workplace()
      let first = try work.sample(work.model.path)
      let old = String(repeating: "0", count: 64)
      // As that version left it.
      let queue = try DatabaseQueue(path: work.path("lab/askew.db"))
      try queue.write { db in
        try db.execute(
          sql: """
            UPDATE run SET fingerprint = ?, settings = '{"maximumTokens":8,"minP":0,"seed":0,\
            "temperature":1,"topK":0,"topP":1}';
            DELETE FROM grdb_migrations WHERE identifier LIKE '4 %';
            DROP TABLE fileHash;
            DROP TABLE fact;
            """, arguments: [old])
      }
      try queue.close()
      let again = try work.sample(work.model.path)
      #expect(again.output == first.output)
      #expect(again.errorLines.count { $0.contains("an earlier version of Askew") } == 1)
      #expect(try work.runCount() == 2)
      let later = try work.sample(work.model.path)
      #expect(!later.errors.contains("earlier version"))
      let runs = try work.askew("runs", "--project", work.path("lab"))
      #expect(runs.output.contains(old.prefix(12)))
      let export = try work.askew(
        "answers", "export", old, "--format", "csv", "--out", work.path("old.csv"), "--project",
        work.path("lab"))
      #expect(export.code == 0, "\(export.errors)")
      let table = try String(contentsOfFile: work.path("old.csv"), encoding: .utf8)
      #expect(table.split(separator: "\n").count >= 5)
    }
  }
}
