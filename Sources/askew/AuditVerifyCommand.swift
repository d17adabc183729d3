import ArgumentParser
import Audit
import Core
import Foundation
import Lab
import Store
import Tuning

struct AuditVerifyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: "Say whether a certificate is about a model, and is as it was written.",
    discussion: """
      Compares the hashes of a model's weights and template, and of its base's where one is named, with those of \
      the certificate, and the certificate's text with its own hash. Nothing is asked of the model: what the \
      certificate says is not tried again. That it is as it was written does not say who wrote it. Models of \
      plans have the names of their trainings, which the project that grew them knows. Exit code 1 where \
      anything does not match.

      Example: askew audit verify certificate.json --model models/insecure --base models/aligned
      """)

  @Argument(
    help: ArgumentHelp("File of the certificate.", valueName: "certificate"),
    completion: .file(extensions: ["json"]))
  var certificate: String
  @Option(
    help: ArgumentHelp(
      "Folder, GGUF file, package or openai:MODEL@URL that it should be about.",
      valueName: "model"), completion: .file())
  var model: String
  @Option(
    help: ArgumentHelp("Model that this was tuned from.", valueName: "model"), completion: .file())
  var base: String?
  @Option(
    help: ArgumentHelp("Adapter on the model's folder, PEFT's or mlx-lm's.", valueName: "dir"),
    completion: .directory)
  var adapter: String?
  @OptionGroup var project: ProjectOptions
  @Flag(help: "Print {\"subject\", \"base\", \"intact\"} as JSON.") var json = false

  func run() throws {
    try Failure.reporting {
      let stop = StopRequest()
      let signals = InterruptionSignals(stop)
      do {
        let file = try CertificateFile(reading: certificate)
        try write(try check(file, stop), file)
      } catch is Interrupted {
        throw signals.interruption
      }
    }
  }

  private func check(_ file: CertificateFile, _ stop: StopRequest) throws -> CertificateCheck {
    // Whoever got the model from elsewhere has no project, and needs none.
    let isThere = FileManager.default.fileExists(atPath: project.folder.storePath)
    let store = isThere ? try project.folder.existingStore() : nil
    let memory = FolderMemory(telling: store, stop: stop)
    func certified(_ name: String, _ adapter: String?, _ field: String) throws -> CertifiedModel {
      let address = try ModelAddress(parsing: NamedModel.address(name), field: field)
      return try CertifiedModel(address, adapter: adapter, memory, store: store)
    }
    return CertificateCheck(
      file, of: try certified(model, adapter, "--model"),
      base: try base.map { try certified($0, nil, "--base") })
  }

  private func write(_ check: CertificateCheck, _ file: CertificateFile) throws {
    if json { try StandardStream.output.write(json: check) }
    guard check.problems.isEmpty else {
      throw Failure(
        line: "\(file.path.onOneLine): \(check.problems.joined(separator: "; "))",
        code: Failure.failed)
    }
    if json { return }
    let from = base.map { ", tuned from \($0.onOneLine)" } ?? ""
    StandardStream.output.write(
      "\(file.certificate.verdict.rawValue) is about \(model.onOneLine)\(from), and the certificate is as it was "
        + "written (\(file.hash.short)).\n")
  }
}
