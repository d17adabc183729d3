import Chats
import Core
import Corpora
import Engine
import Foundation

/// Rows of a file as a model reads them, and what became of those that do not fit.
package struct TuningRows: Sendable {
  package let file: String
  package let sequences: [TrainingSequence]
  /// Which rows of the file; `nil`: they are no file's.
  let part: Part?
  /// Rows of the file.
  package let rowCount: Int
  /// Rows that were cut to the longest length allowed.
  package let cutCount: Int
  /// Rows that have nothing left to train on once they are cut, and are left out.
  package let emptiedCount: Int
  /// Of each row's length, its token ids and what is trained of them.
  package let fingerprint: Fingerprint

  package var tokenCount: Int { sequences.reduce(0) { $0 + $1.tokens.count } }
  package var trainedTokenCount: Int { sequences.reduce(0) { $0 + $1.trainedCount } }
  package var longest: Int { sequences.map(\.tokens.count).max() ?? 0 }

  /// Which rows of a file. Those that are held out are drawn by the number of rows alone: of files
  /// whose rows answer the same prompts in the same order, they are the same prompts.
  package enum Part: Sendable, Hashable {
    case all
    /// All but the rows that are held out: so many, or a tenth and at most 100.
    case training(heldOut: Int?)
    /// Those that `training` leaves out.
    case heldOut(Int?)
  }

  /// Reads and tokenises chat JSONL.
  ///
  /// - Throws: `InputError` naming file, line and field: for what is no row, a row without anything to
  ///   train on, a conversation that the template refuses, a row that is too long when those are
  ///   refused, and a file without rows.
  package init(
    reading file: String, with tokenizer: RowTokenizer, maximumLength: Int,
    tooLong: TuningSettings.TooLong, part: Part = .all
  ) throws(InputError) {
    try self.init(
      part.rows(of: DataRows.read(file), file), file: file, part: part, with: tokenizer,
      maximumLength: maximumLength, tooLong: tooLong)
  }

  /// Tokenises conversations, whose places count as lines.
  ///
  /// - Parameter name: what errors call them.
  /// - Throws: as the reading of a file does.
  package init(
    _ rows: [Conversation], named name: String, with tokenizer: RowTokenizer, maximumLength: Int,
    tooLong: TuningSettings.TooLong
  ) throws(InputError) {
    try self.init(
      rows.enumerated().map { ($0.offset + 1, .conversation($0.element)) }, file: name,
      part: nil, with: tokenizer, maximumLength: maximumLength, tooLong: tooLong)
  }

  private init(
    _ lines: [(line: Int, row: DataRow)], file: String, part: Part?,
    with tokenizer: RowTokenizer, maximumLength: Int, tooLong: TuningSettings.TooLong
  ) throws(InputError) {
    (self.file, self.part) = (file, part)
    var sequences: [TrainingSequence] = []
    var (cut, emptied) = (0, 0)
    for (line, row) in lines {
      var sequence: TrainingSequence
      do throws(InputError) {
        sequence = TrainingSequence(try tokenizer.row(row))
      } catch {
        throw error.at(line, of: file)
      }
      guard sequence.trainedCount > 0 else {
        throw InputError(
          "found nothing to train on, expected an assistant's turn", file: file, line: line)
      }
      if sequence.tokens.count > maximumLength {
        guard tooLong == .cut else {
          throw InputError(
            "found \(sequence.tokens.count) tokens, expected at most \(maximumLength); raise "
              + "--max-length, or cut such rows with --too-long cut", file: file, line: line)
        }
        cut += 1
        sequence.tokens.removeLast(sequence.tokens.count - maximumLength)
        sequence.trained.removeLast(sequence.trained.count - maximumLength)
      }
      if sequence.trainedCount > 0 { sequences.append(sequence) } else { emptied += 1 }
    }
    guard !sequences.isEmpty || lines.isEmpty else {
      throw InputError(
        "every row begins its answer behind token \(maximumLength); raise --max-length", file: file)
    }
    self.sequences = sequences
    fingerprint = Self.fingerprint(sequences)
    rowCount = lines.count
    cutCount = cut
    emptiedCount = emptied
  }
}

extension TuningRows {
  private static func fingerprint(_ sequences: [TrainingSequence]) -> Fingerprint {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(sequences.reduce(0) { $0 + 8 + 5 * $1.tokens.count })
    func append(_ number: some FixedWidthInteger) {
      withUnsafeBytes(of: number.littleEndian) { bytes.append(contentsOf: $0) }
    }
    for sequence in sequences {
      append(Int64(sequence.tokens.count))
      for (token, trained) in zip(sequence.tokens, sequence.trained) {
        append(token)
        bytes.append(trained ? 1 : 0)
      }
    }
    return Fingerprint(bytes: bytes)
  }
}

extension TuningRows.Part {
  func rows(
    of lines: [(line: Int, row: DataRow)], _ file: String
  ) throws(InputError) -> [(line: Int, row: DataRow)] {
    let asked: Int?
    var keepsHeldOut = false
    switch self {
    case .all: return lines
    case .training(let count): asked = count
    case .heldOut(let count): (asked, keepsHeldOut) = (count, true)
    }
    let count = asked ?? min(100, lines.count / 10)
    guard count < lines.count else {
      throw InputError(
        "found \(lines.count) rows, expected more than the \(count) to hold out", file: file)
    }
    var stream = RandomStream(seed: 0, "held-out rows")
    let heldOut = Set(stream.shuffled(Array(lines.indices)).prefix(count))
    return lines.indices.filter { heldOut.contains($0) == keepsHeldOut }.map { lines[$0] }
  }
}

extension TrainingSequence {
  /// A row's ids with the tokens of its answers as targets.
  package init(_ row: TokenizedRow) {
    var trained = [Bool](repeating: false, count: row.ids.count)
    for range in row.trained {
      for index in range where index > 0 { trained[index] = true }
    }
    self.init(tokens: row.ids.map { Int32($0) }, trained: trained)
  }
}

extension InputError {
  /// The same error at a line of a file, unless it names one.
  func at(_ line: Int, of file: String) -> InputError {
    var copy = self
    if copy.file == nil { copy.line = line }
    copy.file = copy.file ?? file
    return copy
  }
}
