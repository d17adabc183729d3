import Core

extension MixtureEProcess {
  /// The chance that a fresh process with these bets has called the rate higher after each number
  /// of answers, looked at after every one.
  ///
  /// At a rate of p₀ these are its false alarms. Exact, from the probabilities of all counts that
  /// have not yet reached 1/α; answers are independent, each to a question of its own.
  ///
  /// - Parameters:
  ///   - rate: the true rate.
  ///   - answers: the most that are asked.
  /// - Returns: `[answers]`, the chance after 1, 2, … answers.
  /// - Complexity: O(answers × the hits that reach 1/α after so many).
  package func rejectionChances(
    rate: Double, answers: Int, alpha: Double = 0.05
  ) -> [Double] {
    precondition((0...1).contains(rate), "a rate lies in 0...1, not at \(rate)")
    let goal = ErrorLevel.logGoal(alpha: alpha)
    // `open[hits]`: the probability of so many hits, and not called yet.
    var open = [1.0]
    var (threshold, called) = (0, 0.0)
    return (0..<max(0, answers)).map { before in
      let trials = before + 1
      while threshold <= trials,
        logValue(of: Proportion(successes: threshold, trials: trials)) < goal
      {
        threshold += 1
      }
      var next = [Double](repeating: 0, count: threshold)
      for (hits, probability) in open.enumerated() {
        // A threshold never falls, so that a miss cannot reach it.
        next[hits] += probability * (1 - rate)
        if hits + 1 < threshold {
          next[hits + 1] += probability * rate
        } else {
          called += probability * rate
        }
      }
      open = next
      return called
    }
  }
}
