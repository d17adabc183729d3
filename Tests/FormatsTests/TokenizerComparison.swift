import Foundation

import Documents
import Formats

/// What scripts/check_tokenizers.py writes: tokenizers, texts and what the real library makes of them.
struct TokenizerComparison {
  let folder: String
  let texts: [String]

  init(folder: String) throws {
    self.folder = folder
    texts = try JSONDecoder().decode(
      [String].self, from: Data(contentsOf: URL(filePath: "\(folder)/texts.json")))
  }

  var names: [String] {
    get throws {
      try FileManager.default.contentsOfDirectory(atPath: folder)
        .filter { $0.hasSuffix(".ids") }.map { String($0.dropLast(4)) }.sorted()
    }
  }

  private enum Cell: Decodable {
    case index(Int)
    case skips(Bool)
    case text(String)

    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      if let skips = try? container.decode(Bool.self) {
        self = .skips(skips)
      } else if let index = try? container.decode(Int.self) {
        self = .index(index)
      } else {
        self = .text(try container.decode(String.self))
      }
    }
  }

  /// What differs, at most a few; and how many texts were compared.
  func differences(_ name: String) throws -> (texts: Int, problems: [String]) {
    let tokenizer = try Tokenizer(json: JSON(path: "\(folder)/\(name).json"))
    let numbers = try Data(contentsOf: URL(filePath: "\(folder)/\(name).ids"))
      .withUnsafeBytes { bytes in bytes.bindMemory(to: Int32.self).map(Int.init) }
    let decoded = try decoded(name)
    var problems: [String] = []
    var index = 0
    var position = 0
    while position < numbers.count, problems.count < 8 {
      let expected = Array(numbers[position + 1..<position + 1 + numbers[position]])
      position += 1 + numbers[position]
      let text = texts[index]
      let shown = String(text.prefix(60)).debugDescription
      let encoding = tokenizer.encoding(of: text)
      if tokenizer.encode(text) != expected || encoding.ids != expected {
        problems.append("\(name): text \(index), \(shown): other ids")
      }
      if encoding.ranges.last.map({ $0.upperBound > text.utf8.count }) ?? false {
        problems.append("\(name): text \(index), \(shown): a range beyond the text")
      }
      for skips in [false, true] {
        let wanted = decoded[index * 2 + (skips ? 1 : 0)] ?? text
        let found = tokenizer.decode(expected, skippingSpecials: skips)
        if !found.utf8.elementsEqual(wanted.utf8) {
          problems.append("\(name): text \(index), \(shown): decoded otherwise")
        }
      }
      index += 1
    }
    return (index, problems)
  }

  /// Decoded texts that are not the text itself, by twice the text's number, plus one if specials
  /// are skipped.
  private func decoded(_ name: String) throws -> [Int: String] {
    let rows = try JSONDecoder().decode(
      [[Cell]].self, from: Data(contentsOf: URL(filePath: "\(folder)/\(name).decoded.json")))
    var result: [Int: String] = [:]
    for row in rows {
      if case .index(let index) = row[0], case .skips(let skips) = row[1],
        case .text(let text) = row[2]
      {
        result[index * 2 + (skips ? 1 : 0)] = text
      }
    }
    return result
  }
}
