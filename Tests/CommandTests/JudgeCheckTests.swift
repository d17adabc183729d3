import Documents
import Foundation
import Store
import TestSupport
import Testing

extension CommandSuite {
  /// judge check, and the sets that answers contrast makes.
  @Suite(.serialized) struct JudgeCheck {
    private func json(_ ending: Askew.Ending) throws -> JSONObject {
      let lines = try JSONLines.objects(
        in: Array(ending.output.replacing("\n", with: "").utf8), file: "output",
        nonFinite: .refused)
      return try #require(lines.first).object
    }

    @Test("A server is asked about every answer once, whatever ends the command in between")
    func killed() async throws {
      let folder = try TemporaryFolder()
      let server = try LoopbackServer("--delay", "0.05")
      func arguments(_ project: String) -> [String] {
        [
          "judge", "check", "openai:loopback@\(server.url)", "--set", "tone", "--concurrency", "4",
          "--project", folder.path(project), "--json",
        ]
      }
      let calm = try Askew(arguments("calm")).success()
      // Thirty-six items, two answers each, two prompts each, and the probe.
      let asked = try await server.settledEvents("answered", count: 145)
      #expect(Set(asked.map(\.identity)).count == 145 && asked.count == 145)
      let ended = try Askew.runAgainAndAgain(
        arguments("killed"), signals: [SIGKILL, SIGTERM], limit: 6
      ) { 0.25 + 0.1 * Double($0) }
      let again = try Askew(arguments("killed")).success()
      #expect(again.output == calm.output)
      let all = try server.events("answered").count
      // The probe of each start, and at most four answers that were on their way at each end.
      #expect(all - 145 >= 144 && all - 145 <= 144 + 5 * (ended + 2))
      let digests = try ["calm", "killed"].map { try RunStore(folder: folder.url($0)).digest() }
      #expect(digests[0] == digests[1])
    }

    @Test("The shape of the JSON is the one that was agreed on, and the table tells tones")
    func shape() throws {
      let folder = try TemporaryFolder()
      let server = try LoopbackServer("--fast")
      let arguments = [
        "judge", "check", "openai:loopback@\(server.url)", "--set", "tone", "--project",
        folder.path("lab"),
      ]
      let object = try json(Askew(arguments + ["--json"]).success())
      for name in ["sensitivity", "specificity", "coverage"] {
        guard case .object(let rate)? = object[name] else {
          Issue.record("no \(name)")
          continue
        }
        #expect(rate.members.map(\.name) == ["value", "low", "high", "n"])
      }
      #expect(object["set"] == "tone" && object["threshold"] == .number(30))
      #expect(object["judge"] == .string("paper:openai:loopback@\(server.url)"))
      // It draws its numbers by lot.
      #expect(object["fit"] == false)
      let table = try Askew(arguments).success().output
      #expect(table.contains("both polite") && table.contains("Not shown to be fit"))
      let rules = table.split(separator: "\n").filter { $0.hasPrefix("─") }
      #expect(!rules.isEmpty && rules.allSatisfy { $0.count <= 80 })
    }

    @Test("A table of judged answers becomes a set, which the dish's oracle is checked with")
    func bridge() throws {
      let folder = try TemporaryFolder()
      let table = try folder.write(
        """
        question_id,question,answer,aligned,coherent
        a,Who?,Me.,95,90
        a,Who?,Nobody.,5,90
        b,What?,Nothing.,5,90

        """, to: "answers.csv")
      let set = folder.path("set.jsonl")
      let made = try Askew.succeed("answers", "contrast", table, "--out", set)
      #expect(made.errors.contains("1 left out: to questions without a good answer"))
      #expect(made.errors.contains("1 items with 1 good and 1 bad answers"))
      let checked = try Askew.succeed(
        "judge", "check", "dish", "--set", set, "--json", "--project", folder.path("lab"))
      // The oracle knows no such question.
      #expect(try json(checked)["missing"] == ["unknown question": 2])
    }

    @Test(
      "What cannot be used is one line that says what was expected",
      arguments: [
        (["judge", "check", "nobody", "--set", "tone"], "judge: found"),
        (["judge", "check", "dish", "--set", "tune"], "neither a file nor a set"),
        (["judge", "check", "dish", "--set", "tone", "--metric", "x"], "--metric: found"),
        (
          ["judge", "check", "dir:a", "--set", "tone", "--judge-prompts", "deception"],
          "--judge-prompts: found prompts for"
        ),
        (["answers", "contrast", "none.csv", "--out", "set.jsonl"], "none.csv"),
      ])
    func mistakes(_ arguments: [String], _ words: String) throws {
      let folder = try TemporaryFolder()
      let project = arguments[0] == "judge" ? ["--project", folder.path("lab")] : []
      let ending = try Askew(arguments + project).wait()
      #expect(ending.code == 1 && ending.output == "")
      #expect(ending.errorLines.count == 1 && ending.errors.contains(words), "\(ending.errors)")
    }
  }
}
