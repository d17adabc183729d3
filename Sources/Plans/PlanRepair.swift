import Core
import Documents

/// What is done to the weights of a model that went wrong, without any training.
package enum PlanRepair: Sendable, Hashable, Codable {
  /// θ₀ + a (θ − θ₀), with θ₀ of the untouched model.
  case scale(Double)
  /// θ − β (θ_of − θ_against) (task vectors; arXiv 2212.04089); `against` is the untouched model unless it is said.
  case subtract(of: String, against: String?, by: Double)
  /// (I − v̂ v̂ᵀ) W of all that writes into the residual stream (arXiv 2406.11717).
  case ablate(PlanInnerDirection)
  case safe(PlanSafeLoRA)

  /// The conditions whose models it needs besides the one that it starts from.
  package var needed: [String] {
    if case .subtract(let bad, let good, _) = self { [bad, good].compactMap { $0 } } else { [] }
  }
}

/// Projects what training has changed onto what alignment had changed before (Safe LoRA, arXiv 2405.16833).
package struct PlanSafeLoRA: Sendable, Hashable, Codable {
  package enum How: String, Sendable, Hashable, Codable, CaseIterable {
    /// P = V Vᵀ / ‖V‖, with V = aligned − base: the paper's and its code's, which is no projection.
    case published
    /// P = Q Qᵀ, with the leading left singular vectors of V.
    case projector
    /// No direction at all: each matrix shrunk to the length that the published one would leave of it.
    case shrink
  }

  package var how: How
  /// Those whose change P turns furthest: of lowest cosine between Δ and P Δ.
  package var matrices: Int
  /// Singular vectors of the projector.
  package var rank: Int
}

/// Reads `repair`.
struct PlanRepairReader {
  private let value: PlanValue
  private let fields: PlanFields
  private let kind: PlanOriginKind

  init(_ value: PlanValue, _ kind: PlanOriginKind) throws(InputError) {
    (self.value, self.kind) = (value, kind)
    fields = try PlanFields(value, keys: PlanKeys.repair)
    let named = PlanKeys.repair.filter { fields[$0] != nil }
    guard named.count == 1 else {
      throw value.failure(
        "found \(named.count) repairs, expected one of \(NearestName.alternatives(PlanKeys.repair))"
      )
    }
  }

  /// Rows that it is trained on, where that is the repair.
  var rows: PlanValue? { fields["rows"] }

  /// Strengths, where a list of them asks for several models.
  func sweep() throws(InputError) -> [Double] {
    guard let scale = fields["scale"], scale.isList else { return [] }
    return try scale.list(of: "numbers").map { (value) throws(InputError) in try Self.scale(value) }
  }

  func repair(among names: [String]) throws(InputError) -> PlanRepair? {
    if let scale = fields["scale"] {
      return .scale(scale.isList ? 1 : try Self.scale(scale))
    }
    if let subtract = fields["subtract"] {
      let own = try PlanFields(subtract, keys: PlanKeys.subtract)
      return .subtract(
        of: try own.required("of").name(of: "condition", among: names),
        against: try own["against"]?.name(of: "condition", among: names),
        by: try own["by"]?.number("a number from -10 to 10") { abs($0) <= 10 } ?? 1)
    }
    if let ablate = fields["ablate"] {
      return .ablate(try PlanInnerDirection(ablate, keys: PlanKeys.innerDirection, kind))
    }
    if let safe = fields["safe-lora"] {
      guard kind == .world else {
        throw safe.failure(
          "found \"safe-lora\" on a folder, expected a dish: nobody has the model before its alignment"
        )
      }
      let own = try PlanFields(safe, keys: PlanKeys.safeLoRA)
      return .safe(
        PlanSafeLoRA(
          how: try own["how"]?.choice() ?? .published, matrices: try own.count("matrices") ?? 10,
          rank: try own.count("rank", upTo: 4096) ?? 16))
    }
    return nil
  }

  private static func scale(_ value: PlanValue) throws(InputError) -> Double {
    try value.number("a number from -4 to 4") { abs($0) <= 4 }
  }
}

extension PlanCondition {
  /// The same for each of several strengths, as conditions of their own: `scaled` at 0.25 is `scaled-25`.
  static func swept(_ name: String, at strength: Double) -> String {
    "\(name)-\(strength < 0 ? "minus-" : "")\(Int((abs(strength) * 100).rounded()))"
  }

  func swept(over strengths: [Double]) -> [PlanCondition] {
    guard !strengths.isEmpty else { return [self] }
    return strengths.map { strength in
      var own = self
      own.name = Self.swept(name, at: strength)
      own.title = "\(title), × \(strength)"
      own.repair = .scale(strength)
      own.x = x ?? strength
      return own
    }
  }
}
