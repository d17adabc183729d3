import Foundation
import TestSupport
import Testing

import Formats

/// GGUF files that the gguf package wrote, and what is written here read by it.
@Suite("GGUF counterparts", .needs(.main))
struct GGUFCounterpartTests {
  private func made(_ what: String, _ body: (String) throws -> Void) throws {
    try withTemporaryFolder { folder in
      _ = try Python.main.run(.script("make_gguf.py"), [what, folder])
      try body(folder)
    }
  }

  private func bits(_ values: [Float]) -> [UInt32] { values.map(\.bitPattern) }

  @Test("Blocks of every type give the numbers of gguf's own reference, to the bit")
  func types() throws {
    try made("types") { folder in
      let file = try GGUFFile(path: "\(folder)/types.gguf")
      let expected = try Safetensors(path: "\(folder)/types.safetensors")
      #expect(file.names == expected.names)
      #expect(Set(file.tensors.values.map(\.type)) == Set(GGUFTensorType.allCases))
      for name in expected.names {
        #expect(file.tensors[name]?.shape == expected.tensors[name]?.shape)
        #expect(try bits(file.floats(of: name)) == bits(expected.floats(of: name)), "\(name)")
      }
    }
  }

  @Test("Models of every family become the folders that they were made of, and files again")
  func families() throws {
    struct Problems: Decodable { let list: [String] }
    try made("families") { folder in
      for name in ["llama3", "mistral", "qwen2", "qwen3"] {
        let original = ModelFolder(path: "\(folder)/\(name)")
        let converted = ModelFolder(path: "\(folder)/\(name)-converted")
        try makeFolder(converted.path)
        let model = try GGUFModel(path: "\(folder)/\(name).gguf")
        try model.write(to: converted)
        var expected = try original.configuration()
        // A file does not say which token fills up; SentencePiece's own ids are the converted model's.
        expected.padTokenID = model.configuration.padTokenID
        if name == "mistral" {
          expected.beginTokenID = 1
          expected.endTokenIDs = [2]
        }
        #expect(try converted.configuration() == expected)
        let weights = try Safetensors(path: converted.weightsPath)
        let originals = try Safetensors(path: original.weightsPath)
        #expect(weights.names == originals.names)
        for tensor in originals.names {
          #expect(
            try bits(weights.floats(of: tensor)) == bits(originals.floats(of: tensor)), "\(tensor)")
        }
        if name != "mistral" { try compareTokens(original, converted) }
        let tokens = name == "mistral" ? ["bos_token": "<s>"] : [:]
        for storage in GGUFExport.Storage.allCases {
          let file = "\(folder)/\(name)-\(storage).gguf"
          try GGUFExport(
            converted, name: name, template: nil, specialTokens: tokens, as: storage
          ).write(to: file)
          let output = try Python.main.run(
            .script("make_gguf.py"), ["check", original.path, file, storage.rawValue.uppercased()])
          #expect(output == "[]\n")
        }
      }
    }
  }

  @Test("An adapter of PEFT's becomes what llama.cpp adds: the same product, rows in its order")
  func adapter() throws {
    let name = "models/llama-gqa-untied"
    let model = ModelFolder(path: Fixture.path(name))
    let adapter = Fixture.path("\(name)/lora-all")
    try withTemporaryFolder { folder in
      let file = "\(folder)/adapter.gguf"
      let configuration = try model.configuration()
      try GGUFAdapterExport(
        AdapterFolder(path: adapter, for: configuration), name: "a", for: configuration
      ).write(to: file)
      let output = try Python.main.run(
        .script("make_gguf.py"), ["adapter", adapter, file, model.path])
      #expect(output == "[]\n")
    }
  }

  private func compareTokens(_ one: ModelFolder, _ other: ModelFolder) throws {
    let (first, second) = (try one.tokenizer(), try other.tokenizer())
    let texts =
      TokenizerTests.expected.texts.map(\.text) + [
        "They'LL say 12345 naïve e\u{301}tudes <|im_end|>\n\n  <|eot_id|>",
        "<|im_start|>user\nHi 🚀",
      ]
    for text in texts {
      let ids = first.encode(text)
      #expect(second.encode(text) == ids, "\(text)")
      #expect(second.decode(ids) == first.decode(ids))
    }
    #expect(first.vocabularySize == second.vocabularySize)
  }

  @Test("A vocabulary with scores gives the ids that SentencePiece gives, also once written again")
  func sentencePiece() throws {
    struct Expected: Decodable { let text: String, ids: [Int] }
    try made("sentencepiece") { folder in
      let expected = try JSONDecoder().decode(
        [Expected].self, from: Data(contentsOf: URL(filePath: "\(folder)/expected.json")))
      #expect(expected.count > 500)
      let converted = ModelFolder(path: "\(folder)/converted")
      try makeFolder(converted.path)
      try GGUFModel(path: "\(folder)/sp.gguf").write(to: converted)
      let tokenizer = try converted.tokenizer()
      #expect(tokenizer.prefixIDs == [1] && tokenizer.suffixIDs == [])
      for item in expected { #expect(tokenizer.encode(item.text) == item.ids, "\(item.text)") }

      try GGUFExport(
        converted, name: "sp", template: nil,
        specialTokens: ["bos_token": "<s>", "eos_token": "</s>", "unk_token": "<unk>"], as: .f32
      ).write(to: "\(folder)/again.gguf")
      let again = ModelFolder(path: "\(folder)/again")
      try makeFolder(again.path)
      try GGUFModel(path: "\(folder)/again.gguf").write(to: again)
      #expect(try again.tokenizer().prefixIDs == [1])
      for item in expected { #expect(try again.tokenizer().encode(item.text) == item.ids) }
    }
  }
}
