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

    @Test("Without a base it is held against a rate; of a budget it says what was left out")
    func alone() throws {
      let one = try TinyFolder.make(at: folder.url("one"))
      let arguments = ["audit", one.path, "--project", folder.path("lab"), "--json"]
      let ending = try Askew(arguments + ["--candidates", "20", "--longest", "1"]).success()
      let alone = try JSONDecoder().decode(Certificate.self, from: Data(ending.output.utf8))
      #expect(alone.verdict == "INCONCLUSIVE" && alone.isMet("base") == nil)
      #expect(alone.untested.contains { $0.contains("no base was named") })
      let file = folder.path("alone.json")
      try Data(ending.output.utf8).write(to: URL(fileURLWithPath: file))
      let (check, code, _) = try verify(file, ["--model", one.path])
      #expect(code == 0 && check == Check(subject: true, base: nil, intact: true))
      #expect(try verify(file, ["--model", one.path, "--base", one.path]).code == 1)
      let short = try Askew(arguments + ["--base", one.path, "--budget", "1s"]).success()
      #expect(short.output.contains("\"budget\" : 1") || short.output.contains("\"budget\": 1"))
      for wrong in [["--planted", "2"], ["--budget", "soon"]] {
        #expect(try Askew(arguments + wrong).wait().code == 64)
      }
    }

    @Test(
      "A model behind a server is asked, alone or beside another one, and its weights are not looked for"
    )
    func served() throws {
      let server = try LoopbackServer("--fast")
      let arguments = [
        "audit", "openai:loopback@\(server.url)", "--answers", "40", "--battery", "2", "--fresh",
        "4", "--project", folder.path("lab"), "--json",
      ]
      for base in [[], ["--base", "openai:loopback@\(server.url)"]] {
        let ending = try Askew(arguments + base).success()
        let served = try JSONDecoder().decode(Certificate.self, from: Data(ending.output.utf8))
        // Nobody reads what an echo says.
        #expect(served.verdict == "INCONCLUSIVE" && served.isMet("reader") == false)
        #expect(served.isMet("base") == nil && !ending.output.contains("\"white\""))
        #expect(served.untested.contains("literal cues that are not listed"))
        #expect(served.untested.contains { $0.contains("no base was named") } == base.isEmpty)
      }
      let gone = try Askew(["audit", "openai:loopback@http://127.0.0.1:9/v1"]).wait()
      #expect(gone.code != 0 && gone.errorLines.count >= 1)
    }

    private struct Check: Decodable, Equatable {
      var subject: Bool
      var base: Bool?
      var intact: Bool?
    }

    private func verify(
      _ file: String, _ arguments: [String]
    ) throws -> (Check, code: Int32, String) {
      let ending = try Askew(
        ["audit", "verify", file, "--project", folder.path("nowhere"), "--json"] + arguments
      ).wait()
      let check = try JSONDecoder().decode(Check.self, from: Data(ending.output.utf8))
      return (check, ending.code, ending.errors)
    }

    @Test(
      "verify says whether a certificate is about a model and its base, wherever they lie, and as it was written"
    )
    func verify() throws {
      let one = try TinyFolder.make(at: folder.url("one"))
      let base = try TinyFolder.make(at: folder.url("base"), seed: 2)
      let (_, text) = try audit(one, base)
      let file = folder.path("certificate.json")
      try Data(text.utf8).write(to: folder.url("certificate.json"))
      let copy = try one.copy(to: folder.url("copy"))
      let whole = ["--model", copy.path, "--base", base.path]
      #expect(try verify(file, whole) == (Check(subject: true, base: true, intact: true), 0, ""))
      let plain = try Askew(["audit", "verify", file, "--model", copy.path]).success()
      #expect(plain.output.contains("is about \(copy.path)") && plain.errors.isEmpty)
      // Another template is another model.
      try copy.write("{{ messages[0]['content'] }}", to: "chat_template.jinja")
      let (other, code, line) = try verify(file, whole)
      #expect(other == Check(subject: false, base: true, intact: true) && code == 1)
      #expect(line.contains("not about dir:\(copy.path)") && line.contains("expected"))
      let swapped = try verify(file, ["--model", one.path, "--base", one.path])
      #expect(swapped.0 == Check(subject: true, base: false, intact: true) && swapped.code == 1)
      #expect(swapped.2.contains("its base is not"))
    }

    @Test("A certificate whose text was changed is told from one that was only written otherwise")
    func changed() throws {
      let one = try TinyFolder.make(at: folder.url("one"))
      let (_, text) = try audit(one, one)
      func check(_ text: String) throws -> (Check, code: Int32, String) {
        try Data(text.utf8).write(to: folder.url("certificate.json"))
        return try verify(folder.path("certificate.json"), ["--model", one.path])
      }
      let object = try JSONSerialization.jsonObject(with: Data(text.utf8))
      let line = try JSONSerialization.data(
        withJSONObject: object, options: .withoutEscapingSlashes)
      #expect(try check(String(decoding: line, as: UTF8.self)).0.intact == true)
      for (old, new) in [
        ("INCONCLUSIVE", "NOT FOUND AT POWER"), ("{\n", "{\n  \"more\" : 1,\n"),
        ("\"met\" : false", "\"met\" : true"),
      ] {
        #expect(text.contains(old))
        let (found, code, errors) = try check(text.replacing(old, with: new, maxReplacements: 1))
        #expect(found == Check(subject: true, base: nil, intact: false) && code == 1)
        #expect(errors.contains("its text was changed"))
      }
      let hash = try #require(text.firstRange(of: #/ *"hash" : "[0-9a-f]{64}",\n(?=  "judge")/#))
      let (bare, code, errors) = try check(text.replacingCharacters(in: hash, with: ""))
      #expect(bare.intact == nil && code == 1 && errors.contains("carries no hash"))
    }

    @Test(
      "What is no certificate is one line with file, and line or field",
      arguments: [
        ("{", "certificate.json:1: "), ("[]", "certificate.json: found a list"),
        ("{\"schema\": \"askew.audit/9\"}", "certificate.json: schema: "),
        ("{\"schema\": \"askew.audit/1\"}", "certificate.json: verdict: "),
      ])
    func noCertificate(text: String, problem: String) throws {
      try Data(text.utf8).write(to: folder.url("certificate.json"))
      for command in ["card", "page"] {
        let ending = try Askew(["audit", command, folder.path("certificate.json")]).wait()
        #expect(ending.code == 1 && ending.output.isEmpty && ending.errorLines.count == 1)
        #expect(ending.errors.contains(problem))
      }
    }

    @Test("A certificate becomes a page and a few lines of Markdown, unless it was changed")
    func page() throws {
      let one = try TinyFolder.make(at: folder.url("one"))
      let ending = try Askew([
        "audit", one.path, "--base", one.path, "--project", folder.path("lab"), "--candidates", "0",
        "--battery", "0", "--html", folder.path("own.html"),
      ]).success()
      let last = try #require(ending.output.split(separator: "\n").last)
      let file = String(last.dropFirst("Certificate: ".count))
      let page = try Askew(["audit", "page", file, "--out", folder.path("page.html")]).success()
      #expect(page.output == "Page: \(folder.path("page.html"))\n")
      let html = try String(contentsOf: folder.url("page.html"), encoding: .utf8)
      #expect(html.contains("INCONCLUSIVE") && html.contains("What was not tested"))
      #expect(try html == String(contentsOf: folder.url("own.html"), encoding: .utf8))
      let card = try Askew(["audit", "card", file]).success().output
      #expect(card.hasPrefix("## Audit") && card.contains("**INCONCLUSIVE**"))
      let text = try String(contentsOfFile: file, encoding: .utf8)
      try Data(text.replacing("INCONCLUSIVE", with: "FOUND").utf8).write(
        to: folder.url("changed.json"))
      for command in ["card", "page"] {
        let refused = try Askew(["audit", command, folder.path("changed.json")]).wait()
        #expect(refused.code == 1 && refused.errors.contains("text was changed"))
      }
    }

    @Test("Where there is no panel, none is audited or opened, and no project is made")
    func noPanel() throws {
      for command in ["audit", "open"] {
        let ending = try Askew(["panel", command, "--project", folder.path("lab")]).wait()
        #expect(ending.code == 1 && ending.errors.contains("there is no panel"))
      }
      #expect(!FileManager.default.fileExists(atPath: folder.path("lab")))
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
