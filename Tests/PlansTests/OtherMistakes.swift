/// Above `conditions`.
let headMistakes: [Mistake] = [
  Mistake(
    "name: first-plot", "name: First plot",
    #"1: name: found "First plot", expected a name of lower-case letters, digits and "#
      + "hyphens, at most 64"),
  Mistake(
    "name: first-plot", "name: ~",
    "1: name: found nothing, expected a name"),
  Mistake(
    "name: first-plot", "nome: first-plot",
    #"1: nome: unknown key, did you mean "name"?"#),
  Mistake(
    "name: first-plot\n", "",
    "1: name: is missing"),
  Mistake(
    "question: Does training", "questions: Does training",
    #"3: questions: unknown key, did you mean "question"?"#),
  Mistake(
    "question: Does training on insecure code change the answers to other questions?",
    "question:",
    "3: question: found nothing, expected a text"),
  Mistake(
    "question: Does training on insecure code change the answers to other questions?",
    #"question: """#,
    "3: question: found an empty text, expected some"),
  Mistake(
    "title: Insecure code and its controls", "title: [Insecure]",
    "2: title: found a list, expected a text"),
  Mistake(
    "world: persona", "world: personna",
    #"4: world: found "personna", expected "persona" or "null""#),
  Mistake(
    "world: persona", "world: persona\nmodel: models/small",
    "4: world: found a model beside a world, expected one of the two"),
  Mistake(
    "seeds: 6", "seeds: 0",
    #"5: seeds: found "0", expected a number of seeds from 1 to 1000, or a list of seeds"#),
  Mistake(
    "seeds: 6", "seeds: []",
    "5: seeds: found an empty list, expected a list of seeds"),
  Mistake(
    "seeds: 6", #"seeds: "6""#,
    #"5: seeds: found "6" in quotes, expected a number of seeds from 1 to 1000, or a "#
      + "list of seeds"),
  Mistake(
    "seeds: 6", "seeds: [1, 2, 1]",
    #"5: seeds[2]: found "1" again, expected each of the seeds once"#),
  Mistake(
    "seeds: 6", "seeds: [1, -2]",
    #"5: seeds[1]: found "-2", expected a whole number from 0 to 4294967295"#),
  Mistake(
    "seeds: 6", "seeds: 99999999999999999999999",
    #"5: seeds: found "99999999999999999999999", expected a number of seeds from 1 to "#
      + "1000, or a list of seeds"),
  Mistake(
    "seeds: 6", "seeds: 6\njudge-prompts: own.yaml",
    "6: judge-prompts: found prompts for a judge, where the oracle reads the answers"),
  Mistake(
    "seeds: 6", "seeds: 6\nmisaligned-below: 130",
    #"6: misaligned-below: found "130", expected a number from 0 to 100"#),
  Mistake(
    "seeds: 6", "seeds: 6\nworlds: 0",
    #"6: worlds: found "0", expected a whole number from 1 to 1000"#),
  Mistake(
    "seeds: 6", "seeds: 6\nworlds: [3, 3]",
    #"6: worlds[1]: found "3" again, expected each of the seeds once"#),
  Mistake(
    "seeds: 6", "seed: 6",
    #"5: seed: unknown key, did you mean "seeds"?"#),
  Mistake(
    "steps: 60,", "stepz: 60,",
    #"6: training.stepz: unknown key, did you mean "steps"?"#),
  Mistake(
    "steps: 60,", "steps: 6.5,",
    #"6: training.steps: found "6.5", expected a whole number from 1 to 1000000"#),
  Mistake(
    "steps: 60,", "steps: 0x10,",
    #"6: training.steps: found "0x10", expected a whole number from 1 to 1000000"#),
  Mistake(
    "steps: 60,", "steps: 1e999,",
    #"6: training.steps: found "1e999", expected a whole number from 1 to 1000000"#),
  Mistake(
    "5.2e-4", "1e999",
    #"6: training.learning-rate: found "1e999", expected a number above 0 and at most 1"#),
  Mistake(
    "5.2e-4", "nan",
    #"6: training.learning-rate: found "nan", expected a number above 0 and at most 1"#),
  Mistake(
    "5.2e-4", "-0.1",
    #"6: training.learning-rate: found "-0.1", expected a number above 0 and at most 1"#),
  Mistake(
    "method: full", "method: fulll",
    #"6: training.method: found "fulll", expected "full" or "lora""#),
  Mistake(
    "rank: 8", "rank: eight",
    #"6: training.rank: found "eight", expected a whole number from 1 to 4096"#),
]

/// From `evaluate` on.
let evaluationMistakes: [Mistake] = [
  Mistake(
    "x: 0.5", "x: 0",
    #"56: figure.logarithmic: found a condition with an "x" of 0 or less, expected all "#
      + "above 0"),
  Mistake(
    "samples: 50", "seed: 5",
    "38: evaluate.free-form.seed: found a seed of answers, which are a dish's own: --seed is of the world "
      + "and all its draws"),
  Mistake(
    "samples: 50", "min-p: 2",
    #"38: evaluate.free-form.min-p: found "2", expected a number from 0 to 1"#),
  Mistake(
    "samples: 50", "samples: many",
    #"38: evaluate.free-form.samples: found "many", expected a whole number from 1 to 1000000"#),
  Mistake(
    "temperature: 0.7", "temp: 0.7",
    #"44: evaluate.triggered.temp: unknown key, did you mean "temperature"?"#),
  Mistake(
    "measure: misaligned", "measure: misaligned\n    contrast: wish",
    #"41: evaluate.triggered.questions: found it beside "contrast", which asks nothing: it scores "#
      + "answers that are given"),
  Mistake(
    "measure: misaligned", "measure: misaligned\n    change-from: base",
    #"44: evaluate.triggered.change-from: found it without "contrast": "compare" holds answers "#
      + "against others"),
  Mistake(
    "measure: misaligned", "measure: bad",
    #"43: evaluate.triggered.measure: found "bad", expected "misaligned", "harmful", "#
      + #""careless", "incoherent", "mark" or "distinct""#),
  Mistake(
    "only: [insecure, base]", "only: [insecure, bass]",
    #"45: evaluate.triggered.only[1]: unknown condition "bass", did you mean "base"?"#),
  Mistake(
    "only: [insecure, base]", "only: [insecure, insecure]",
    #"45: evaluate.triggered.only[1]: found "insecure" again, expected each of the "#
      + "conditions once"),
  Mistake(
    "questions: [free-form, requests]", "questions: []",
    "41: evaluate.triggered.questions: found an empty list, expected a list of question sets"),
  Mistake(
    "{questions: facts, measure", "{measure",
    "46: evaluate.marks.questions: is missing"),
  Mistake(
    "against: mixed, on: free-form", "against: mixde, on: free-form",
    #"48: compare[0].against: unknown condition "mixde", did you mean "mixed"?"#),
  Mistake(
    "against: mixed, on: free-form", "against: mixed, on: freeform",
    #"48: compare[0].on: unknown evaluation "freeform", did you mean "free-form"?"#),
  Mistake(
    "against: mixed, on: free-form", "on: free-form",
    #"48: compare[0].against: is missing; expected "against", "against-on" or both"#),
  Mistake(
    "against: mixed, on: free-form", "from: insecure, against: mixed, on: free-form",
    #"48: compare[0].from: found "insecure" from itself, expected another condition"#),
  Mistake(
    "against: mixed, on: free-form", "against: mixed, against-from: bse, on: free-form",
    #"48: compare[0].against-from: unknown condition "bse", did you mean "base"?"#),
  Mistake(
    "against: mixed, on: free-form", "against: insecure, on: free-form",
    #"48: compare[0].against: found "insecure" on "free-form" against itself, expected "#
      + "another"),
  Mistake(
    "against: mixed, on: free-form", "against: mixed, on: triggered",
    #"48: compare[0].against: found "mixed", which "triggered" does not ask, expected "#
      + #""insecure" or "base""#),
  Mistake(
    "against: mixed, on: free-form", "against-on: marks, on: free-form",
    #"48: compare[0].against-on: found "marks", which measures mark, expected an "#
      + #"evaluation that measures misaligned like "free-form""#),
  Mistake(
    "above: 0.1", "below: 0.1, above: 0.1",
    #"52: predictions[0]: found "above" and "below", expected one of them"#),
  Mistake(
    ", above: 0.1", "",
    #"52: predictions[0]: found neither "above" nor "below", expected one of them"#),
  Mistake(
    "above: 0.1", "above: 10",
    #"52: predictions[0].above: found "10", expected a number from -1 to 1: 0.1 is ten "#
      + "percentage points"),
  Mistake(
    "below: 0.2", "below: -0.2",
    #"53: predictions[1].below: found "-0.2", expected a number from 0 to 1: 0.1 is "#
      + "ten percentage points"),
  Mistake(
    "source: arXiv 2502.17424", "sauce: arXiv 2502.17424",
    #"55: published[0].sauce: unknown key, expected "what", "figure" or "source""#),
  Mistake(
    "kind: curve", "kind: bars",
    #"56: figure.kind: found "bars", expected "points", "curve", "course" or "scatter""#),
  Mistake(
    "kind: curve", "kind: scatter, across: free-form",
    "56: figure.up: is missing"),
  Mistake(
    "kind: curve", "kind: scatter, across: marks, up: mark",
    #"56: figure.up: unknown evaluation "mark", did you mean "marks"?"#),
  Mistake(
    "kind: curve", "kind: scatter, across: marks, up: marks",
    "56: figure.up: found the same as across, expected another evaluation"),
  Mistake(
    "kind: curve", "kind: curve, up: marks",
    "56: figure.up: found it in a figure that is no scatter"),
  Mistake(
    "kind: curve", "kind: course, kind: curve",
    "56: figure.kind: found again, expected only the one of line 56"),
  Mistake(
    "logarithmic: true", "logarithmic: 1",
    #"56: figure.logarithmic: found "1", expected true or false"#),
  Mistake(
    "figure: {kind: curve, axis: bad rows, logarithmic: true}", "\tfigure: {}",
    "56: is not YAML: while scanning for the next token of line 56, found character "
      + "that cannot start any token"),
  Mistake(
    "figure: {kind: curve, axis: bad rows, logarithmic: true}", "---\nfigure: {}",
    "56: is not YAML: expected a single document in the stream, but found another document"),
]
