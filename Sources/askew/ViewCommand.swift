import ArgumentParser
import Core
import Foundation
import Lab
import Loopback
import View

struct ViewCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "view",
    abstract: "Read what the models of a project said, in a browser.",
    discussion: """
      Serves a page on this machine alone (127.0.0.1) and opens it: plans and what they found, every answer with its \
      verdicts, to sort, filter and search, conditions side by side, judges, training curves and certificates. It may \
      be open while runs go on. Nothing is changed but notes and tags, and those only by whoever opens the address that \
      is printed. With --export it writes the page and all it shows as files that need no server, and ends.

      Example: askew view --project askew-lab
      Example: askew view --export shared --plan first-plot
      """)

  @OptionGroup var project: ProjectOptions
  @Option(help: ArgumentHelp("Port of 127.0.0.1; 0: any that is free.", valueName: "n"))
  var port = 8765
  @Flag(help: "Print the address and open no browser.")
  var noOpen = false
  @Option(
    help: ArgumentHelp("Folder to write the page and its data to, as files.", valueName: "dir"),
    completion: .directory)
  var export: String?
  @Option(help: ArgumentHelp("With --export: this plan's answers alone.", valueName: "name"))
  var plan: String?

  func validate() throws {
    guard (0...65535).contains(port) else {
      throw ValidationError("--port: found \(port), expected 0 to 65535")
    }
    if export == "" { throw ValidationError("--export: found nothing, expected a folder") }
    if plan != nil, export == nil {
      throw ValidationError("--plan: found it without --export")
    }
  }

  func run() async throws {
    try await Failure.reporting {
      if let export {
        try write(to: URL(fileURLWithPath: export))
      } else {
        try await serve()
      }
    }
  }

  private func write(to folder: URL) throws {
    let project = try ViewProject(project.folder, keepsWords: false)
    let outcome = try ViewExport(project, to: folder, plan: plan).write()
    let megabytes = { (bytes: Int) in String(format: "%.1f MB", Double(bytes) / 1e6) }
    StandardStream.output.write(
      """
      Page: \(folder.appendingPathComponent("index.html").path)
      \(outcome.answers) answers (\(megabytes(outcome.answerBytes))), all else \(megabytes(outcome.otherBytes))

      """)
  }

  private func serve() async throws {
    let project = try ViewProject(project.folder)
    let view = ViewServer(project)
    let server = try await LoopbackServer(port: port) { await view.answer($0) }
    let stop = StopRequest()
    let signals = InterruptionSignals(stop)
    let following = Task { await project.follow() }
    let address = "\(server.address)#token=\(view.token)"
    StandardStream.output.write("Page: \(address)\n")
    StandardStream.error.write("Ctrl-C ends it. Nothing is lost then.\n")
    if !noOpen { Browser.open(address) }
    while !stop.isStopped { try await Task.sleep(for: .milliseconds(100)) }
    withExtendedLifetime(signals) {}
    following.cancel()
    await server.stop()
  }
}

/// The user's browser.
private enum Browser {
  /// Where there is none, or no desktop, nothing happens: the address is printed.
  static func open(_ address: String) {
    #if os(macOS)
      let program = "/usr/bin/open"
    #else
      let program = "/usr/bin/xdg-open"
      let environment = ProcessInfo.processInfo.environment
      guard environment["DISPLAY"] != nil || environment["WAYLAND_DISPLAY"] != nil else { return }
    #endif
    guard FileManager.default.isExecutableFile(atPath: program) else { return }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: program)
    process.arguments = [address]
    (process.standardOutput, process.standardError) = (FileHandle.nullDevice, FileHandle.nullDevice)
    try? process.run()
  }
}
