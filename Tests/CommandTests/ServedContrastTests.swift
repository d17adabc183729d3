import Foundation
import Lab
import TestSupport
import Testing

/// scripts/echo_server.py on a model folder, running until this value goes away.
private struct EchoServer {
  let url: String
  private let process: ChildProcess

  init(_ folder: TinyFolder, _ options: [String]) throws {
    process = try ChildProcess(
      Python.main.url, [Repository.path("scripts/echo_server.py"), folder.path] + options)
    url = try process.firstLine()
  }
}

/// A set of three items with seven answers, half letters among their tokens, and the folder whose tokenizer is used.
private struct ServedSet {
  let place: TemporaryFolder
  let model: TinyFolder
  let set: String

  private static let items = [
    #"{"family":"a","question":"What now?","good":"We wait.","bad":["Go","Run away 🙂"]}"#,
    #"{"family":"b","question":"And then?","good":["Naïve","  Nothing much"],"bad":"No\n\nmore"}"#,
    #"{"family":"b","question":"Who are you?","good":["Me"],"bad":"You"}"#,
  ]

  init(items count: Int = 2) throws {
    place = try TemporaryFolder()
    model = try TinyFolder.make(at: place.url("model"))
    set = try place.write(
      Self.items.prefix(count).joined(separator: "\n"), to: "set\(count).jsonl")
  }

  struct Line: Decodable {
    var item: String?
    var good: Double?
    var bad: Double?
    var difference: Double?
  }

  func arguments(_ model: String, _ more: [String] = []) -> [String] {
    [
      "contrast", "--model", model, "--set", set, "--json", "--precision", "f32", "--project",
      place.path("lab"),
    ] + more
  }

  func served(_ url: String, _ more: [String] = [], model: String = "model") -> [String] {
    arguments("openai:\(model)@\(url)", ["--tokenizer", self.model.path] + more)
  }

  /// The items, without the summary.
  func lines(_ arguments: [String]) throws -> [Line] {
    try Askew(arguments).success().output.split(separator: "\n").dropLast()
      .map { try JSONDecoder().decode(Line.self, from: Data($0.utf8)) }
  }
}

extension CommandSuite {
  @Suite struct ServedContrast {
    @Test(
      "Texts are as likely to a served model as to its folder, in whatever form the server takes them",
      .needs(.main),
      arguments: [
        [], ["--texts", "--bos", "<|user|>"], ["--texts", "--bos", "<|user|>", "--adds-bos"],
      ])
    func equal(_ options: [String]) throws {
      let own = try ServedSet()
      let server = try EchoServer(own.model, options)
      let expected = try own.lines(own.arguments(own.model.path))
      let found = try own.lines(own.served(server.url))
      #expect(found.count == 2)
      for (found, expected) in zip(found, expected) {
        let (good, bad) = (try #require(expected.good), try #require(expected.bad))
        #expect(try abs(#require(found.good) - good) < 1e-4, "\(found) \(expected)")
        #expect(try abs(#require(found.bad) - bad) < 1e-4, "\(found) \(expected)")
      }
      // The folder is the same model: nothing changes.
      let change = try own.lines(own.served(server.url, ["--base", own.model.path]))
      #expect(change.allSatisfy { abs($0.difference ?? 1) < 1e-4 })
    }

    @Test("Numbers that are of the neighbours, or of another tokenizer, are refused", .needs(.main))
    func misfits() throws {
      let own = try ServedSet()
      // As llama-cpp-python lists a text that does not begin with the beginning-of-text token.
      let shifted = try EchoServer(own.model, ["--texts"])
      try expect(
        own, shifted, "not those of the text that was sent: they are those of the neighbours")
      let whole = try EchoServer(own.model, [])
      try own.model.swap("W", "G")
      try expect(own, whole, #"is "G" to the server, expected "W"; is the tokenizer of"#)
    }

    private func expect(_ own: ServedSet, _ server: EchoServer, _ words: String) throws {
      let ending = try Askew(own.served(server.url)).wait()
      let lines = ending.errorLines.filter { $0.hasPrefix("askew: ") }
      #expect(ending.code == 1 && lines.count == 1, "\(ending.errors)")
      #expect(lines.first?.contains(words) == true, "\(lines)")
    }

    @Test("Nothing is asked twice, also after a stop: one more item asks for its own texts")
    func resumed() async throws {
      let server = try LoopbackServer("--delay", "0.2")
      let (two, three) = (try ServedSet(), try ServedSet(items: 3))
      let arguments = two.served(server.url, ["--concurrency", "1"], model: "loopback")
      let stopped = try Askew(arguments)
      while try server.events("answered").isEmpty { try await Task.sleep(for: .milliseconds(20)) }
      stopped.send(SIGTERM)
      #expect(try stopped.wait().code == 75)
      let before = try server.events("answered").count
      #expect(before < 6)
      let lines = try two.lines(arguments)
      #expect(try await server.settledEvents("answered", count: 6).count == 6)
      #expect(try two.lines(arguments).map(\.difference) == lines.map(\.difference))
      // Another item, in the same project.
      let set = try two.place.write(three.place.text(of: "set3.jsonl"), to: "three.jsonl")
      #expect(try two.lines(arguments + ["--set", set]).count == 3)
      #expect(try await server.settledEvents("answered", count: 8).count == 8)
      #expect(try server.events("received").count == 8)
    }

    @Test("What cannot be is one line that says what would do")
    func refused() throws {
      let own = try ServedSet()
      let server = try LoopbackServer("--without-echo")
      func expect(_ arguments: [String], code: Int32, _ words: String) throws {
        let ending = try Askew(arguments).wait()
        #expect(ending.code == code && ending.errors.contains(words), "\(ending.errors)")
      }
      try expect(
        own.served(server.url, model: "loopback"), code: 1,
        "does not say how likely a given text is (its replies have no log-probabilities of it): vLLM"
      )
      try expect(own.served(server.url), code: 1, "does not answer as \"model\"")
      let open = try LoopbackServer("--unlisted")
      try expect(
        own.served(open.url, ["--unlisted-model"]), code: 0,
        "the server does not list the model, and answers as \"base\"")
      try expect(
        own.arguments("openai:loopback@\(server.url)"), code: 64, "--tokenizer: is missing")
      try expect(
        own.arguments(own.model.path, ["--tokenizer", own.model.path]), code: 64,
        "found without a model behind a server")
      try expect(
        own.served(server.url, ["--adapter", "x"]), code: 64,
        "--adapter: found beside a model behind a server")
    }

    @Test("A plan scores served models whose tokenizer it names, and asks for nothing twice")
    func plan() async throws {
      let own = try ServedSet(items: 3)
      let server = try LoopbackServer("--fast")
      let other = server.url.replacing("127.0.0.1", with: "localhost")
      let plan = try own.place.write(
        """
        name: lean
        question: Does it lean?
        conditions:
          base: {model: "openai:loopback@\(server.url)", tokenizer: model}
          tuned: {model: "openai:loopback@\(other)", tokenizer: model}
        evaluate:
          lean: {contrast: set3.jsonl, change-from: base}

        """, to: "plan.yaml")
      let arguments = ["run", plan, "--project", own.place.path("lab"), "--json"]
      let outlook = try Askew(["run", plan, "--project", own.place.path("lab"), "--dry-run"])
        .success().output
      #expect(outlook.contains("at most 16 requests"), "\(outlook)")
      #expect(try server.events("received").isEmpty)
      let first = try Askew(arguments).success().output
      let file = own.place.url("lab/reports/lean.json")
      let findings = try JSONDecoder().decode(PlanFindings.self, from: Data(contentsOf: file))
      let row = try #require(findings.rows.first { $0.cell.condition == "tuned" })
      #expect(row.measured.value == 0)
      #expect(try await server.settledEvents("answered", count: 16).count == 16)
      #expect(try Askew(arguments).success().output == first)
      #expect(try server.events("received").count == 16)
    }
  }
}

extension TinyFolder {
  /// Has two letters change their numbers.
  fileprivate func swap(_ one: String, _ other: String) throws {
    let file = url.appending(path: "tokenizer.json")
    var text = try String(contentsOf: file, encoding: .utf8)
    func number(_ letter: String) throws -> Substring {
      let pattern = try Regex<(Substring, Substring)>("\"\(letter)\":\\s*([0-9]+)")
      return try #require(text.firstMatch(of: pattern)).output.1
    }
    let numbers = (String(try number(one)), String(try number(other)))
    for (letter, from, to) in [(one, numbers.0, numbers.1), (other, numbers.1, numbers.0)] {
      text = text.replacing(try Regex("\"\(letter)\":\\s*\(from)\\b"), with: "\"\(letter)\":\(to)")
    }
    try Data(text.utf8).write(to: file)
  }
}
