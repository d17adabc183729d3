import Core
import Formats
import Foundation

/// The part of a project's folder that all machines see which do its stages: what is to be done, what is under
/// way, and what has been brought.
///
/// ```
/// cluster/plans/NAME.json        the stages of a plan, as they were submitted
/// cluster/jobs/NAME.sh .json     what was handed to a scheduler, and which stage each task does
/// cluster/logs/NAME_INDEX.out    what the tasks said
/// cluster/known/askew.db         what was done before, as far as tasks need it
/// cluster/work/STAGE/            a store of its own for each stage under way
/// cluster/bundles/STAGE/         what a stage came to: named at once or not at all
/// ```
package struct SharedFolder: Sendable, Hashable {
  package let path: String

  /// - Parameter project: the path of a project's folder.
  package init(ofProject project: String) { path = "\(project)/cluster" }

  package func plan(_ name: String) -> String { "\(path)/plans/\(name).json" }
  package var jobs: String { "\(path)/jobs" }
  package var logs: String { "\(path)/logs" }
  package var known: String { "\(path)/known" }
  package func work(_ stage: Fingerprint) -> String { "\(path)/work/\(stage.hex)" }
  package var bundles: String { "\(path)/bundles" }
  package func bundle(_ stage: Fingerprint) -> String { "\(bundles)/\(stage.hex)" }
  package func label(_ stage: Fingerprint) -> String { "\(bundle(stage))/bundle.json" }
  package func record(_ stage: Fingerprint) -> String { "\(work(stage))/state.json" }
  /// The store of a stage, under way or brought.
  package static func store(in folder: String) -> String { "\(folder)/askew.db" }

  /// - Throws: `InputError` naming the folder.
  package func make(_ folder: String) throws(InputError) {
    do {
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    } catch {
      throw InputError("the folder cannot be made: \(error.systemReason)", file: folder)
    }
  }

  /// Gives a folder another name; false: there is one of this name already.
  ///
  /// - Throws: `InputError` naming the folder.
  package func rename(_ folder: String, to other: String) throws(InputError) -> Bool {
    guard Foundation.rename(folder, other) != 0 else { return true }
    if errno == EEXIST || errno == ENOTEMPTY { return false }
    throw InputError("cannot be named so: \(String(cString: strerror(errno)))", file: other)
  }

  package func remove(_ path: String) { try? FileManager.default.removeItem(atPath: path) }

  /// Names of what is in a folder, in order; none where there is no folder.
  package func names(in folder: String) -> [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted()
  }
}

/// JSON in files that are read while others write them: the old text or the new one, never a part.
enum SharedJSON {
  static func write(_ value: some Encodable, to path: String) throws(InputError) {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes, .prettyPrinted]
    encoder.dateEncodingStrategy = .iso8601
    guard let data = try? encoder.encode(value) else {
      throw InputError("cannot be written as JSON", file: path)
    }
    try AtomicFile.write(String(decoding: data, as: UTF8.self) + "\n", to: path)
  }

  /// - Returns: `nil` where there is no file.
  /// - Throws: `InputError` for a file that holds something else.
  static func read<Value: Decodable>(
    _ type: Value.Type, from path: String
  ) throws(InputError) -> Value? {
    guard let data = FileManager.default.contents(atPath: path) else { return nil }
    let decoder = JSONDecoder()
    decoder.dateDecodingStrategy = .iso8601
    do {
      return try decoder.decode(type, from: data)
    } catch {
      throw InputError("is not what askew writes there: \(error)".onOneLine(limit: 200), file: path)
    }
  }
}
