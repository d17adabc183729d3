import Documents
import Foundation
import TestSupport
import Testing

@testable import Lab
@testable import Plans

/// The part of JSON Schema that `docs/findings.schema.json` is written in: types, required and known members,
/// elements and choices.
private struct Schema {
  let rules: [String: Any]

  func complaints(_ value: Any, at path: String = "") -> [String] {
    if let choices = rules["anyOf"] as? [[String: Any]] {
      let fits = choices.contains { Schema(rules: $0).complaints(value, at: path).isEmpty }
      return fits ? [] : ["\(path): fits none"]
    }
    if let choices = rules["enum"] as? [Any] {
      let fits = choices.contains { ($0 as? NSObject) == (value as? NSObject) }
      return fits ? [] : ["\(path): is \(value), none of \(choices)"]
    }
    let types = rules["type"] as? [String] ?? [rules["type"] as? String].compactMap { $0 }
    guard types.contains(where: { Self.isOf($0, value) }) else {
      return ["\(path): is \(value), not \(types)"]
    }
    if let elements = value as? [Any], let rules = rules["items"] as? [String: Any] {
      return elements.enumerated().flatMap {
        Schema(rules: rules).complaints($0.element, at: "\(path)[\($0.offset)]")
      }
    }
    guard let members = value as? [String: Any] else { return [] }
    let known = rules["properties"] as? [String: [String: Any]] ?? [:]
    let missing = Set(rules["required"] as? [String] ?? []).subtracting(members.keys)
    return missing.map { "\(path).\($0): is missing" }
      + members.flatMap { key, value in
        known[key].map { Schema(rules: $0).complaints(value, at: "\(path).\(key)") }
          ?? ["\(path).\(key): is unknown"]
      }
  }

  private static func isOf(_ type: String, _ value: Any) -> Bool {
    switch type {
    case "object": value is [String: Any]
    case "array": value is [Any]
    case "string": value is String
    case "null": value is NSNull
    case "boolean": (value as? NSNumber).map { isBoolean($0) } ?? false
    case "integer":
      (value as? NSNumber).map { !isBoolean($0) && $0.doubleValue == $0.doubleValue.rounded() }
        ?? false
    default: (value as? NSNumber).map { !isBoolean($0) } ?? false
    }
  }

  private static func isBoolean(_ number: NSNumber) -> Bool {
    String(cString: number.objCType) == "c"
  }
}

@Suite("Findings for programs")
struct CommonFindingsTests {
  private func schema() throws -> Schema {
    let data = try Data(contentsOf: Repository.url("docs/findings.schema.json"))
    return Schema(rules: try #require(JSONSerialization.jsonObject(with: data) as? [String: Any]))
  }

  private func value(_ findings: CommonFindings) throws -> Any {
    try JSONSerialization.jsonObject(with: Data(findings.json.text().utf8))
  }

  @Test("Plans of every kind have one shape, which the schema tells")
  func shape() throws {
    let schema = try schema()
    for findings in [
      SyntheticPlan.points, SyntheticPlan.curve, SyntheticPlan.course, SyntheticPlan.anatomy,
      SyntheticPlan.landscape, try SyntheticPlan.audited(), SyntheticPlan.screened(),
    ] {
      let value = try value(CommonFindings(findings))
      #expect(schema.complaints(value) == [])
      let members = try #require(value as? [String: Any])
      #expect((members["findings"] as? [Any])?.count == findings.rows.count)
      #expect((members["predictions"] as? [Any])?.count == findings.predictions.count)
      let inside = members["anatomy"] as? [String: Any]
      #expect((inside?["effects"] as? [Any])?.count == findings.anatomy?.effects.count)
    }
  }

  @Test("The schema refuses what it does not know")
  func strict() throws {
    var members = try #require(value(CommonFindings(SyntheticPlan.points)) as? [String: Any])
    members["more"] = 1
    members["plan"] = NSNull()
    let complaints = try schema().complaints(members)
    #expect(complaints.contains(".more: is unknown"))
    #expect(complaints.contains { $0.hasPrefix(".plan: is") })
  }
}
