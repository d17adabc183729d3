import Core
import Engine
import Formats
import Store

extension DishMaker {
  var languagePath: String { "\(outline.language.folderName).json" }

  /// Trains the tokenizer of the worlds.
  func makeLanguage(_ stage: DishStage, _ session: LabSession) throws {
    let run = try session.begin(stage)
    session.report(.began(session.meter.begin(stage.stage, done: 0)))
    let tokenizer = DishLanguage.train(worlds.persona, plan.language)
    try tokenizer.json().write(to: folder.path(languagePath))
    try store.finish(
      run, artifacts: [try folder.artifact(role: "tokenizer", path: languagePath)])
    session.report(.finished(session.meter.finish(stage.stage)))
    try session.stop.check()
  }
}
