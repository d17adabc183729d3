import Foundation
import TestSupport
import Testing

extension CommandSuite {
  @Suite struct Installation {
    private func files(_ folder: TemporaryFolder) throws -> Set<String> {
      Set(
        try FileManager.default.subpathsOfDirectory(atPath: folder.path).filter { path in
          !folder.url.appendingPathComponent(path).hasDirectoryPath
        })
    }

    @Test("The command is installed with completions and manual pages, and goes without a trace")
    func installation() throws {
      let script = Program.scripts.appendingPathComponent("install-command.sh").path
      let binary = try Repository.program("askew").path
      let prefix = TemporaryFolder.unmade()
      let installed = try Program.run(script, "install", prefix.path, binary)
      try #require(installed.code == 0, "\(installed.output)")

      let command = prefix.path + "/bin/askew"
      #expect(try Program.run(command, "--version").output == Askew.run("--version").output)
      // One page for each help text that was agreed on, and no other.
      let help = try FileManager.default.contentsOfDirectory(
        atPath: URL(fileURLWithPath: #filePath).deletingLastPathComponent()
          .appendingPathComponent("Help").path)
      let pages = help.map { name in
        let name = name.replacing(".txt", with: "")
        return "share/man/man1/" + (name == "askew" ? name : "askew-\(name)") + ".1"
      }
      let completions = [
        "share/bash-completion/completions/askew", "share/zsh/site-functions/_askew",
        "share/fish/vendor_completions.d/askew.fish",
      ]
      #expect(try files(prefix) == Set(["bin/askew"] + completions + pages))
      #expect(try Program.run("bash", "-n", prefix.path + "/" + completions[0]).code == 0)

      let eval = try String(
        contentsOfFile: prefix.path + "/share/man/man1/askew-eval.1", encoding: .utf8)
      #expect(eval.contains(".TH ASKEW\\-EVAL 1"))
      #expect(eval.contains(".B \\-\\-project <dir>"))
      let runPage = try String(
        contentsOfFile: prefix.path + "/share/man/man1/askew-run.1", encoding: .utf8)
      // Hidden options stay hidden.
      #expect(!runPage.contains("\\-\\-output") && !runPage.contains("\\-\\-scale"))

      #expect(try Program.run(script, "uninstall", prefix.path).code == 0)
      #expect(try files(prefix).isEmpty)
    }

    @Test("roff takes every manual page without a complaint", .needs(programs: "groff"))
    func roff() throws {
      let folder = TemporaryFolder.unmade()
      let binary = try Repository.program("askew").path
      let script = Program.scripts.appendingPathComponent("manual_pages.py").path
      try #require(try Program.run("python3", script, binary, folder.path).code == 0)
      let pages = try files(folder).sorted().map { folder.path + "/" + $0 }
      for page in pages {
        let check = try Program.run("groff", "-man", "-ww", "-z", page)
        #expect(check.code == 0 && check.output == "", "\(page): \(check.output)")
      }
    }

    @Test("A prefix that cannot be written is told in one line")
    func unwritable() throws {
      let file = TemporaryFolder.unmade()
      try Data().write(to: file.url)
      let script = Program.scripts.appendingPathComponent("install-command.sh").path
      let ending = try Program.run(script, "install", file.path, "/bin/sh")
      #expect(ending.code == 1)
      #expect(ending.output.hasPrefix("askew: \(file.path)/bin cannot be written"))
      #expect(ending.output.split(separator: "\n").count == 1)
    }
  }
}
