import Core
import Corpora
import Dish
import Formats
import Plans
import Tuning

/// What models in folders are given to read.
extension FolderMaker {
  func shape(of model: PlannedModel) throws -> ModelConfiguration {
    if case .named(.folder(let path)) = model.source {
      return try options.memory.folder(at: path).check().configuration
    }
    guard let base, model.endpoint == nil else {
      throw InputError(
        "\(model.name.onOneLine): nobody can look into a model behind a server; read its folder")
    }
    return base.summary.configuration
  }

  func rows(
    of data: [PlanData], count: Int, for model: PlannedModel
  ) throws -> [Conversation] {
    var files = DataFiles()
    try files.read(data.compactMap(\.file))
    return try world.fineTuningSet(
      files.parts(data), rows: count, seed: readingSeed(options.seed), files: files.sets
    ).rows
  }
}
