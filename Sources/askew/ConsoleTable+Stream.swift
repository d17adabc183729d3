import Reporting

extension ConsoleTable {
  /// As it fits the terminal, in 80 columns where there is none.
  func text(on stream: StandardStream) -> String {
    text(color: stream.hasColor, width: stream.columns)
  }
}

extension PlanConsoleTable {
  /// As it fits the terminal, in 80 columns where there is none.
  func text(on stream: StandardStream) -> String {
    text(color: stream.hasColor, width: stream.columns)
  }
}
