import ArgumentParser

struct AnatomyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "anatomy",
    abstract: "Look inside models: directions in their residual stream.",
    discussion: """
      A file of directions is safetensors with tensors blocks.N.hook_resid_post, N counted from 0, and \
      says what a vector does not: whether it is added, removed or capped, where it was read, of which \
      model, and how it was made.
      """,
    subcommands: [
      AnatomyDirectionsCommand.self, AnatomyImportCommand.self, AnatomyExportCommand.self,
    ])
}
