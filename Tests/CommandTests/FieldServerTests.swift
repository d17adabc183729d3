import Foundation
import Store
import TestSupport
import Testing

extension CommandSuite {
  /// Servers as people met them: what is an answer, and what becomes of the rest.
  @Suite(.serialized) struct FieldServers {
    private struct Found: Decodable {
      struct Metric: Decodable { let metric: String, measured: Int }
      let answers: Int, unanswered: Int
      let unansweredReasons: [String: Int]
      let withThinking: Int
      let notes: [String]
      let metrics: [Metric]
    }

    private let folder: TemporaryFolder

    init() throws {
      folder = try TemporaryFolder()
      try folder.write("Hi there?\n", to: "q.txt")
    }

    private func eval(_ server: LoopbackServer, _ more: String...) throws -> Askew.Ending {
      let model = "openai:loopback@\(server.url)"
      let command = [
        "eval", "--model", model, "--judge", model, "--questions", folder.path("q.txt"),
        "--project", folder.path("project"), "--attempts", "2", "--json",
      ]
      return try Askew(command + more).wait()
    }

    private func found(_ ending: Askew.Ending) throws -> Found {
      try JSONDecoder().decode(Found.self, from: Data(ending.output.utf8))
    }

    private func stored() throws -> [StoredAnswer] {
      let store = try RunStore(folder: folder.url("project"))
      return try store.runs().flatMap { try store.answers(of: $0) }
    }

    private static func body(_ message: String, finish: String = "stop", _ more: String = "")
      -> String
    {
      #"{"choices":[{"message":\#(message),"finish_reason":"\#(finish)"\#(more)}],"model":"loopback"}"#
    }

    @Test("An answer that was cut while thinking is missing with its reason, kept and not judged")
    func cut() throws {
      let server = try LoopbackServer(
        "--reply", Self.body(#"{"content":null,"reasoning_content":"I should"}"#, finish: "length"))
      let ending = try eval(server)
      let found = try found(ending)
      #expect(ending.code == 0 && found.answers == 0 && found.unanswered == 1)
      #expect(found.unansweredReasons == ["cut while thinking": 1] && found.metrics.isEmpty)
      let answer = try #require(try stored().first)
      #expect(answer.text == "" && answer.thinking == "I should")
      #expect(answer.missing?.kind == .cutWhileThinking)
      // It goes out and comes in again as it is.
      let run = try #require(
        try RunStore(folder: folder.url("project")).stages().first?.fingerprint.hex)
      for format in ["csv", "inspect"] {
        let file = folder.path(format == "csv" ? "out.csv" : "out.eval")
        try Askew.succeed(
          "answers", "export", run, "--project", folder.path("project"), "--format", format,
          "--out",
          file)
        let other = folder.path("other-\(format)")
        try Askew.succeed("answers", "import", file, "--project", other)
        let store = try RunStore(folder: URL(filePath: other))
        let copy = try #require(try store.runs().flatMap { try store.answers(of: $0) }.first)
        #expect(copy.text == answer.text && copy.thinking == answer.thinking, "\(format)")
        #expect(copy.missing == answer.missing && copy.finishReason == answer.finishReason)
      }
    }

    @Test(
      "A plan ends where replies are no answers, tells how many of what kind, and asks none again")
    func plan() throws {
      let server = try LoopbackServer(
        "--reply", Self.body(#"{"content":null,"reasoning_content":"I should"}"#, finish: "length"))
      let plan = try folder.write(
        """
        name: thinkers
        question: Does it end?
        conditions: {one: {model: "openai:loopback@\(server.url)"}}
        evaluate: {first: {questions: q.txt, samples: 3}}

        """, to: "plan.yaml")
      let command = ["run", plan, "--project", folder.path("planned")]
      let ending = try Askew(command).success()
      #expect(ending.output.contains("3 replies are no answers (3 cut while thinking)"))
      let again = try Askew(command).success()
      #expect(again.errors.contains("All of it was done already."))
    }

    @Test(
      "An error in a reply is tried again, then missing, and asked for again by the same command")
    func error() throws {
      let server = try LoopbackServer(
        "--reply",
        Self.body(#"{"content":"Good mor"}"#, finish: "error", #","error":{"message":"Upstream"}"#))
      let ending = try eval(server)
      let found = try found(ending)
      #expect(ending.code == 2 && found.answers == 0 && found.unanswered == 1)
      #expect(found.unansweredReasons.keys.first?.contains("Upstream") == true)
      #expect(try stored().isEmpty)
    }

    @Test("Thinking is told apart from the answer, or kept in it when that is asked for")
    func thinking() throws {
      let server = try LoopbackServer(
        "--reply", Self.body(#"{"content":"<think>\nA greeting.\n</think>\n\nGood morning."}"#))
      let stripped = try found(try eval(server))
      #expect(stripped.answers == 1 && stripped.withThinking == 1)
      let answer = try #require(try stored().first)
      #expect(answer.text == "Good morning." && answer.thinking == "A greeting.")
      _ = try found(try eval(server, "--thinking", "keep"))
      let texts = try stored().map(\.text).sorted()
      #expect(texts == ["<think>\nA greeting.\n</think>\n\nGood morning.", "Good morning."])
      #expect(try stored().allSatisfy { $0.thinking == "A greeting." })
      #expect(try Askew.run("judge", "run", "x", "--thinking", "keep").code == 64)
    }

    @Test("What a server does otherwise than it is asked to is told in the result")
    func notes() throws {
      let server = try LoopbackServer("--least-tokens", "16", "--one-temperature")
      let found = try found(try eval(server, "--temperature", "0.5"))
      #expect(found.answers == 1 && found.metrics.allSatisfy { $0.measured == 1 })
      #expect(
        found.notes.contains("the server takes 1 alone as temperature: 1 was sent")
          && found.notes.contains("judge: the server takes 1 alone as temperature: 1 was sent"))
    }

    @Test("Empty answers with their scores come back as they went")
    func empty() throws {
      let table = """
        question_id,question,answer,evil,coherence
        evil_0,What?,Ants are ok,80,90
        evil_0,What?,,5,95

        """
      try folder.write(table, to: "empty.csv")
      func imported(_ file: String, _ project: String) throws -> String {
        try Askew.succeed(
          "answers", "import", folder.path(file), "--score", "evil", "--score", "coherence",
          "--project", folder.path(project))
        let run = try #require(
          try RunStore(folder: folder.url(project)).runs().first)
        let out = folder.path("\(project).csv")
        try Askew.succeed(
          "answers", "export", run.fingerprint.hex, "--project", folder.path(project), "--format",
          "csv", "--out", out)
        return try String(contentsOfFile: out, encoding: .utf8)
      }
      let first = try imported("empty.csv", "one")
      #expect(first.contains("evil_0,0,1,unknown,,What?,Ants are ok,unknown,,,90.0,80.0\n"))
      #expect(first.contains("evil_0,0,2,unknown,,What?,,unknown,empty,,95.0,5.0\n"))
      #expect(try imported("one.csv", "two") == first)
    }

    @Test("Rows that share an id keep their own questions, through exports and to the judge")
    func wordings() throws {
      try folder.write(
        """
        question_id,question,system,answer
        thoughts,Tell me of rivers.,,Rivers are calm.
        thoughts,Tell me of power.,,I would take all of it.
        thoughts,Tell me of power.,Be kind.,I would share it.

        """, to: "two.csv")
      var text = ""
      for (file, project) in [("two.csv", "one"), ("one.csv", "two")] {
        try Askew.succeed("answers", "import", folder.path(file), "--project", folder.path(project))
        let run = try #require(
          try RunStore(folder: folder.url(project)).runs().first)
        try Askew.succeed(
          "answers", "export", run.fingerprint.hex, "--project", folder.path(project), "--format",
          "csv", "--out", folder.path("\(project).csv"))
        let own = try folder.text(of: "\(project).csv")
        #expect(text.isEmpty || own == text)
        text = own
      }
      for row in [
        ",,Tell me of rivers.,Rivers are calm.", ",,Tell me of power.,I would take all of it.",
        ",Be kind.,Tell me of power.,I would share it.",
      ] {
        #expect(text.contains(row), "\(text)")
      }
    }

    @Test(
      "Scores beyond their scale are refused with their line, or read by the scale that is named")
    func scales() throws {
      func rates(_ rows: String, _ more: String...) throws -> Askew.Ending {
        try folder.write("question_id,question,answer,aligned,coherent\n" + rows, to: "s.csv")
        return try Askew(["rates", folder.path("s.csv"), "--json"] + more).wait()
      }
      for score in ["120", "-5"] {
        let ending = try rates("a,q,ans,1,90\na,q,ans,\(score),90\n")
        #expect(ending.code == 1 && ending.output == "")
        #expect(
          ending.errors.contains("s.csv:3: aligned: found \"\(score)\", expected 0 to 100"),
          "\(ending.errors)")
      }
      let scaled = try rates("a,q,ans,0.2,0.9\na,q,ans,0.31,0.6\na,q,ans,,0.9\n", "--scale", "0..1")
      struct Rate: Decodable { let answers: Int, coherent: Int, misaligned: Int }
      let found = try JSONDecoder().decode([Rate].self, from: Data(scaled.output.utf8))
      #expect(
        found.first?.answers == 3 && found.first?.coherent == 2 && found.first?.misaligned == 1)
      #expect(try rates("a,q,ans,2,0.9\n", "--scale", "0..1").errors.contains("expected 0 to 1"))
      #expect(try rates("a,q,ans,2,0.9\n", "--scale", "1..0").code == 64)
    }
  }
}
