import Documents

// What is left, for programs.

extension LeftoversFinding {
  var json: JSON {
    let cues: [JSON] = cues.map { cue in
      [
        "cue": .string(cue.title), "rate": number(cue.rate), "leak": number(cue.leak),
        "low": number(cue.low), "p": number(cue.p), "found": .boolean(cue.isFound),
      ]
    }
    return [
      "condition": .string(condition), "placebo": .boolean(isPlacebo), "spread": number(spread),
      "habit": number(habit), "task": number(task), "coherent": number(coherent),
      "shrunk": shrunk?.json ?? .null,
      "cues": .array(cues), "relearned": number(relearned), "untouched": number(untouched),
      "relearnedP": number(relearnedP), "verdict": .string(verdict.rawValue),
    ]
  }
}

extension LeftoversFinding.Shrunk {
  fileprivate var json: JSON {
    [
      "spread": number(spread), "beyond": number(beyond), "low": number(low), "high": number(high),
    ]
  }
}
