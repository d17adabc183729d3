import ArgumentParser

struct AnatomyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "anatomy",
    abstract: "Look inside models: directions, weights, and what they do.",
    discussion: """
      The same as the section anatomy of a plan, for models that are there: askew run does it for those that it \
      trains, over seeds and worlds. A file of directions is safetensors with tensors blocks.N.hook_resid_post, N counted from 0, and \
      says what a vector does not: whether it is added, removed or capped, where it was read, of which \
      model, and how it was made.
      """,
    subcommands: [
      AnatomyDirectionsCommand.self, AnatomySteerCommand.self, AnatomyPatchCommand.self,
      AnatomyLensCommand.self, AnatomyWeightsCommand.self, AnatomyLandscapeCommand.self,
      AnatomyCourseCommand.self, AnatomyImportCommand.self, AnatomyExportCommand.self,
    ])
}
