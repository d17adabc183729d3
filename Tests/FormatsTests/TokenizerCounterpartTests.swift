import Foundation
import Testing

import Formats

/// Tokenizers of some thousand tokens, and texts by the ten thousand, against the real library in the
/// same run. Needs a Python with scripts/requirements.txt, named by ASKEW_PYTHON; ASKEW_DATA, the
/// folder of the papers' data, adds their messages.
@Suite(
  "Tokenizer counterparts",
  .enabled(if: ProcessInfo.processInfo.environment["ASKEW_PYTHON"] != nil))
struct TokenizerCounterpartTests {
  @Test("Ids and texts for every scalar, random texts, sources and words of a million characters")
  func everything() throws {
    let environment = ProcessInfo.processInfo.environment
    let script = URL(filePath: Fixture.folder).deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "scripts/check_tokenizers.py")
    try Fixture.withTemporaryFolder { folder in
      let process = Process()
      process.executableURL = URL(filePath: try #require(environment["ASKEW_PYTHON"]))
      process.arguments = [script.path, folder] + (environment["ASKEW_DATA"].map { [$0] } ?? [])
      if environment["ASKEW_DATA"] == nil {
        print("ASKEW_DATA is not set: the messages of the papers' data are not compared")
      }
      try process.run()
      process.waitUntilExit()
      try #require(process.terminationStatus == 0)
      let comparison = try TokenizerComparison(folder: folder)
      let names = try comparison.names
      #expect(names.count == 10)
      for name in names {
        let (count, problems) = try comparison.differences(name)
        #expect(problems == [])
        #expect(count >= comparison.texts.count - 5)
      }
    }
  }
}
