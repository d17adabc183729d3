import Core
import Foundation
import Plans
import Testing

@Suite struct PlanFuzzTests {
  /// What YAML gives a meaning to, and what plans do.
  private static let pieces: [[UInt8]] = [
    "", " ", "\n", "\n  ", "\t", ":", ": ", "- ", "? ", "&a ", "*a", "!x ", "!!int ", "|", ">", "'",
    "\"", "\\", "{", "}", "[", "]", ",", "#", "%", "@", "---\n", "...", "<<: ", "null", "~", "0",
    "-1", "1e999", "nan", "99999999999999999999", "name", "data", "start: mixed", "\u{0}", "é",
    "\u{2028}", "\u{FEFF}", "🧫",
  ].map { Array($0.utf8) }

  /// One to four small changes: pieces put in, spans taken out, doubled or moved, bytes changed.
  private func mutated(_ bytes: [UInt8], _ stream: inout RandomStream) -> [UInt8] {
    var bytes = bytes
    for _ in 0...stream.below(4) where !bytes.isEmpty {
      let start = stream.below(bytes.count)
      let end = min(bytes.count, start + stream.below(24))
      switch stream.below(5) {
      case 0: bytes.replaceSubrange(start..<end, with: stream.element(of: Self.pieces))
      case 1: bytes.insert(contentsOf: stream.element(of: Self.pieces), at: start)
      case 2: bytes.removeSubrange(start..<end)
      case 3: bytes.insert(contentsOf: bytes[start..<end], at: stream.below(bytes.count))
      default: bytes[start] = UInt8(stream.below(256))
      }
    }
    return bytes
  }

  @Test("A changed plan is read or refused in one line", arguments: 0..<4)
  func mutations(_ part: Int) throws {
    var stream = RandomStream(seed: 7, "plans", "\(part)")
    let end = ContinuousClock.now + .milliseconds(900)
    var (read, refused, placed) = (0, 0, 0)
    while ContinuousClock.now < end {
      let source = stream.below(4) == 0 ? smallPlan : fullPlan
      let yaml = String(decoding: mutated(Array(source.utf8), &stream), as: UTF8.self)
      do throws(InputError) {
        let plan = try Plan(yaml: yaml, file: "plan.yaml")
        #expect(!plan.conditions.isEmpty && !plan.evaluations.isEmpty)
        read += 1
      } catch {
        let message = error.description
        #expect(message.hasPrefix("plan.yaml:"), "\(message)")
        #expect(message.split(whereSeparator: \.isNewline).count == 1)
        #expect(message.utf8.count < 600, "\(message)")
        refused += 1
        placed += error.line == nil ? 0 : 1
      }
    }
    #expect(read > 0 && refused > 0)
    #expect(placed == refused)
  }
}
