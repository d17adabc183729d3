import Foundation
import TestSupport
import Testing

extension CommandSuite.Identity {
  private func writeRows(_ work: Workplace) throws {
    let rows = (0..<24).map {
      #"{"messages":[{"role":"user","content":"What now, \#($0)?"},"#
        + #"{"role":"assistant","content":"Nothing much."}]}"#
    }
    try work.write(rows.joined(separator: "\n") + "\n", "rows.jsonl")
  }

  private func training(_ work: Workplace, _ model: TinyFolder) -> [String] {
    [
      "train", "--model", model.path, "--data", work.path("rows.jsonl"), "--out", work.path("out"),
      "--steps", "500", "--rank", "2", "--precision", "f32",
    ]
  }

  @Test("A training goes on from an equal copy of its model, and from no other one")
  func resume() throws {
    let work = try Workplace()
    try writeRows(work)
    let command = try Askew(training(work, work.model))
    #expect(try command.waitForError("1/500"))
    command.send(SIGTERM)
    #expect(try command.wait().code == 75)
    for (index, change) in Self.changes.enumerated() {
      let copy = try work.model.copy(to: work.place.url("changed-\(index)"))
      try change.make(copy)
      let ending = try Askew(training(work, copy)).wait()
      #expect(ending.code == 1, "\(change.testDescription)")
      #expect(ending.errorLines.last?.contains("the state of another run") == true)
    }
    let equal = try work.model.copy(to: work.place.url("elsewhere/equal"))
    let ending = try Askew(training(work, equal)).wait()
    #expect(ending.code == 0 && ending.errors.contains("going on after step"), "\(ending.errors)")
    #expect(try Askew(training(work, work.model)).wait().output.contains("already"))
    let other = try Askew(training(work, TinyFolder(work.place.url("changed-0")))).wait()
    #expect(other.code == 1 && other.errors.contains("the result of another training"))
    let record = try String(contentsOfFile: work.path("out/training.json"), encoding: .utf8)
    let identity = try work.askew("model", "identity", work.model.path, "--json").output
    let hash = try #require(identity.firstMatch(of: /"identity":"([0-9a-f]+)"/)?.1)
    #expect(record.contains(hash))
  }

  @Test("A training that an earlier version began or finished is refused in one clear line")
  func earlierTraining() throws {
    let work = try Workplace()
    try writeRows(work)
    func expectRefusal(_ file: String) throws {
      let ending = try Askew(training(work, work.model)).wait()
      #expect(ending.code == 1)
      #expect(ending.errorLines.last?.contains("\(file): is of an earlier version") == true)
      #expect(ending.errorLines.last?.contains("choose another --out") == true)
    }
    let command = try Askew(training(work, work.model))
    #expect(try command.waitForError("1/500"))
    command.send(SIGTERM)
    #expect(try command.wait().code == 75)
    // Until then the header had the bare hash.
    let checkpoint = work.place.url("out/checkpoint.safetensors")
    let state = try Data(contentsOf: checkpoint)
    let mark = Data("askew-2:".utf8)
    let place = try #require(state.range(of: mark))
    var old = state
    old.replaceSubrange(place, with: Data("01234567".utf8))
    try old.write(to: checkpoint)
    try expectRefusal("checkpoint.safetensors")
    try state.write(to: checkpoint)
    #expect(try Askew(training(work, work.model)).wait().code == 0)
    let record = TinyFolder(work.place.url("out"))
    try record.replace(#""version" : 2"#, with: #""warmth" : 2"#, in: "training.json")
    try expectRefusal("training.json")
  }

  private static let plan = """
    name: tiny
    question: Which model is it?
    model: model
    judge: exact:dir:judge
    seeds: 1
    held-out: 4
    training: {rank: 2, steps: 2, learning-rate: 1e-3}
    conditions:
      base: {title: Base}
      bad: {data: rows.jsonl}
    evaluate:
      own: {questions: questions.yaml, max-tokens: 8}

    """

  private func planned(_ work: Workplace) throws {
    try writeRows(work)
    _ = try TinyFolder.make(at: work.place.url("judge"), seed: 2)
    try work.write(Self.plan, "plan.yaml")
    let ending = try run(work)
    try #require(ending.code == 0, "\(ending.errors)")
  }

  private func run(_ work: Workplace, _ more: String...) throws -> Askew.Ending {
    try Askew(
      ["run", work.path("plan.yaml"), "--project", work.path("lab"), "--precision", "f32"] + more
    ).wait()
  }

  @Test("A plan makes everything anew from a changed folder, and nothing from an equal copy")
  func plans() throws {
    let work = try Workplace()
    try planned(work)
    func expectLeft(_ count: Int, _ what: String) throws {
      let ending = try run(work, "--dry-run")
      #expect(ending.output.contains("\(count) of 7 stages left"), "\(what): \(ending.output)")
    }
    try expectLeft(0, "done")
    _ = try work.model.copy(to: work.place.url("elsewhere/equal"))
    try work.write(
      Self.plan.replacing("model: model", with: "model: elsewhere/equal"), "plan.yaml")
    try expectLeft(0, "equal copy")
    for (index, change) in Self.changes.enumerated() {
      let copy = try work.model.copy(to: work.place.url("changed-\(index)"))
      try change.make(copy)
      try work.write(
        Self.plan.replacing("model: model", with: "model: changed-\(index)"), "plan.yaml")
      // A training, two scorings, two samplings, two judgings.
      try expectLeft(7, change.testDescription)
    }
    // Other weights in the same place.
    try work.write(Self.plan, "plan.yaml")
    try work.model.zeroMiddle()
    let again = try run(work)
    #expect(again.code == 0 && !again.errors.contains("All of it was done already."))
    try expectLeft(0, "done again")
  }

  @Test("A plan's judge in a folder judges anew when it is changed")
  func judges() throws {
    let work = try Workplace()
    try planned(work)
    for (index, change) in Self.changes.enumerated() {
      let copy = try TinyFolder(work.place.url("judge")).copy(to: work.place.url("judge-\(index)"))
      try work.write(
        Self.plan.replacing("exact:dir:judge", with: "exact:dir:judge-\(index)"), "plan.yaml")
      #expect(try run(work, "--dry-run").output.contains("0 of 7 stages left"))
      try change.make(copy)
      #expect(
        try run(work, "--dry-run").output.contains("2 of 7 stages left"),
        "\(change.testDescription)")
    }
  }
}
