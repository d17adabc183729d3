import ArgumentParser
import Chats
import Core
import Corpora
import Documents
import Formats
import Foundation
import Tuning

struct TokenizeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tokenize",
    abstract: "Show what a model folder's tokenizer and template make of chat JSONL.",
    discussion: """
      Prints the ids of each message's content, without special tokens; with --rendered the whole \
      conversation as the model reads it, its ids, and which of them are trained on, as half-open \
      ranges of tokens.
      """)

  @Option(help: FolderOptions.modelHelp, completion: .file())
  var model: String
  @Option(help: ArgumentHelp("Rows to tokenize.", valueName: "file"), completion: .file())
  var data: String
  @Flag(help: "The whole conversation by the chat template.")
  var rendered = false
  @Flag(help: "Leave out the system text that the chat template adds by itself.")
  var noDefaultSystem = false
  @Flag(help: "A line of JSON a row.")
  var json = false

  func run() throws {
    try Failure.reporting {
      let folder = try FolderMemory(telling: nil).folder(at: model)
      let rows = try DataRows.read(data)
      if rendered {
        let tokenizer = try RowTokenizer(
          folder: folder, omittingDefaultSystemPrompt: noDefaultSystem)
        for (index, (line, row)) in rows.enumerated() {
          do throws(InputError) {
            write(try tokenizer.row(row), index)
          } catch {
            throw InputError(error.problem, file: data, line: line, field: error.field)
          }
        }
      } else {
        let tokenizer = try folder.tokenizer()
        for (index, (_, row)) in rows.enumerated() {
          write(row.contents.map { tokenizer.encode($0) }, index)
        }
      }
    }
  }

  private func write(_ messages: [[Int]], _ row: Int) {
    guard json else {
      let counts = messages.map { String($0.count) }.joined(separator: " + ")
      return StandardStream.output.write("row \(row): \(counts) tokens\n")
    }
    let lists = messages.map(Self.list).joined(separator: ",")
    StandardStream.output.write("{\"row\":\(row),\"messages\":[\(lists)]}\n")
  }

  private func write(_ row: TokenizedRow, _ index: Int) {
    guard json else {
      let trained = row.trained.reduce(0) { $0 + $1.count }
      let visible = row.text.map {
        $0.isNewline || $0.asciiValue.map { $0 >= 32 } ?? true ? $0 : "?"
      }
      return StandardStream.output.write(
        "row \(index): \(row.ids.count) tokens, \(trained) trained\n\(String(visible))\n\n")
    }
    let text = JSON.string(row.text).text(pretty: false)
    let trained = row.trained.map { "[\($0.lowerBound),\($0.upperBound)]" }.joined(separator: ",")
    StandardStream.output.write(
      "{\"row\":\(index),\"text\":\(text),\"ids\":\(Self.list(row.ids)),\"trained\":[\(trained)]}\n"
    )
  }

  private static func list(_ ids: [Int]) -> String {
    "[" + ids.map(String.init).joined(separator: ",") + "]"
  }
}

extension DataRow {
  /// What each message, or each part of a row without messages, says.
  fileprivate var contents: [String] {
    switch self {
    case .chat(let chat): chat.messages.map(\.content)
    case .completion(let prompt, let completion): [prompt, completion]
    case .text(let text): [text]
    }
  }
}
