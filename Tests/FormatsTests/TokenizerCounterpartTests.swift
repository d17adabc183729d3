import Foundation
import TestSupport
import Testing

import Formats

/// Tokenizers of some thousand tokens, and texts by the ten thousand, against the real library in the
/// same run. ASKEW_DATA, the folder of the papers' data, adds their messages.
@Suite("Tokenizer counterparts", .needs(.main))
struct TokenizerCounterpartTests {
  @Test("Ids and texts for every scalar, random texts, sources and words of a million characters")
  func everything() throws {
    try withTemporaryFolder { folder in
      if PaperData.folder == nil {
        print("ASKEW_DATA is not set: the messages of the papers' data are not compared")
      }
      _ = try Python.main.run(
        .script("check_tokenizers.py"), [folder] + [PaperData.folder].compactMap { $0 })
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
