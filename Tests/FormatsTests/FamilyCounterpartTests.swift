import Core
import Foundation
import TestSupport
import Testing

import Documents
import Formats

/// Folders of every family, written here and read by transformers.
@Suite("Folders of the families in transformers", .needs(.main))
struct FamilyCounterpartTests {
  @Test("A configuration written here means to transformers what the one that was read meant")
  func configurations() throws {
    typealias Description = ConfigurationFamiliesTests.Description
    let cases = ConfigurationFamiliesTests.cases
    try withTemporaryFolder { path in
      var folders: [String] = []
      for (i, item) in cases.enumerated() {
        let folder = ModelFolder(path: "\(path)/\(i)")
        try FileManager.default.createDirectory(
          atPath: folder.path, withIntermediateDirectories: false)
        let configuration = try ModelConfiguration(json: JSON(text: item.config))
        try folder.write(configuration)
        folders.append(folder.path)
      }
      let lines = try Python.main.run(.script("describe_configuration.py"), folders)
        .split(separator: "\n")
      #expect(lines.count == cases.count)
      for (item, line) in zip(cases, lines) {
        let described = try JSONDecoder().decode(Description.self, from: Data(line.utf8))
        let again = try ModelConfiguration(json: JSON(text: item.config))
        ConfigurationFamiliesTests.expect(again, described)
        #expect(described.windows == item.expected.windows, "\(item.name)")
        #expect(described.frequencies == item.expected.frequencies, "\(item.name)")
        #expect(described.tensors == item.expected.tensors, "\(item.name)")
      }
    }
  }

  @Test(
    "A folder rewritten here, shards joined, gives the logits of the original",
    arguments: [
      "llama3-rope", "llama-f16", "mistral-window", "mistral-sharded", "qwen2-window",
      "qwen3-window",
    ])
  func folders(name: String) throws {
    struct Parity: Decodable { let sequences: [[Int]] }
    struct Report: Decodable { let sequences: Int, problems: [String] }
    let original = ModelFolder(path: Fixture.path("models/parity/\(name)"))
    let weights = try ModelWeightFiles(folder: original)
    let sequences = try Fixture.decode(Parity.self, "models/parity/\(name)/parity.json").sequences
    let work: JSON = ["sequences": .array(sequences.map { .array($0.map(JSON.integer)) })]
    try withTemporaryFolder { path in
      let copy = ModelFolder(path: path)
      let summary = try original.check(tokenizer: false)
      try copy.write(summary.configuration, dataType: summary.dataTypes[0])
      try Safetensors.write(
        weights.names.map { try .init($0, copying: weights.file(of: $0)) }, to: copy.weightsPath)
      try work.write(to: "\(path)/ids.json")
      let report: Report = try Python.main.report(
        .script("check_with_transformers.py"),
        [path, "\(path)/ids.json", "\(original.path)/parity.safetensors"])
      #expect(report.problems == [])
      #expect(report.sequences == 3)
    }
  }
}
