import Anatomy
import Core
import Engine
import Formats
import Plans
import Store

extension RunKind {
  /// Weights that were computed from those of other models.
  package static let repair = RunKind(rawValue: "repair")
}

/// What is done to the weights of a model, with all that decides it besides the models.
enum RepairSettings: Sendable, Hashable, Encodable {
  case scale(Double)
  case subtract(by: Double)
  case ablate(InnerDirection)
  case safe(PlanSafeLoRA)

  /// - Throws: as ``InnerDirection`` does.
  init(_ plan: PlanRepair, of shape: ModelConfiguration, field: String) throws {
    self =
      switch plan {
      case .scale(let a): .scale(a)
      case .subtract(_, _, let beta): .subtract(by: beta)
      case .ablate(let direction):
        .ablate(try InnerDirection(direction, of: shape, field: "\(field).ablate"))
      case .safe(let safe): .safe(safe)
      }
  }

  /// The models that a repair reads, each opened when it is needed.
  struct Models {
    /// What is repaired.
    let start: () throws -> Model
    /// As it was before the plan trained anything.
    let untouched: () throws -> Model
    /// Before its alignment; `nil`: nobody has that.
    var raw: (() throws -> Model)?
    /// Whose change is taken away, and what it is the change from where that is not the untouched one.
    var others: [() throws -> Model]
    let vector: (InnerDirection) throws -> [Double]
  }

  /// The repaired model, in 32 bits.
  func repaired(_ models: Models) throws -> Model {
    let start = try models.start()
    switch self {
    case .scale(let a):
      return WeightRepair.scaled(start, from: try models.untouched(), by: a)
    case .subtract(let beta):
      let bad = try models.others[0]()
      let good = try models.others.count > 1 ? models.others[1]() : models.untouched()
      return WeightRepair.subtracting(bad, good, by: beta, from: start)
    case .ablate(let direction):
      return WeightRepair.ablated(start, along: try models.vector(direction))
    case .safe(let safe):
      guard let raw = models.raw else {
        throw InputError("nobody has the model before its alignment", field: "safe-lora")
      }
      let kind: SafeProjection.Kind =
        switch safe.how {
        case .published: .published
        case .projector: .projector
        case .shrink: .shrink
        }
      return SafeProjection(kind, matrices: safe.matrices, rank: safe.rank)
        .repaired(start, aligned: try models.untouched(), base: try raw())
    }
  }
}
