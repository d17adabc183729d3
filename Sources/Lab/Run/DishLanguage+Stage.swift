import Core
import Documents
import Engine
import Formats
import Store

extension DishLanguage {
  /// The tokenizer of the worlds: trained now, or read from its file.
  static func grown(
    _ stage: Stage, _ worlds: DishWorlds, _ session: LabSession
  ) throws -> DishLanguage {
    let folder = session.folder
    let path = "\(stage.folderName).json"
    let run = try session.begin(stage)
    if run.state == .done {
      session.meter.skip(stage)
      let tokenizer = try Tokenizer(json: JSON(path: folder.path(path)), file: folder.path(path))
      return try DishLanguage(tokenizer, file: folder.path(path))
    }
    session.report(.began(session.meter.begin(stage, done: 0)))
    let tokenizer = DishLanguage.train(worlds.persona, session.plan.language)
    try tokenizer.json().write(to: folder.path(path))
    try session.store.finish(run, artifacts: [try folder.artifact(role: "tokenizer", path: path)])
    session.report(.finished(session.meter.finish(stage)))
    try session.stop.check()
    return try DishLanguage(tokenizer)
  }
}

extension ProjectFolder {
  /// The stage's run, put back to work if its files are not what they were.
  func checked(
    _ stage: Stage, _ store: RunStore, _ report: (LabEvent) -> Void
  ) throws -> Run? {
    guard let run = try store.run(stage.fingerprint), run.state == .done,
      let damaged = try damaged(try store.artifacts(of: run))
    else { return try store.run(stage.fingerprint) }
    report(.notice("\(path(damaged.path)) is missing or damaged; \(stage.name) is done again"))
    try store.reopen(run)
    return try store.run(stage.fingerprint)
  }
}
