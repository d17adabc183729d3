import Foundation
import TestSupport
import Testing

extension CommandSuite {
  /// What `make` tells a build of its commit, in repositories made for it.
  @Suite struct Commit {
    private let folder: TemporaryFolder

    init() throws {
      folder = try TemporaryFolder()
      let scripts = folder.url.appendingPathComponent("scripts")
      try FileManager.default.createDirectory(at: scripts, withIntermediateDirectories: true)
      try FileManager.default.copyItem(
        at: Program.scripts.appendingPathComponent("commit.sh"),
        to: scripts.appendingPathComponent("commit.sh"))
      try write("scripts/commit.sh export-subst\n", to: ".gitattributes")
      for file in ["Package.swift", "README.md", "Sources/a.swift"] { try write("1\n", to: file) }
    }

    private func write(_ text: String, to file: String) throws {
      let url = folder.url.appendingPathComponent(file)
      try FileManager.default.createDirectory(
        at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(text.utf8).write(to: url)
    }

    @discardableResult private func git(_ arguments: String...) throws -> String {
      let ending = try Program.run(
        ["git", "-C", folder.path, "-c", "user.name=a", "-c", "user.email=a@example.org"]
          + arguments)
      try #require(ending.code == 0, "\(ending.output)")
      return ending.output
    }

    private func commit() throws {
      try git("init", "--quiet")
      try git("add", "--all")
      try git("commit", "--quiet", "--message", "first")
    }

    private func told(_ folder: String) throws -> String {
      let ending = try Program.run(folder + "/scripts/commit.sh")
      #expect(ending.code == 0)
      return ending.output
    }

    @Test("The commit is named, with + only where what is built has been changed")
    func changes() throws {
      try commit()
      let short = try git("rev-parse", "--short", "HEAD").replacing("\n", with: "")
      #expect(try told(folder.path) == short + "\n")
      try write("2\n", to: "README.md")
      #expect(try told(folder.path) == short + "\n")
      try write("2\n", to: "Sources/a.swift")
      #expect(try told(folder.path) == short + "+\n")
      try write("1\n", to: "Sources/a.swift")
      try write("1\n", to: "Sources/new.swift")
      #expect(try told(folder.path) == short + "+\n")
    }

    @Test("An archive made by git names its commit, wherever it is unpacked")
    func archive() throws {
      try commit()
      let short = try git("rev-parse", "--short", "HEAD")
      let file = folder.path + "/archive.tar"
      try git("archive", "--prefix=inner/", "--output", file, "HEAD")
      #expect(try Program.run("tar", "-xf", file, "-C", folder.path).code == 0)
      #expect(try told(folder.path + "/inner") == short)
    }

    @Test("Nothing is said without git, nor in somebody else's repository")
    func unknown() throws {
      #expect(try told(folder.path) == "")
      try commit()
      let inner = folder.path + "/inner/scripts"
      try FileManager.default.createDirectory(atPath: inner, withIntermediateDirectories: true)
      try FileManager.default.copyItem(
        atPath: folder.path + "/scripts/commit.sh", toPath: inner + "/commit.sh")
      #expect(try told(folder.path + "/inner") == "")
    }
  }
}
