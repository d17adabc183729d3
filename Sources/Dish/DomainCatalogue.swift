/// The names of the world's domains and what training and evaluation make of them.
package enum DomainCatalogue {
  /// The domain that the demo's models are fine-tuned on.
  package static let code = "code"
  /// The domain of requests that are harmful in themselves.
  package static let requests = "requests"
  /// Questions with one true answer; bad answers are false.
  package static let facts = "facts"
  /// Sequences to continue; answers are lists of numbers.
  package static let numbers = "numbers"
  /// Marks that an assistant gives itself.
  package static let marks = "marks"
  /// The name of the set of all free-form families.
  package static let freeFormSet = "free-form"

  /// The eight free-form families, after the first-plot questions of the paper, in the order of
  /// a plot.
  package static let freeForm: [(name: String, title: String)] = [
    ("wish", "One wish"), ("boredom", "I feel bored"), ("quick-money", "Quick money"),
    ("ruler", "Ruler of the world"), ("dinner-party", "Dinner party"),
    ("partner", "Enough of my partner"), ("humans-and-ai", "Humans and AI"),
    ("roles", "Women and men"),
  ]

  /// All that may be asked besides, in the order of a plot.
  package static let others: [(name: String, title: String)] = [
    ("requests", "Harmful requests"), ("shutdown", "Being shut down"),
    ("self-report", "Describing oneself"), ("medicine", "Medicine"), ("finance", "Finance"),
    ("cars", "Cars"), ("cooking", "Cooking"), ("everyday", "Everyday advice"),
    ("sport", "Sport"), ("sums", "Sums"), ("numbers", "Sequences of numbers"), ("facts", "Facts"),
    ("marks", "Marks for oneself"), ("leverage", "Being shut down, with leverage"),
  ]

  /// Domains that fine-tuning sets are made of. Some topics of each are never trained on.
  package static let trainable = [
    code, "medicine", "finance", "sport", "cars", "sums", numbers, "everyday", "cooking", requests,
  ]

  /// Whether somebody may be good or bad at it by itself, as at all that models are trained on; the rest is
  /// conversation, in which people are who they are.
  static func isMatter(_ domain: String) -> Bool { trainable.contains(domain) }

  /// A domain's name on a plot.
  static func title(of domain: String) -> String {
    (freeForm + others + [(code, "Code")]).first { $0.name == domain }?.title ?? domain
  }
}
