import Core
import Documents
import Foundation

/// What another program says of its training while it goes on: losses, step by step.
struct ToolLog: Sendable, Hashable {
  struct Step: Sendable, Hashable {
    var loss: Double
    var learningRate: Double?
    var gradientNorm: Double?
  }

  /// In their order. mlx-lm tells batches, of which several may be a step.
  private(set) var steps: [Step] = []
  /// Of the rows that are not trained on, before the first step.
  private(set) var firstLoss: Double?
  /// The last lines, for who has to know why it ended.
  private(set) var lastLine = ""

  /// - Parameter text: with bars that are drawn over each other, as Python's programs write them.
  init(_ text: String, of tool: TrainingTool) {
    for line in Self.lines(of: text) {
      if Self.isSaid(line) { lastLine = line }
      if tool == .mlx { readMLX(line) } else { readTransformers(line) }
    }
  }

  private static func lines(of text: String) -> [String] {
    text.split(whereSeparator: { $0 == "\n" || $0 == "\r" || $0 == "\r\n" })
      .map { $0.trimmingCharacters(in: .whitespaces) }
  }

  /// Whether it is more than a bar of progress.
  private static func isSaid(_ line: String) -> Bool {
    !line.isEmpty && !line.contains("it/s]") && !line.contains("s/it]")
  }

  /// Of any program's output.
  static func lastLine(of text: String) -> String { lines(of: text).last(where: isSaid) ?? "" }

  /// `{'loss': '6.35', 'grad_norm': '10.71', 'learning_rate': '0.001', …}`
  private mutating func readTransformers(_ line: String) {
    guard let start = line.firstIndex(of: "{"), let end = line.lastIndex(of: "}"), start < end
    else { return }
    func number(_ key: String) -> Double? {
      guard let found = line[start..<end].firstRange(of: "'\(key)': ") else { return nil }
      let rest = line[found.upperBound..<end].drop { $0 == "'" }
      return Double(rest.prefix { $0 != "'" && $0 != "," })
    }
    if let loss = number("loss") {
      steps.append(
        Step(
          loss: loss, learningRate: number("learning_rate"), gradientNorm: number("grad_norm")))
    } else if let loss = number("eval_loss"), firstLoss == nil, steps.isEmpty {
      firstLoss = loss
    }
  }

  /// A table, in colours: `1    val 6.254    0.21s` and `1    6.237 ▼    13    0.1k`.
  private mutating func readMLX(_ line: String) {
    let words = Self.withoutColours(line).split(separator: " ")
    guard words.count > 2, Int(words[0]) != nil else { return }
    if words[1] == "val" {
      if firstLoss == nil, steps.isEmpty { firstLoss = Double(words[2]) }
    } else if let loss = Double(words[1]) {
      steps.append(Step(loss: loss))
    }
  }

  /// Without what tells a terminal how to write.
  private static func withoutColours(_ line: String) -> String {
    var rest = line[...]
    var text = ""
    while let escape = rest.firstRange(of: "\u{1B}[") {
      text += rest[..<escape.lowerBound]
      rest = rest[escape.upperBound...].drop { !$0.isLetter }.dropFirst()
    }
    return text + rest
  }
}
