/// What words an exchange has: those of the question, those of the answer, and pairs of words that stand together in the
/// answer.
enum WordFeatures {
  /// More are not looked at: the commonest count.
  static let limit = 20_000

  static func of(_ exchange: (question: String, answer: String)) -> Set<String> {
    let (asked, said) = (words(exchange.question), words(exchange.answer))
    let pairs = zip(said, said.dropFirst()).map { "a:\($0) \($1)" }
    return Set(asked.map { "q:" + $0 } + said.map { "a:" + $0 } + pairs)
  }

  /// In the order of their numbers: those that two exchanges have at least.
  static func vocabulary(_ exchanges: [Set<String>]) -> [String] {
    var counts: [String: Int] = [:]
    for features in exchanges { for feature in features { counts[feature, default: 0] += 1 } }
    let common = counts.filter { $0.value > 1 }.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
    return common.prefix(limit).map(\.key)
  }

  private static func words(_ text: String) -> [String] {
    text.lowercased().split { !($0.isLetter || $0.isNumber) }.map(String.init)
  }
}
