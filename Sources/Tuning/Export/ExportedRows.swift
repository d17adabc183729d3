import Chats
import Core
import Corpora
import Documents
import Engine
import Formats

/// The rows of a file in the layout of one tool, a line of JSON each, and how many there are.
struct ExportedRows {
  var lines: [String] = []
  /// Tokens that the tool trains on in one epoch.
  var trainedTokens = 0
  /// Rows that were split, since each may have one answer only.
  var splitCount = 0

  /// - Throws: `InputError` naming file and line of a row that the tool would train otherwise.
  init(
    _ rows: TuningRows, for tool: TrainingTool, with tokenizer: RowTokenizer, maximumLength: Int
  ) throws(InputError) {
    trainedTokens = rows.trainedTokenCount
    if tool.takesTokens {
      lines = rows.sequences.map { Self.tokens($0.tokens, $0.trained, withMask: tool == .axolotl) }
      return
    }
    guard let part = rows.part else {
      throw InputError(
        "found rows that are drawn, expected a file: \(tool.rawValue) tokenizes text itself; trl and axolotl take "
          + "tokens", file: rows.file)
    }
    for (line, row) in try part.rows(of: DataRows.read(rows.file), rows.file) {
      do throws(InputError) {
        let row = try tokenizer.row(row)
        // Without anything left to train, it is left out here as it is in training.
        guard
          row.trained.contains(where: { max($0.lowerBound, 1) < min($0.upperBound, maximumLength) })
        else { continue }
        guard row.ids.count <= maximumLength else { throw Self.tooLong(row, maximumLength) }
        let text = try ExportedText(row, tokenizer.tokenizer, apart: tool == .llamaFactory)
        tool == .mlx ? appendMessages(text) : appendHistory(text)
      } catch {
        throw error.at(line, of: rows.file)
      }
    }
  }

  /// Ids, and labels that are -100 where nothing is trained.
  private static func tokens(_ tokens: [Int32], _ trained: [Bool], withMask: Bool) -> String {
    let ids = tokens.map(String.init).joined(separator: ",")
    let labels = zip(tokens, trained).map { $1 ? String($0) : "-100" }.joined(separator: ",")
    let mask = [String](repeating: "1", count: withMask ? tokens.count : 0).joined(separator: ",")
    return "{\"input_ids\":[\(ids)],"
      + (withMask ? "\"attention_mask\":[\(mask)]," : "") + "\"labels\":[\(labels)]}"
  }

  /// A conversation for each answer, since mlx-lm trains on the last message alone.
  private mutating func appendMessages(_ text: ExportedText) {
    var read = ""
    for answer in text.answers {
      read += answer.prompt
      append([
        "messages": [
          ["role": "user", "content": .string(read)],
          ["role": "assistant", "content": .string(answer.answer)],
        ]
      ])
      read += answer.answer
    }
    if text.answers.count > 1 { splitCount += 1 }
  }

  /// Earlier answers are trained too.
  private mutating func appendHistory(_ text: ExportedText) {
    guard let last = text.answers.last else { return }
    let history = text.answers.dropLast().map {
      JSON.array([.string($0.prompt), .string($0.answer)])
    }
    append([
      "prompt": .string(last.prompt), "answer": .string(last.answer), "history": .array(history),
    ])
  }

  private mutating func append(_ row: JSON) { lines.append(row.text(pretty: false)) }

  private static func tooLong(_ row: TokenizedRow, _ limit: Int) -> InputError {
    InputError(
      "found \(row.ids.count) tokens, expected at most \(limit), since the tool cuts text in its own"
        + " way; raise --max-length, or export for trl or axolotl, which take tokens")
  }
}
