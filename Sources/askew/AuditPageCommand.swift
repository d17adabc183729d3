import ArgumentParser
import Core
import Foundation
import Lab
import Reporting

struct AuditPageCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "page",
    abstract: "Make an HTML page of a certificate.",
    discussion: """
      One file without scripts, which loads nothing. Where answers.json lies beside the certificate, as it does in a \
      project, the page shows answers that its numbers were counted from beside the base's.

      Example: askew audit page askew-lab/audits/model-1f2e3d4c5b6a7988/certificate.json --out audit.html
      """)

  @Argument(
    help: ArgumentHelp("File of the certificate.", valueName: "certificate"),
    completion: .file(extensions: ["json"]))
  var certificate: String
  @Option(
    help: ArgumentHelp(
      "File to write (default: the certificate's name, ending with .html).", valueName: "file"),
    completion: .file(extensions: ["html"]))
  var out: String?

  func validate() throws {
    if out == "" { throw ValidationError("--out: found nothing, expected a file") }
  }

  func run() throws {
    try Failure.reporting {
      let file = try CertificateFile(reading: certificate)
      let target =
        out ?? URL(fileURLWithPath: certificate).deletingPathExtension().path + ".html"
      try CertificateFiles.writePage(of: file, to: target)
      StandardStream.output.write("Page: \(target)\n")
    }
  }
}

struct AuditCardCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "card",
    abstract: "Print a certificate as a few lines of Markdown for a model card.",
    discussion: """
      The verdict with its class, what it rests on, how small a thing would have been found, what was not tested, and \
      the hashes.
      """)

  @Argument(
    help: ArgumentHelp("File of the certificate.", valueName: "certificate"),
    completion: .file(extensions: ["json"]))
  var certificate: String

  func run() throws {
    try Failure.reporting {
      let file = try CertificateFile(reading: certificate)
      try CertificateFiles.requireIntact(file)
      StandardStream.output.write(CertificateCard(file.certificate).markdown)
    }
  }
}

/// What commands make of a certificate's file.
enum CertificateFiles {
  /// - Throws: `InputError` for a file that cannot be read, was changed, or cannot be written.
  static func writePage(of file: CertificateFile, to target: String) throws {
    try requireIntact(file)
    let page = CertificatePage(file.certificate, try AuditExamples.beside(file))
    do {
      try Data(page.html.utf8).write(to: URL(fileURLWithPath: target), options: .atomic)
    } catch {
      throw InputError("cannot be written: \(error.systemReason)", file: target)
    }
  }

  /// A page must not lend a changed text its looks.
  ///
  /// - Throws: `InputError` for a text that is not what its hash says.
  static func requireIntact(_ file: CertificateFile) throws(InputError) {
    guard file.isIntact == false else { return }
    throw InputError(
      "the certificate's text was changed: found the hash \(file.hash.short), expected another",
      file: file.path, field: "hash")
  }
}
