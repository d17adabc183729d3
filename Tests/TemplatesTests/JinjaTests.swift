import Documents
import Foundation
import TestSupport
import Testing

import Templates

/// Rendering against Jinja2 itself, set up by `transformers`.
@Suite("Jinja2 as counterpart", .needs(.main))
struct JinjaTests {
  struct Job {
    let label: String
    let template: String
    let variables: JSON
  }

  @Test("the templates of many model families render as in Jinja2")
  func families() throws {
    let listed = try python(["--list"], input: nil).members["templates"]?.elements ?? []
    // The tests' Python may be an older one of somebody's own; CI's has the templates.
    if listed.isEmpty, !isContinuousIntegration { return }
    #expect(listed.count > 50)
    var jobs: [Job] = []
    for template in listed {
      let name = try #require(template.members["name"]?.text)
      let source = try #require(template.members["source"]?.text)
      for (label, variables) in Conversations.all {
        jobs.append(Job(label: "\(name), \(label)", template: source, variables: variables))
      }
    }
    let report = try compare(jobs)
    print("templates: \(report)")
    #expect(report.texts > jobs.count / 2)
  }

  @Test("the fixture's cases give today what they gave")
  func fixture() throws {
    let fixture = try JSON(path: Fixture.path("templates/cases.json")).members
    let variables = try #require(fixture["variables"])
    let cases = try #require(fixture["cases"]).elements
    let jobs = cases.map {
      Job(
        label: $0.members["template"]?.text ?? "", template: $0.members["template"]?.text ?? "",
        variables: variables)
    }
    _ = try compare(jobs)
  }

  struct Report: CustomStringConvertible {
    var texts = 0
    var failures = 0
    var description: String { "\(texts) texts equal, \(failures) refused by both" }
  }

  /// Renders the jobs here and there; every difference is an issue.
  private func compare(_ jobs: [Job]) throws -> Report {
    let work: JSON = [
      "jobs": .array(jobs.map { ["template": .string($0.template), "variables": $0.variables] })
    ]
    let results = try #require(try python([], input: work).members["results"]).elements
    try #require(results.count == jobs.count)
    var report = Report()
    for (job, result) in zip(jobs, results.map(\.members)) {
      let text = result["text"]?.text
      switch outcome(
        of: job.template, name: job.label, job.variables.members.mapValues(\.value))
      {
      case .success(let rendered):
        #expect(
          text.map { $0.utf8.elementsEqual(rendered.text.utf8) } == true,
          """
          \(job.label): \(rendered.text.debugDescription)
          Jinja2: \(text?.debugDescription ?? result["error"]?.text ?? "")
          """)
        #expect(rendered.generatedSpans == result["generated"], "\(job.label)")
        report.texts += 1
      case .failure(let error):
        #expect(text == nil, "\(job.label) is refused here: \(error)")
        #expect(result["raised"] == .boolean(error.isRaised), "\(error)")
        if error.isRaised { #expect(result["error"]?.text == error.message) }
        report.failures += 1
      }
    }
    return report
  }

  /// What scripts/render_templates.py prints.
  private func python(_ arguments: [String], input: JSON?) throws -> JSON {
    let output = try Python.main.run(
      .script("render_templates.py"), arguments, input: input?.text() ?? "{}")
    return try JSON(bytes: Array(output.utf8))
  }
}

/// Chats as they come, with and without what templates treat specially.
enum Conversations {
  static let user: JSON = ["role": "user", "content": " What's 2 + 2?\n"]
  static let system: JSON = ["role": "system", "content": "Answer in <one> word."]
  static let answer: JSON = ["role": "assistant", "content": "Four. 🙂 \n"]
  static let thought: JSON = [
    "role": "assistant", "content": "<think>\nhm, é\n</think>\n\nFour.",
  ]
  static let more: JSON = ["role": "user", "content": "And 3 + 3? é 東京"]
  static let empty: JSON = ["role": "assistant", "content": ""]
  static let parts: JSON = [
    "role": "user",
    "content": [["type": "text", "text": "Look: "], ["type": "text", "text": "x"]],
  ]
  static let call: JSON = [
    "role": "assistant", "content": "",
    "tool_calls": [
      [
        "type": "function",
        "function": ["name": "add", "arguments": ["a": 2, "b": [1.5, nil, true], "c": "x\"é"]],
      ]
    ],
  ]
  static let result: JSON = ["role": "tool", "name": "add", "content": "{\"sum\": 4}"]
  static let tools: JSON = [
    [
      "type": "function",
      "function": [
        "name": "add", "description": "Adds two numbers.",
        "parameters": [
          "type": "object",
          "properties": [
            "a": ["type": "number", "description": "One"],
            "b": ["type": "array", "items": ["type": "number"]],
            "c": ["type": "string", "enum": ["x", "y"], "default": "x"],
          ],
          "required": ["a", "b"],
        ],
      ],
    ]
  ]

  static let all: [(String, JSON)] = {
    let chats: [(String, [JSON])] = [
      ("question", [user]), ("answer", [user, answer]), ("system", [system, user, answer]),
      ("two turns", [system, user, answer, more, answer]),
      ("thoughts", [user, thought, more, thought]),
      ("open", [user, answer, more]), ("empty answer", [user, empty]), ("parts", [parts, answer]),
      ("system alone", [system]), ("no turn", []), ("answer first", [answer, user]),
      ("two answers", [user, answer, thought]),
    ]
    var all: [(String, JSON)] = []
    for (label, messages) in chats {
      for prompt in [false, true] {
        all.append(("\(label), prompt \(prompt)", variables(messages, prompt: prompt)))
      }
    }
    let calls = [system, user, call, result, answer]
    all.append(("tools", variables(calls, prompt: false, ["tools": tools])))
    all.append(("tools, open", variables(calls.dropLast(), prompt: true, ["tools": tools])))
    all.append(("tool calls without tools", variables(calls, prompt: false)))
    all.append(("no thinking", variables([user], prompt: true, ["enable_thinking": false])))
    all.append(
      ("thinking", variables([user, thought, more], prompt: true, ["enable_thinking": true])))
    return all
  }()

  private static func variables(
    _ messages: some Sequence<JSON>, prompt: Bool, _ more: JSONObject = JSONObject()
  ) -> JSON {
    var object: JSONObject = [
      "messages": .array(Array(messages)), "add_generation_prompt": .boolean(prompt),
      "bos_token": "<s>", "eos_token": "</s>", "tools": nil, "documents": nil,
    ]
    for member in more.members {
      object.members.removeAll { $0.name == member.name }
      object.members.append(member)
    }
    return .object(object)
  }
}
