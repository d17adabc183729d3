import ArgumentParser
import Core

/// How long something is to take, as options give it.
enum TimeBudget {
  /// - Throws: `ValidationError` for what is no time.
  static func seconds(_ text: String?) throws -> Int? {
    guard let text else { return nil }
    let units: [Character: Int] = ["s": 1, "m": 60, "h": 3600]
    guard let unit = text.last.flatMap({ units[$0] }), let count = Int(text.dropLast()),
      (1...100_000).contains(count)
    else {
      throw ValidationError(
        "--budget: found \"\(text.onOneLine)\", expected a whole number and a unit: 90s, 10m or 2h")
    }
    return count * unit
  }
}
