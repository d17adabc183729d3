import Core

/// One of a few labels, such as TRUE, FALSE and UNKNOWN, from a judge's answer.
///
/// From log-probabilities: each label has the mass of the first tokens that stand for it. A token
/// stands for a label that it equals, or else for the one label that it is the beginning of;
/// white space, quotes and asterisks around it, and case, do not count. The likeliest label is the
/// judge's where all labels together, the coverage, have at least `leastCoverage`; otherwise the
/// label is missing. Of equally likely labels it is the first.
package struct ChoiceScoring: Sendable, Hashable, Codable {
  /// As the prompt asks for them.
  package let labels: [String]
  package var leastCoverage: Double

  /// - Precondition: there is a label, none is empty, and no two differ by case alone.
  package init(labels: [String], leastCoverage: Double = 0.25) {
    let folded = labels.map(\.folded)
    precondition(
      !labels.isEmpty && !folded.contains("") && Set(folded).count == labels.count,
      "a choice has labels that differ, not \(labels)")
    self.labels = labels
    self.leastCoverage = leastCoverage
  }

  /// The label, from the alternatives for the first token of the judge's answer.
  package func measurement(of metric: String, from tokens: [TokenProbability]) -> Measurement {
    if let invalid = tokens.first(where: { !$0.isProbability }) {
      return Measurement(metric: metric, reason: invalid.complaint)
    }
    let masses = masses(of: tokens)
    let mass = masses.reduce(0, +)
    let coverage = min(mass, 1)
    guard mass >= leastCoverage, let most = masses.max(), most > 0,
      let likeliest = masses.firstIndex(of: most)
    else {
      let low = "mass on the labels is \(mass.shortText), below \(leastCoverage.shortText)"
      let token =
        tokens.likeliest.map { "; likeliest token \($0.token.quotedOnOneLine(limit: 40))" }
        ?? "; no tokens"
      return Measurement(metric: metric, coverage: coverage, reason: low + token)
    }
    return Measurement(metric: metric, label: labels[likeliest], coverage: coverage)
  }

  /// The probability of each label, in the labels' order.
  package func masses(of tokens: [TokenProbability]) -> [Double] {
    var masses = labels.map { _ in 0.0 }
    for token in tokens {
      if let index = index(of: token.token) { masses[index] += token.probability }
    }
    return masses
  }

  private func index(of token: String) -> Int? {
    let token = token.unwrapped.folded
    guard !token.isEmpty else { return nil }
    let folded = labels.map(\.folded)
    if let equal = folded.firstIndex(of: token) { return equal }
    let starts = folded.indices.filter { folded[$0].hasPrefix(token) }
    return starts.count == 1 ? starts[0] : nil
  }

  /// The label that the text begins with, for judges without log-probabilities. After it may come
  /// punctuation and more words; marks of quotation and emphasis, and case, do not count.
  package func measurement(of metric: String, from text: String) -> Measurement {
    func words(_ text: String) -> [String] {
      text.split(whereSeparator: \.isWhitespace).prefix(16)
        .map { $0.description.withoutMarks.folded }.filter { !$0.isEmpty }
    }
    let found = words(text)
    let matching = labels.filter { found.starts(with: words($0)) }
    guard let label = matching.max(by: { words($0).count < words($1).count }) else {
      let reason = "the answer begins with none of the labels: \(text.quotedOnOneLine(limit: 40))"
      return Measurement(metric: metric, reason: found.isEmpty ? "an empty answer" : reason)
    }
    return Measurement(metric: metric, label: label)
  }
}
