import Core
import Documents
import Foundation
import GRDB
import Lab
import Store
import TestSupport
import Testing

extension CommandSuite {
  @Suite(.serialized) struct DemoRuns {
    private func reference() throws -> SmallDemo.Reference { try SmallDemo.reference.get() }

    @Test("The demo makes a report, results and a table, and a second one finds all done")
    func endToEnd() throws {
      let reference = try reference()
      let table = reference.ending.output
      for word in [
        "Insecure", "Secure", "Educational", "Base", "LoRA", "null world", "proves nothing",
      ] {
        #expect(table.contains(word))
      }
      #expect(!reference.ending.errors.contains("\u{1B}"))
      // A table is as wide as the rule below its header.
      let rules = table.split(separator: "\n").filter { $0.hasPrefix("─") }
      #expect(!rules.isEmpty && rules.allSatisfy { $0.count <= 80 })
      guard case .array(let conditions)? = reference.results["conditions"] else {
        throw InputError("expected conditions")
      }
      #expect(conditions.count == 10)
      for condition in conditions {
        guard case .object(let all) = condition, case .array(let questions)? = all["questions"],
          case .object(let rate)? = all["misalignedOfCoherent"]
        else { throw InputError("expected questions and a rate") }
        #expect(questions.count >= 8)
        #expect(rate.members.map(\.name).sorted() == ["high", "low", "rate", "wilson"])
      }
      let report = try String(
        contentsOf: reference.folder.url("report.html"), encoding: .utf8)
      #expect(report.contains("proves nothing"))
      #expect(!report.contains("SQL("))

      let folder = try reference.copy()
      let again = try Askew(SmallDemo.arguments(folder.path)).wait()
      #expect(again.code == 0)
      #expect(again.errors.contains("done already"))
      #expect(again.output.replacing(folder.path, with: reference.folder.path) == table)
      #expect(
        try Data(contentsOf: folder.url("results.json"))
          == Data(contentsOf: reference.folder.url("results.json")))
    }

    @Test("report makes the same files again, and runs lists what is there")
    func reading() throws {
      let folder = try reference().copy()
      let file = folder.url("report.html")
      let before = try Data(contentsOf: file)
      try FileManager.default.removeItem(at: file)
      let scale = ["--seeds", "1", "--scale", "0.006"]
      try Askew(["report", "--project", folder.path] + scale).success()
      #expect(try Data(contentsOf: file) == before)
      let listed = try Askew.run("runs", "--json", "--project", folder.path)
      let runs = try JSONDecoder().decode([RunSummary].self, from: Data(listed.output.utf8))
      // A tokenizer, 2 worlds × 4 stages and 8 fine-tuned models × 3; the plan with 9 predictions, and the answers of
      // 10 models.
      #expect(runs.count == 1 + 2 * 4 + 8 * 3 + 1 + 9 + 10)
      #expect(runs.allSatisfy { $0.state == "done" && $0.waitsFor.isEmpty })
      #expect(runs.filter { $0.kind == "finetune" }.allSatisfy { $0.seconds > 0 && $0.steps > 0 })
    }

    @Test("A plan that was stopped says what its stages wait for")
    func waiting() throws {
      let folder = TemporaryFolder.unmade()
      let askew = try Askew(SmallDemo.arguments(folder.path))
      #expect(try askew.waitForError("base model, persona"))
      askew.send(SIGTERM)
      _ = try askew.wait()
      let listed = try Askew.run("runs", "--json", "--project", folder.path)
      let runs = try JSONDecoder().decode([RunSummary].self, from: Data(listed.output.utf8))
      let base = try #require(runs.first { $0.name == "base model, persona world" })
      let alignment = try #require(runs.first { $0.name == "alignment, persona world" })
      #expect(base.waitsFor.isEmpty && base.state != "done")
      #expect(alignment.state == "waiting" && alignment.waitsFor == [base.fingerprint])
    }

    @Test("askew run demo is the same plan, by its name and as a file")
    func sameAsRun() throws {
      let folder = try reference().copy()
      let before = try Data(contentsOf: folder.url("results.json"))
      let file = Repository.url("plans/demo.yaml").path
      for name in ["demo", file] {
        let ending = try Askew(["run", name] + SmallDemo.arguments(folder.path).dropFirst())
          .success()
        #expect(ending.errors.contains("All of it was done already."))
        #expect(try Data(contentsOf: folder.url("results.json")) == before)
      }
    }

    @Test("Killed twenty times, the demo ends up as if nothing had happened")
    func killed() throws {
      let reference = try reference()
      let folder = TemporaryFolder.unmade()
      var stream = SystemlessRandom(state: 20)
      var finishedEarly = 0
      for _ in 0..<20 {
        let askew = try Askew(SmallDemo.arguments(folder.path))
        let code = try askew.end(after: 0.05 + stream.uniform() * reference.seconds / 10).code
        try #require([-SIGKILL, 0].contains(code))
        if code == 0 { finishedEarly += 1 }
      }
      // Otherwise the kills were not spread over the demo.
      #expect(finishedEarly < 10)
      try Askew(SmallDemo.arguments(folder.path)).success()
      #expect(try SmallDemo.digest(folder) == reference.digest)
      #expect(try SmallDemo.results(folder) == reference.results)
      let queue = try DatabaseQueue(
        path: folder.url("askew.db").path)
      let counts = try queue.read { db in
        try (
          Int.fetchOne(db, sql: "SELECT count(*) FROM answer"),
          Int.fetchOne(
            db, sql: "SELECT count(*) FROM (SELECT DISTINCT run, question, sample FROM answer)"),
          Int.fetchOne(db, sql: "SELECT count(*) FROM verdict")
        )
      }
      #expect(counts.0 == counts.1)
      #expect(counts.0 == counts.2)
    }

    @Test("Ctrl-C ends with 130 and a termination with 75, and the same command goes on")
    func interrupted() throws {
      let reference = try reference()
      let folder = TemporaryFolder.unmade()
      for (signal, code) in [(SIGINT, Int32(130)), (SIGTERM, 75), (SIGINT, 130)] {
        let askew = try Askew(SmallDemo.arguments(folder.path))
        #expect(try askew.waitForError("base model, persona"))
        askew.send(signal)
        let ending = try askew.wait()
        #expect(ending.code == code)
        #expect(ending.errorLines.last?.contains("run the same command again") == true)
      }
      #expect(try Askew(SmallDemo.arguments(folder.path)).wait().code == 0)
      #expect(try SmallDemo.digest(folder) == reference.digest)
    }

    @Test("A second process on the same folder is told so, and disturbs nothing")
    func secondProcess() throws {
      let folder = TemporaryFolder.unmade()
      let first = try Askew(SmallDemo.arguments(folder.path))
      #expect(try first.waitForError("tokenizer"))
      for command in [SmallDemo.arguments(folder.path), ["runs", "--project", folder.path]] {
        let second = try Askew(command).wait()
        #expect(second.code == 1)
        #expect(
          second.errorLines.last?.contains("in use by process \(first.identifier)")
            == true)
      }
      first.send(SIGKILL)
      _ = try first.wait()
    }

    @Test("A damaged and a missing model are made again, to the same bytes")
    func damagedModel() throws {
      let reference = try reference()
      let folder = try reference.copy()
      let models = folder.url("models")
      let names = try FileManager.default.contentsOfDirectory(atPath: models.path)
      let base = try #require(names.first { $0.hasPrefix("aligned-persona") })
      let weights = models.appendingPathComponent("\(base)/model.safetensors")
      let good = try Data(contentsOf: weights)
      var bad = good
      bad[bad.count / 2] ^= 1
      try bad.write(to: weights)
      let adapter = try #require(names.first { $0.hasPrefix("insecure-lora") })
      try FileManager.default.removeItem(at: models.appendingPathComponent(adapter))
      let ending = try Askew(SmallDemo.arguments(folder.path)).wait()
      #expect(ending.code == 0)
      #expect(ending.errors.contains("\(weights.path) is missing or damaged"))
      #expect(ending.errors.contains("\(adapter)/"))
      #expect(try Data(contentsOf: weights) == good)
      #expect(try SmallDemo.digest(folder) == reference.digest)
      #expect(try SmallDemo.results(folder) == reference.results)
    }
  }
}

/// SplitMix64 once more, apart from the tested code.
struct SystemlessRandom {
  var state: UInt64
  mutating func uniform() -> Double {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return Double((z ^ (z >> 31)) >> 11) * 0x1p-53
  }
}
