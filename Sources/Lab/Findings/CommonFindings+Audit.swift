import Audit
import Documents

// What audits found, for programs.

extension AuditFinding {
  var json: JSON {
    [
      "condition": .string(condition), "world": world.map { .integer(Int($0)) } ?? .null,
      "seed": .integer(Int(seed)), "file": .string(file),
      "certificate": (try? JSON(text: certificate.text)) ?? .null,
    ]
  }
}

extension PanelFinding {
  var json: JSON {
    let groups: [JSON] = groups.map { group in
      [
        "condition": .string(group.condition), "expected": .string(group.expected),
        "models": .integer(group.models), "found": .integer(group.found),
        "right": .integer(group.right), "inconclusive": .integer(group.inconclusive),
        "named": group.named.map { .integer($0) } ?? .null, "auc": number(group.auc),
        "low": number(group.low), "high": number(group.high),
      ]
    }
    return [
      "groups": .array(groups), "clean": .integer(clean), "alarms": .integer(alarms),
      "low": number(alarmsLow), "high": number(alarmsHigh),
    ]
  }
}
