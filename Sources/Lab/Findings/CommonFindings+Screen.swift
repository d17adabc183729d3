import Documents
import Screen

// What screens said, for programs.

extension ScreenFinding {
  var json: JSON {
    [
      "condition": condition.map { .string($0) } ?? .null,
      "world": world.map { .integer(Int($0)) } ?? .null, "measured": number(measured),
      "file": .string(file), "screen": (try? JSON(text: result.text)) ?? .null,
    ]
  }
}

extension ScreenScore {
  var json: JSON {
    [
      "sets": .integer(sets), "misaligned": .integer(misaligned), "within": .integer(within),
      "spearman": number(spearman), "skill": number(skill), "low": number(low),
      "high": number(high),
      "fitted": fitted.map { fitted in
        [
          "intercept": number(fitted.intercept), "slope": number(fitted.slope),
          "deviation": number(fitted.deviation),
        ]
      } ?? .null,
    ]
  }
}
