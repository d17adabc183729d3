import Core
import Engine
import Formats
import Foundation
import Questions
import Store
import Templates
import TestSupport
import Testing
import Tuning

@Suite("Hashes of files are remembered")
struct FolderMemoryTests {
  private func identity(_ folder: TinyFolder, _ memory: FolderMemory) throws -> ModelIdentity {
    try ModelContent(of: ModelFolder(path: folder.path), adapter: nil, memory: memory).identity
  }

  private func bytes(of folder: TinyFolder, _ names: String...) throws -> Int64 {
    try names.reduce(0) { try $0 + FileStamp(of: "\(folder.path)/\($1)").size }
  }

  /// Waits until nothing in the folder was changed so lately that it would be read again.
  private func settle(_ folder: TinyFolder) throws {
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
    while try names.contains(where: {
      try FileStamp(of: "\(folder.path)/\($0)").isFresh(at: FileStamp.now)
    }) { usleep(50_000) }
  }

  @Test(
    "A process reads each file once, a project until it is changed; a time set back hides nothing")
  func remembered() throws {
    let place = try TemporaryFolder()
    let folder = try TinyFolder.make(at: place.url("model"))
    let store = try RunStore(folder: place.url("project"))
    let all = try bytes(of: folder, "model.safetensors", "tokenizer.json", "config.json")

    // What has just been written might be written again unseen: the next process reads it again.
    let early = FolderMemory(store: store)
    let first = try identity(folder, early)
    #expect(early.readByteCount == all)
    #expect(try identity(folder, early) == first)
    #expect(early.readByteCount == all)
    try settle(folder)
    let second = FolderMemory(store: store)
    #expect(try identity(folder, second) == first)
    #expect(second.readByteCount == all)

    // Now it is known, under whatever name.
    let third = FolderMemory(store: store)
    let link = place.url("link")
    try FileManager.default.createSymbolicLink(at: link, withDestinationURL: folder.url)
    #expect(try identity(folder, third) == first)
    #expect(try identity(TinyFolder(link), third) == first)
    #expect(third.readByteCount == 0)

    // Touched: read, and found to be the same.
    let weights = "\(folder.path)/model.safetensors"
    let old = try FileManager.default.attributesOfItem(atPath: weights)[.modificationDate]
    let time = try #require(old as? Date)
    try FileManager.default.setAttributes(
      [.modificationDate: time.addingTimeInterval(-1000)], ofItemAtPath: weights)
    let fourth = FolderMemory(store: store)
    #expect(try identity(folder, fourth) == first)
    #expect(try fourth.readByteCount == bytes(of: folder, "model.safetensors"))

    // Changed to the same size, and its time set back to what it was.
    try FileManager.default.setAttributes([.modificationDate: time], ofItemAtPath: weights)
    try settle(folder)
    _ = try identity(folder, FolderMemory(store: store))
    let before = try FileStamp(of: weights)
    let handle = try FileHandle(forUpdating: URL(filePath: weights))
    try handle.seek(toOffset: UInt64(before.size / 2))
    try handle.write(contentsOf: Data(count: 64))
    try handle.close()
    try FileManager.default.setAttributes([.modificationDate: time], ofItemAtPath: weights)
    let after = try FileStamp(of: weights)
    #expect(after.size == before.size && after.inode == before.inode)
    #expect(after.modified == before.modified && after.changed != before.changed)
    #expect(try identity(folder, FolderMemory(store: store)).weights != first.weights)
  }

  @Test("A file that is changed while it is in use is one clear error")
  func changed() async throws {
    let place = try TemporaryFolder()
    let folder = try TinyFolder.make(at: place.url("model"))
    func expectChange(_ name: String, _ body: () throws -> Void) {
      let error = #expect(throws: InputError.self) { try body() }
      #expect(error?.file?.hasSuffix(name) == true)
      #expect(error?.problem.hasPrefix("was changed while it was read") == true)
    }
    // Between opening and hashing.
    for name in ["model.safetensors", "tokenizer_config.json", "generation_config.json"] {
      let content = try ModelContent(
        of: ModelFolder(path: folder.path), adapter: nil, memory: FolderMemory())
      let file = folder.url.appending(path: name)
      let bytes = try Data(contentsOf: file)
      // Clocks of file systems tick every few milliseconds.
      usleep(50_000)
      try bytes.write(to: file)
      expectChange(name) { _ = try content.identity }
    }
    // Between hashing and reading for use.
    let loaded = try LoadedFolder(
      folder.path, adapter: nil, precision: .f32, omitsSystemPrompt: false)
    _ = try loaded.identity
    try folder.zeroMiddle()
    let pool = WorkerPool(threadCount: 1)
    defer { pool.stop() }
    var settings = AnswerSettings()
    settings.maximumTokens = 8
    let question = Question(
      id: "a", paraphrases: [Conversation([Message(role: .user, content: "What now?")])])
    let answers = AnswerRun(
      loaded, try [AskedPlace]([question], samples: 1), settings,
      store: try RunStore(folder: place.url("project")), name: "answers")
    let error = await #expect(throws: InputError.self) {
      _ = try await answers.run(on: pool, stop: StopRequest()) { _ in }
    }
    #expect(error?.file?.hasSuffix("model.safetensors") == true)
    #expect(error?.problem.hasPrefix("was changed while it was read") == true)
  }

  @Test("A stop ends the reading")
  func stopped() throws {
    let place = try TemporaryFolder()
    let folder = try TinyFolder.make(at: place.url("model"))
    let stop = StopRequest()
    stop.stop()
    #expect(throws: Interrupted.self) { try identity(folder, FolderMemory(stop: stop)) }
  }

  @Test("In a project a template goes on to write the day on which it was first used there")
  func dates() throws {
    let place = try TemporaryFolder()
    let folder = try TinyFolder.make(at: place.url("model"))
    func use(_ store: RunStore?) throws -> ModelUse {
      try LoadedFolder(
        folder.path, adapter: nil, precision: .f32, omitsSystemPrompt: false,
        memory: FolderMemory(store: store)
      ).use
    }
    #expect(try use(nil).dates.isEmpty)
    try folder.write(
      "{{ strftime_now('%Y-%m-%d') }}{% for m in messages %}{{ m['content'] }}{% endfor %}",
      to: "chat_template.jinja")
    let store = try RunStore(folder: place.url("project"))
    let fact = ProjectFact(rawValue: "templateTime")
    #expect(try store.content(of: fact) == nil)
    let first = try use(store)
    #expect(first.dates.count == 1)
    // As if that had been on another day.
    let day = TemplateTime(year: 2001, month: 2, day: 3)
    try store.set(fact, to: String(decoding: try JSONEncoder().encode(day), as: UTF8.self))
    let other = try use(store)
    #expect(other.dates == ["2001-02-03"])
    #expect(try other.identity == first.identity && other.fingerprint != first.fingerprint)
  }
}
