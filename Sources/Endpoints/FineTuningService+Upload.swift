import Core
import Foundation

extension FineTuningService {
  /// The most that OpenAI takes in one file, 512 MB.
  package static let uploadByteLimit = 512_000_000

  private struct Uploaded: Decodable, Sendable { var id: String }

  /// Sends a file of training data, read from disk piece by piece.
  ///
  /// - Returns: the name under which the provider keeps it.
  /// - Throws: `InputError` for a file that cannot be read, is empty or too large;
  ///   `EndpointFailure`.
  package func upload(_ path: String) async throws -> String {
    let size: Int
    do {
      let attributes = try FileManager.default.attributesOfItem(atPath: path)
      size = (attributes[.size] as? NSNumber)?.intValue ?? 0
    } catch {
      throw InputError("cannot be read", file: path)
    }
    guard FileManager.default.isReadableFile(atPath: path) else {
      throw InputError("cannot be read", file: path)
    }
    guard size > 0, size <= Self.uploadByteLimit else {
      throw InputError(
        "found \(size) bytes, expected 1 to \(Self.uploadByteLimit), the most that one upload takes",
        file: path)
    }
    // Half a megabit a second is slow enough for any line.
    let timeout = Duration.seconds(120 + size / 64_000)
    let form = HTTPForm(
      texts: [("purpose", "fine-tune")], fileField: "file", path: path,
      fileName: Self.plain(URL(fileURLWithPath: path).lastPathComponent),
      fileType: "application/jsonl")
    let uploaded: Uploaded = try await send(.post, "/files", within: timeout, body: .form(form))
    return uploaded.id
  }

  /// Servers disagree on how other letters are written in a form.
  private static func plain(_ fileName: String) -> String {
    String(
      fileName.map { $0.isASCII && ($0.isLetter || $0.isNumber || "._-".contains($0)) ? $0 : "_" })
  }
}
