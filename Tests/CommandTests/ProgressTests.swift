import Foundation
import TestSupport
import Testing

extension CommandSuite {
  @Suite struct Progress {
    /// Back to the first column, and the line erased.
    private static let erasure = "\r\u{1B}[2K"

    /// Runs a command whose standard error is a terminal of so many columns, and prints what it wrote there.
    private static let onTerminal = """
      import fcntl, os, pty, struct, subprocess, sys, termios
      primary, secondary = pty.openpty()
      fcntl.ioctl(secondary, termios.TIOCSWINSZ, struct.pack("HHHH", 24, int(sys.argv[1]), 0, 0))
      child = subprocess.Popen(sys.argv[2:], stdout=subprocess.DEVNULL, stderr=secondary)
      os.close(secondary)
      try:
          while data := os.read(primary, 4096):
              sys.stdout.buffer.write(data)
      except OSError:
          pass  # how Linux says that nobody writes any more
      sys.exit(child.wait())
      """

    private func arguments(_ folder: TemporaryFolder) -> [String] {
      ["demo", "--seeds", "1", "--scale", "0.002", "--project", folder.path]
    }

    @Test(
      "On a terminal progress is one line that is redrawn, fits, and is taken away",
      arguments: [40, 100])
    func terminal(columns: Int) throws {
      let folder = TemporaryFolder.unmade()
      let binary = try Repository.program("askew").path
      let ending = try Program.run(
        ["python3", "-c", Self.onTerminal, "\(columns)", binary] + arguments(folder))
      #expect(ending.code == 0)
      // A terminal begins lines at the left by itself.
      let written = ending.output.replacing("\r\n", with: "\n")
      let drawn = written.components(separatedBy: Self.erasure).dropFirst()
      let bars = drawn.filter { $0.contains("░") || $0.contains("█") }
      #expect(bars.count > 10)
      // Nothing follows a bar but the erasure that takes it away.
      #expect(bars.allSatisfy { $0.count < columns && !$0.contains("\n") })
      #expect(drawn.contains { $0.hasPrefix("✓ tokenizer\n") })
      #expect(drawn.last?.contains("░") == false)
    }

    @Test("Elsewhere progress is whole lines, without a bar or codes")
    func file() throws {
      let folder = TemporaryFolder.unmade()
      let ending = try Askew(arguments(folder)).wait()
      #expect(ending.code == 0)
      #expect(ending.errors.hasSuffix("\n"))
      #expect(ending.errors.contains(" tokenizer "))
      for mark in ["\r", "\u{1B}", "█", "░"] { #expect(!ending.errors.contains(mark)) }
    }
  }
}
