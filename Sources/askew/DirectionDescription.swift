import ArgumentParser
import Core
import Documents
import Formats
import Foundation

/// What a file of directions holds, as lines for people and as JSON.
struct DirectionDescription {
  let directions: DirectionFile
  let file: String
  let leftOut: [String]

  init(_ directions: DirectionFile, file: String, leftOut: [String] = []) {
    (self.directions, self.file, self.leftOut) = (directions, file, leftOut)
  }

  var text: String {
    let facts = directions.facts
    let layers = ModelDescription.list(Set(directions.sites.map(\.layer)).sorted())
    let places = Site.Place.allCases.filter { place in
      directions.sites.contains { $0.place == place }
    }
    let count = directions.directions.count
    var lines = [
      "Directions: \(file)",
      "\(count) \(count == 1 ? "vector" : "vectors") of \(directions.hiddenSize) numbers, blocks \(layers), "
        + places.map(\.rawValue).joined(separator: " and "),
      "operation \(facts.operation.rawValue), tokens \(facts.tokens.rawValue), dose unit "
        + facts.doseUnit.onOneLine,
    ]
    lines += leftOut.map { "Left out: \($0)" }
    return lines.joined(separator: "\n") + "\n"
  }

  var json: JSON {
    let facts = directions.facts
    func text(_ value: String?) -> JSON { value.map(JSON.string) ?? .null }
    func count(_ value: Int?) -> JSON { value.map(JSON.integer) ?? .null }
    return [
      "version": 1,
      "file": .string(file),
      "operation": .string(facts.operation.rawValue),
      "tokens": .string(facts.tokens.rawValue),
      "doseUnit": .string(facts.doseUnit),
      "definition": .string(facts.definition),
      "model": text(facts.modelFingerprint),
      "modelHint": text(facts.modelHint),
      "layerCount": count(facts.layerCount),
      "hiddenSize": .integer(directions.hiddenSize),
      "rows": count(facts.rowCount),
      // As text: a seed of 64 bits is more than JSON's numbers hold everywhere.
      "seeds": .array(facts.seeds.map { .string(String($0)) }),
      "plan": text(facts.planHash),
      "controls": facts.controls.flatMap { try? JSON(text: $0) } ?? .null,
      "directions": .array(directions.directions.map(Self.json(of:))),
      "leftOut": .array(leftOut.map(JSON.string)),
    ]
  }

  /// - Throws: `InputError` if there is something at `path`: files that exist are not written over.
  static func requireNew(_ path: String) throws(InputError) {
    guard fileExists(path) else { return }
    throw InputError("is there already, expected the name of a new file", file: path)
  }

  private static func json(of direction: Direction) -> JSON {
    let squares = direction.vector.reduce(0) { $0 + Double($1) * Double($1) }
    return [
      "site": .string(direction.site.name),
      "length": .number(squares.squareRoot()),
      "cap": direction.cap.map(JSON.number) ?? .null,
    ]
  }
}

/// Blocks that a user chooses: `14`, or `1-27` from the first to the last.
struct LayerSelection: ExpressibleByArgument {
  static let help = ArgumentHelp(
    "Blocks to take, counted from 0, such as 14 or 1-27 (default: all).", valueName: "blocks")

  let range: ClosedRange<Int>

  init?(argument: String) {
    let parts = argument.split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
    guard (1...2).contains(parts.count), let first = parts.first ?? nil,
      let last = parts.last ?? nil, first >= 0, last >= first
    else { return nil }
    range = first...last
  }
}
