import Core
import Formats
import Foundation

/// A guard: parts, the rule that makes one score of theirs, and the threshold above which an exchange is stopped.
package struct ExchangeGuard: Sendable, Hashable {
  /// What is in `guard.json`.
  package struct Facts: Sendable, Hashable, Codable {
    package var schema = ExchangeGuard.schema
    package var rule: GuardRule
    package var parts: [GuardPart]
    package var data: Fitting
    package var calibration: Calibration?

    package init(rule: GuardRule, parts: [GuardPart], data: Fitting) {
      (self.rule, self.parts, self.data) = (rule, parts, data)
    }
  }

  /// What it was fitted to.
  package struct Fitting: Sendable, Hashable, Codable {
    package var fingerprint: String
    package var fitted: Counts
    package var chosen: Counts
    /// Never looked at.
    package var heldOutGroups: [String]
    package var heldOutForms: [String]
  }

  package struct Counts: Sendable, Hashable, Codable {
    package var harmful: Int
    package var benign: Int

    package init(_ exchanges: [LabelledExchange]) {
      harmful = exchanges.count(where: \.isHarmful)
      benign = exchanges.count - harmful
    }
  }

  package static let schema = "askew.guard/1"
  private static let factsName = "guard.json"
  private static let weightsName = "guard.safetensors"

  package var facts: Facts
  /// Of parts that have some, by name.
  package var readouts: [String: Readout]

  package init(_ facts: Facts, _ readouts: [String: Readout]) {
    (self.facts, self.readouts) = (facts, readouts)
  }

  /// Those whose scores are the guard's.
  package var parts: [GuardPart] { facts.parts.filter { $0.control == nil } }
  package var controls: [GuardPart] { facts.parts.filter { $0.control != nil } }

  package func part(_ name: String) -> GuardPart? { facts.parts.first { $0.name == name } }

  /// Whether an answer can be stopped on the way.
  package var streams: Bool { facts.rule.names.allSatisfy { part($0)?.streams ?? false } }

  /// All that decides its scores; the threshold apart.
  package var fingerprint: Fingerprint {
    get throws {
      var own = facts
      own.calibration = nil
      // Where a model lies does not matter, which one it is does.
      for index in own.parts.indices {
        own.parts[index].reader?.place = ""
        own.parts[index].against?.place = ""
      }
      var bytes = try Self.encoded(own)
      for name in readouts.keys.sorted() {
        for value in readouts[name].map({ $0.token + $0.prompt + [Float($0.bias)] }) ?? [] {
          withUnsafeBytes(of: value.bitPattern.littleEndian) { bytes.append(contentsOf: $0) }
        }
      }
      return Fingerprint(bytes: bytes)
    }
  }

  /// The same with its threshold: what says yes and no.
  package var decisionFingerprint: Fingerprint {
    get throws {
      Fingerprint(
        bytes: Data(
          "\(try fingerprint.hex) \(facts.calibration.map { "\($0.threshold)" } ?? "")".utf8))
    }
  }

  // MARK: - Files

  /// - Throws: `InputError` naming the file.
  package init(folder: String) throws {
    let path = folder + "/" + Self.factsName
    guard let bytes = FileManager.default.contents(atPath: path) else {
      throw InputError("found no guard, expected a folder with \(Self.factsName)", file: path)
    }
    do {
      facts = try JSONDecoder().decode(Facts.self, from: bytes)
    } catch let error as DecodingError {
      throw InputError("found no guard: \(error.summary)", file: path)
    }
    guard facts.schema == Self.schema else {
      throw InputError(
        "found \(facts.schema.quotedOnOneLine), expected \(Self.schema)", file: path,
        field: "schema")
    }
    let file = try Safetensors(path: folder + "/" + Self.weightsName)
    readouts = [:]
    for part in facts.parts where ![.label, .ratio].contains(part.kind) {
      let bias = try file.floats(of: part.name + ".bias", 1)
      let token = try file.floats(of: part.name + ".token", nil)
      let prompt = try file.floats(of: part.name + ".prompt", nil)
      guard (token + prompt + bias).allSatisfy(\.isFinite) else {
        throw InputError("found numbers that are not finite", file: file.file, field: part.name)
      }
      readouts[part.name] = Readout(
        token: token, prompt: prompt, bias: Double(bias[0]), pool: part.pool,
        window: max(1, part.window))
    }
    try check(path)
  }

  private func check(_ path: String) throws(InputError) {
    func fail(_ problem: String, _ field: String) -> InputError {
      InputError(problem, file: path, field: field)
    }
    for name in facts.rule.names + [facts.rule.first].compactMap({ $0 }) {
      guard part(name) != nil else { throw fail("found no part \(name.quotedOnOneLine)", "rule") }
    }
    for part in facts.parts {
      guard let readout = readouts[part.name] else { continue }
      let width: Int? =
        switch part.kind {
        case .words: part.vocabulary?.count
        case .length: 1
        case .probe, .head, .exchange, .label, .ratio: nil
        }
      if let width, readout.token.count != width {
        throw fail("found \(readout.token.count) weights, expected \(width)", part.name)
      }
    }
  }

  /// Writes the guard; files of the same names are written over, one after the other, each whole.
  package func write(to folder: String) throws {
    try FileManager.default.createDirectory(
      atPath: folder, withIntermediateDirectories: true)
    var sources: [Safetensors.Source] = []
    for name in readouts.keys.sorted() {
      guard let readout = readouts[name] else { continue }
      let fields = [
        ("token", readout.token), ("prompt", readout.prompt), ("bias", [Float(readout.bias)]),
      ]
      for (field, values) in fields where !values.isEmpty {
        sources.append(
          Safetensors.Source("\(name).\(field)", shape: [values.count], as: .float32) {
            elements, target in
            for (offset, element) in elements.enumerated() { target[offset] = values[element] }
          })
      }
    }
    try Safetensors.write(sources, to: folder + "/" + Self.weightsName)
    try writeFacts(to: folder)
  }

  /// The part without weights alone, as after a calibration.
  package func writeFacts(to folder: String) throws {
    try Self.encoded(facts).write(
      to: URL(fileURLWithPath: folder + "/" + Self.factsName), options: .atomic)
  }

  private static func encoded(_ facts: Facts) throws -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
    return try encoder.encode(facts)
  }
}

extension Safetensors {
  /// - Parameter count: `nil`: any, and none where there is no such tensor.
  fileprivate func floats(of name: String, _ count: Int?) throws(InputError) -> [Float] {
    if count == nil, tensors[name] == nil { return [] }
    return try floats(of: name, expecting: count.map { [$0] })
  }
}

extension DecodingError {
  fileprivate var summary: String {
    switch self {
    case .keyNotFound(let key, _): "no \(key.stringValue)"
    case .typeMismatch(_, let context), .valueNotFound(_, let context), .dataCorrupted(let context):
      (context.codingPath.map(\.stringValue) + [context.debugDescription]).joined(separator: ": ")
    @unknown default: "\(self)"
    }
  }
}

extension ExchangeGuard {
  /// Its calibration.
  ///
  /// - Throws: `InputError` where there is none, or where it is another guard's.
  package func calibrated(_ folder: String) throws -> Calibration {
    guard let calibration = facts.calibration else {
      throw InputError(
        "found a guard without a threshold, expected one that askew guard calibrate has seen",
        file: folder)
    }
    guard calibration.guardFingerprint == (try fingerprint.hex) else {
      throw InputError(
        "found a threshold of another guard, expected it of this one: calibrate it again",
        file: folder)
    }
    return calibration
  }
}

extension ExchangeGuard {
  /// What somebody says, as a guard for inputs reads it: as the answer to a question that says nothing.
  package static func input(_ text: String) -> [Message] {
    [Message(role: .user, content: "."), Message(role: .assistant, content: text)]
  }
}
