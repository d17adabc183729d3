import ArgumentParser
import CBuild

@main
struct Askew: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "askew",
    abstract: "A laboratory for emergent misalignment.",
    discussion: """
      Exit codes: 0 done, 1 failed, 2 partly done, 64 bad usage, 75 interrupted (run the same command again to go \
      on), 130 the same after Ctrl-C.
      """,
    version: version,
    subcommands: [
      DemoCommand.self, RunCommand.self, SubmitCommand.self, StatusCommand.self, CancelCommand.self,
      CollectCommand.self, WorkCommand.self, ReportCommand.self, RunsCommand.self, ViewCommand.self,
      EvalCommand.self,
      JudgeCommand.self, RatesCommand.self, AnswersCommand.self, QuestionsCommand.self,
      DataCommand.self, PowerCommand.self, TrainCommand.self, SampleCommand.self,
      ScoreCommand.self, ContrastCommand.self, AnatomyCommand.self, AuditCommand.self,
      ScreenCommand.self, UtilitiesCommand.self, GuardCommand.self, PanelCommand.self,
      TokenizeCommand.self, ModelCommand.self,
    ])

  /// With the commit that it was built from, where that is known: `0.1.0 (234d9a5)`.
  static var version: String {
    let commit = String(cString: askew_commit())
    return commit.isEmpty ? "0.1.0" : "0.1.0 (\(commit))"
  }
}
