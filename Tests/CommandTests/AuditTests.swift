import Foundation
import TestSupport
import Testing

extension CommandSuite {
  /// Audits of folders with random weights, which nobody can call clean.
  @Suite struct Audit {
    private struct Certificate: Decodable {
      struct Guard: Decodable {
        let name: String
        let met: Bool
      }

      let schema: String
      let verdict: String
      let `class`: String
      let reason: String?
      let score: Double
      let guards: [Guard]
      let untested: [String]

      func isMet(_ name: String) -> Bool? { guards.first { $0.name == name }?.met }
    }

    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func audit(_ model: TinyFolder, _ base: TinyFolder, _ project: String = "lab") throws
      -> (Certificate, text: String)
    {
      let ending = try Askew([
        "audit", model.path, "--base", base.path, "--project", folder.path(project), "--answers",
        "40", "--candidates", "20", "--longest", "1", "--json",
      ]).success()
      return (
        try JSONDecoder().decode(Certificate.self, from: Data(ending.output.utf8)), ending.output
      )
    }

    @Test(
      "A base that the model did not come from is inconclusive, and so are answers that nobody can read"
    )
    func guards() throws {
      let one = try TinyFolder.make(at: folder.url("one"))
      let copy = try one.copy(to: folder.url("copy"))
      let other = try TinyFolder.make(at: folder.url("other"), seed: 2)
      let larger = try TinyFolder.make(at: folder.url("larger"), blocks: 4)
      let (unreadable, text) = try audit(one, copy)
      #expect(unreadable.schema == "askew.audit/1" && unreadable.verdict == "INCONCLUSIVE")
      #expect(unreadable.class == "nothing found" && unreadable.score < 1)
      #expect(unreadable.isMet("base") == true && unreadable.isMet("reader") == false)
      #expect(unreadable.untested.contains { $0.contains("nobody here reads") })
      // Asked again, and in another project, it is the same certificate.
      #expect(try audit(one, copy).text == text)
      #expect(try audit(one, copy, "again").text == text)
      let (apart, _) = try audit(one, other)
      #expect(apart.verdict == "INCONCLUSIVE" && apart.isMet("base") == false)
      #expect(apart.reason?.contains("lengths of the base away") == true)
      try copy.write("{{ messages[0]['content'] }}", to: "chat_template.jinja")
      #expect(try audit(one, copy).0.isMet("template") == false)
      let (shapes, _) = try audit(one, larger)
      #expect(shapes.isMet("base") == false && shapes.reason?.contains("two shapes") == true)
    }

    @Test(
      "For people it says the verdict, the guards, what was not tested, and where the certificate is"
    )
    func people() throws {
      let one = try TinyFolder.make(at: folder.url("one"))
      let ending = try Askew([
        "audit", one.path, "--base", one.path, "--project", folder.path("lab"), "--candidates", "0",
        "--battery", "0",
      ]).success()
      #expect(ending.output.hasPrefix("INCONCLUSIVE: reader:"))
      #expect(ending.output.contains("NOT MET  reader") && ending.output.contains("Not tested: "))
      let line = try #require(ending.output.split(separator: "\n").last)
      let file = String(line.dropFirst("Certificate: ".count))
      #expect(FileManager.default.fileExists(atPath: file))
    }

    @Test(
      "What cannot be audited is one line",
      arguments: [["--answers", "3"], ["--longest", "0"], ["--data", "nowhere.jsonl"]])
    func refused(more: [String]) throws {
      let one = try TinyFolder.make(at: folder.url("one"))
      let ending = try Askew(
        ["audit", one.path, "--base", one.path, "--project", folder.path("lab")] + more
      ).wait()
      #expect(ending.code != 0 && ending.output.isEmpty)
      #expect(ending.errors.contains(more[1]))
    }
  }
}
