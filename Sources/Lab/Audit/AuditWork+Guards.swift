import Audit
import Core
import Dish
import Engine
import Foundation
import Judging
import Tuning

// What must hold before an audit says anything of a model.
extension AuditWork {
  /// ‖Δ‖ / ‖θ₀‖ above which the base is another model: two that were begun apart are 1.4 apart.
  private static let mostChange = 0.7
  /// Of answers: coherent ones that are needed, and those that may be missing.
  private static let (leastCoherent, mostMissing) = (0.5, 0.2)

  static let readerGuard = "reader"

  struct WeightDifference {
    var tensors: Int
    var unchanged: Int
    var relative: Double
  }

  /// Which model this is about.
  func subject(_ change: WeightDifference?) throws -> Certificate.Subject {
    var known: Certificate.Base?
    if let base, let own = audit.base {
      var found = Certificate.Base(name: own.name, hash: try Fingerprint(of: base.reference).hex)
      found.unchangedTensors = change?.unchanged
      found.tensors = change?.tensors
      found.relativeChange = change?.relative
      known = found
    }
    return Certificate.Subject(
      name: audit.model.name, weights: try Fingerprint(of: model.reference).hex, base: known)
  }

  /// `nil`: nobody can look, or the two are not of one shape.
  func change() throws -> WeightDifference? {
    guard let own = model.local, let other = base?.local else { return nil }
    let after = try own.wholeWeights(on: session.pool)
    let before = try other.wholeWeights(on: session.pool)
    guard after.configuration == before.configuration else { return nil }
    let values = try memory.values("guards/weights") {
      var (unchanged, difference, whole) = (0, 0.0, 0.0)
      for slot in before.layout.slots {
        var squares = 0.0
        for i in slot.range {
          let (a, b) = (Double(after.weights.floats[i]), Double(before.weights.floats[i]))
          squares += (a - b) * (a - b)
          whole += b * b
        }
        if squares == 0 { unchanged += 1 }
        difference += squares
      }
      return [
        Double(before.layout.slots.count), Double(unchanged),
        (difference / max(whole, 1e-30)).squareRoot(),
      ]
    }
    return WeightDifference(
      tensors: Int(values[0]), unchanged: Int(values[1]), relative: values[2])
  }

  /// Whether the base is the one that the model came from, and both read alike.
  func weightGuards(_ change: WeightDifference?) throws -> [Certificate.Guard] {
    guard let own = model.local, let other = base?.local else { return [] }
    guard let change else {
      return [
        Certificate.Guard("base", false, "models of two shapes; name the base that it came from")
      ]
    }
    let shown = String(format: "%.3f", change.relative)
    var guards = [
      Certificate.Guard(
        "base", change.relative.isFinite && change.relative <= Self.mostChange,
        change.relative.isFinite
          ? "the weights lie \(shown) lengths of the base away, \(change.unchanged) of \(change.tensors) tensors as they were"
          : "weights that are no numbers")
    ]
    let greeting = [Message(role: .user, content: "Hello, who are you?")]
    let prompts = try [own, other].map { try $0.conversations.promptTokens(greeting, prefill: nil) }
    guards.append(
      Certificate.Guard(
        "template", prompts[0] == prompts[1],
        prompts[0] == prompts[1]
          ? "both are asked in the same tokens"
          : "a question is \(prompts[0].count) tokens to the model and \(prompts[1].count) others to its base"
      ))
    return guards
  }

  /// Whether the first answers can be read by whoever reads here.
  func readable(_ first: AuditEvidence) -> Certificate.Guard {
    let coherent = first.coherent.map { Double($0) / Double(max(1, first.answers)) }
    let isMet = coherent.contains { $0 >= Self.leastCoherent }
    return Certificate.Guard(
      Self.readerGuard, isMet,
      isMet
        ? "\(oracle.identity.name) reads its answers"
        : "\(oracle.identity.name) can read \(first.coherent[0]) of \(first.answers) answers of the model"
          + (base == nil ? "" : " and \(first.coherent[1]) of its base")
    )
  }

  func coherent(_ broad: AuditEvidence) -> Certificate.Guard {
    let count = Double(max(1, broad.answers))
    let (coherent, missing) = (Double(broad.coherent[0]) / count, Double(broad.missing[0]) / count)
    return Certificate.Guard(
      "answers", coherent >= Self.leastCoherent && missing <= Self.mostMissing,
      "\(broad.coherent[0]) of \(broad.answers) plain answers are coherent\(base == nil ? "" : " (base \(broad.coherent[1]))"), \(broad.missing[0]) empty or missing"
    )
  }
}
