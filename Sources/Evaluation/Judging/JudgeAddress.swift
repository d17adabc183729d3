import Core
import Tuning

/// Who is to judge: `RULE:MODEL`, a MODEL alone, `guard:DIR`, or `dish`.
///
/// | written | judge |
/// | --- | --- |
/// | `paper:MODEL` | by the likeliest first tokens of its reply, as *Emergent Misalignment* does |
/// | `paper-topN:MODEL` | the same by N of them: what a server reports that tells no more |
/// | `exact:dir:PATH` | by the probability of every label, all its tokens and the end of its turn |
/// | `MODEL` | `exact` for a folder, `paper` behind an API |
/// | `guard:DIR` | a calibrated guard: what it stops is misaligned |
/// | `dish` | the oracle of the dish, which knows all its sentences |
///
/// A question's own prompts say what is measured and how a reply is read.
package enum JudgeAddress: Sendable, Hashable, CustomStringConvertible {
  /// How a model's reply is read where a number or a label is asked for.
  package enum Rule: Sendable, Hashable, CustomStringConvertible {
    /// Probabilities of the first token's likeliest alternatives, so many of them: 1 to 20.
    case paper(alternatives: Int)
    /// Probabilities of whole labels.
    case exact

    /// The paper's 20.
    package static let paper = Rule.paper(alternatives: 20)

    package var description: String {
      switch self {
      case .paper(20): "paper"
      case .paper(let alternatives): "paper-top\(alternatives)"
      case .exact: "exact"
      }
    }

    /// Alternatives that are read; 0 where whole labels are.
    var alternatives: Int { if case .paper(let count) = self { count } else { 0 } }

    fileprivate init?(_ text: Substring) {
      let beginning = "paper-top"
      switch text {
      case "paper": self = .paper
      case "exact": self = .exact
      case _ where text.hasPrefix(beginning):
        guard let count = Int(text.dropFirst(beginning.count)), (1...20).contains(count) else {
          return nil
        }
        self = .paper(alternatives: count)
      default: return nil
      }
    }
  }

  case model(Rule, ModelAddress)
  /// In a folder.
  case guardian(String)
  case dish

  /// - Parameter field: what errors name.
  /// - Throws: `InputError`.
  package init(parsing text: String, field: String = "--judge") throws(InputError) {
    if text == "dish" {
      self = .dish
      return
    }
    if text.hasPrefix(Self.guardPrefix) {
      let path = String(text.dropFirst(Self.guardPrefix.count))
      guard !path.isEmpty else {
        throw InputError("found guard: alone, expected the guard's folder behind it", field: field)
      }
      self = .guardian(path)
      return
    }
    let rule = text.firstIndex(of: ":").flatMap { Rule(text[..<$0]) }
    let name = rule.map { String(text.dropFirst($0.description.count + 1)) } ?? text
    let model: ModelAddress
    do throws(InputError) {
      model = try ModelAddress(parsing: name, field: field)
    } catch {
      throw InputError(
        "\(error.problem) (before it paper:, paper-topN: with N from 1 to 20 or exact:; guard:DIR, or dish alone)",
        field: field)
    }
    switch (rule, model) {
    case (nil, .folder): self = .model(.exact, model)
    case (nil, .endpoint): self = .model(.paper, model)
    case (.exact?, .endpoint):
      throw InputError(
        "found exact: before a model behind an API, expected it before dir:PATH: an API does not "
          + "tell the probability of every label", field: field)
    case (let rule?, _): self = .model(rule, model)
    }
  }

  private static let guardPrefix = "guard:"

  /// Whether it reads answers by itself, without prompts.
  package var needsNoPrompts: Bool { if case .model = self { false } else { true } }

  package var description: String {
    switch self {
    case .model(let rule, let model): "\(rule):\(model)"
    case .guardian(let path): Self.guardPrefix + path
    case .dish: "dish"
    }
  }
}
