import Core
import Foundation

/// The log of a training: one line of JSON a step, each step once.
final class TuningLog {
  private let path: String
  private let file: FileHandle
  private let encoder = JSONEncoder()

  /// Opens the log of a training that goes on with `step`: lines of that step and later ones, which
  /// will be done again, are dropped, and so is half a line that a kill left.
  ///
  /// - Throws: `InputError` naming the file.
  init(path: String, keepingBefore step: Int) throws(InputError) {
    self.path = path
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    let text = FileManager.default.contents(atPath: path) ?? Data()
    var kept = Data()
    for line in text.split(separator: 0x0a) {
      guard let record = try? JSONDecoder().decode(TuningStep.self, from: line),
        record.step < step
      else { break }
      kept.append(line)
      kept.append(0x0a)
    }
    do {
      try kept.write(to: URL(fileURLWithPath: path), options: .atomic)
      file = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
      try file.seekToEnd()
    } catch {
      throw InputError("cannot be written: \(error.systemReason)", file: path)
    }
  }

  deinit { try? file.close() }

  /// The lines of a log up to the first that is none.
  static func steps(in path: String) -> [TuningStep] {
    var steps: [TuningStep] = []
    for line in (FileManager.default.contents(atPath: path) ?? Data()).split(separator: 0x0a) {
      guard let step = try? JSONDecoder().decode(TuningStep.self, from: line) else { break }
      steps.append(step)
    }
    return steps
  }

  func append(_ step: TuningStep) throws(InputError) {
    do {
      try file.write(contentsOf: try encoder.encode(step) + [0x0a])
    } catch {
      throw InputError("cannot be written: \(error.systemReason)", file: path)
    }
  }
}
