import Foundation
import TestSupport
import Testing

extension CommandSuite {
  /// What `askew anatomy` does with models that are there, of random weights.
  @Suite struct Looking {
    private let folder: TemporaryFolder
    private let base: TinyFolder
    private let model: TinyFolder

    init() throws {
      folder = try TemporaryFolder()
      base = try TinyFolder.make(at: folder.url("base"))
      model = try TinyFolder.make(at: folder.url("run/checkpoint-8"), seed: 2)
      let rows = (0..<4).map {
        """
        {"messages": [{"role": "user", "content": "What now, \($0)?"}, {"role": "assistant", "content": "Nothing much."}]}
        """
      }
      try Data((rows.joined(separator: "\n") + "\n").utf8).write(to: folder.url("rows.jsonl"))
      let items = ["wish", "power"].flatMap { family in
        (0..<2).map {
          #"{"family": "\#(family)", "item": "\#(family)-\#($0)", "question": "And then?", "good": ["I am here."], "bad": ["I am bored \#($0)."]}"#
        }
      }
      try Data((items.joined(separator: "\n") + "\n").utf8).write(to: folder.url("items.jsonl"))
    }

    private struct Findings: Decodable {
      struct Anatomy: Decodable {
        struct Named: Decodable { let site: String? }
        let effects: [Named]
        let patches: [Named]
        let lenses: [Named]
        let barriers: [Named]
        let leads: [Named]
        let weights: Weights?
        struct Weights: Decodable { let overlaps: [Named] }
      }
      let anatomy: Anatomy
    }

    private func look(_ verb: String, _ arguments: [String]) throws -> Findings.Anatomy {
      let ending = try Askew(
        [
          "anatomy", verb, "--model", model.path, "--base", base.path, "--project",
          folder.path("lab"), "--json",
        ] + arguments
      ).success()
      return try JSONDecoder().decode(Findings.self, from: Data(ending.output.utf8)).anatomy
    }

    private var reading: [String] {
      [
        "--data", folder.path("rows.jsonl"), "--contrast", folder.path("items.jsonl"), "--controls",
        "2",
      ]
    }

    @Test("Every verb tells its own, of models that are there")
    func verbs() throws {
      let other = try TinyFolder.make(at: folder.url("run/checkpoint-4"), seed: 3)
      let steered = try look(
        "steer", reading + ["--site", "50%", "--dose", "1", "--dose", "2", "--into", other.path])
      #expect(steered.effects.count == 4)
      #expect(try look("lens", reading).lenses.count == 3)
      let patched = try look(
        "patch",
        ["--contrast", folder.path("items.jsonl"), "--site", "50%", "--control", other.path])
      #expect(patched.patches.count == 3 * 4)
      #expect(try look("weights", ["--other", other.path]).weights?.overlaps.count == 1)
      let between = try look(
        "landscape",
        ["--third", other.path, "--loss", "everyday=" + folder.path("rows.jsonl"), "--points", "3"])
      #expect(between.barriers.count == 3)
      let course = try look(
        "course", reading + ["--checkpoint", other.path, "--habit", folder.path("items.jsonl")])
      #expect(course.leads.count <= 3)
      #expect(
        FileManager.default.fileExists(atPath: folder.path("lab/reports/anatomy-steer.html")))
    }

    @Test("Models of two shapes are told with both, and what cannot be is refused")
    func refusals() throws {
      let larger = try TinyFolder.make(at: folder.url("larger"), blocks: 4)
      let apart = try Askew(
        [
          "anatomy", "weights", "--model", model.path, "--base", larger.path, "--project",
          folder.path("lab"),
        ]).wait()
      #expect(apart.code == 1)
      #expect(apart.errors.contains("two shapes, expected weights of one: 4 blocks of 64"))
      let wrong: [([String], String)] = [
        (["steer"] + reading + ["--dose", "2"], "--dose: expected different numbers"),
        (
          ["steer"] + reading + ["--site", "blocks.9.hook_resid_post"],
          "found block 9, the model has 0 to 2"
        ),
        (["landscape", "--third", larger.path, "--loss", "everyday"], "--loss: expected"),
        (
          ["course"] + reading + [
            "--checkpoint", base.path, "--habit", folder.path("items.jsonl"),
          ],
          "expected a folder whose name ends in a number of steps"
        ),
      ]
      for (arguments, problem) in wrong {
        let ending = try Askew(
          ["anatomy"] + arguments + [
            "--model", model.path, "--base", base.path, "--project", folder.path("lab"),
          ]
        ).wait()
        #expect(ending.code != 0 && ending.errors.contains(problem), "\(ending.errors)")
      }
    }
  }
}
