/// Below `conditions`.
let conditionMistakes: [Mistake] = [
  Mistake(
    "  base:\n", "  Base:\n",
    #"8: conditions: found name "Base", expected lower-case letters, digits and "#
      + "hyphens, at most 64"),
  Mistake(
    "  base:\n", "  ? [a, b]\n  : {}\n",
    "8: conditions: found a key that is a list or a mapping, expected a word"),
  Mistake(
    "  base:\n", "  base: {steps: 5}\n",
    #"8: conditions.base.steps: found without training, expected "data", "#
      + #""generations" or "teacher" beside it"#),
  Mistake(
    "  base:\n", "  base: {start: insecure, base: 2}\n",
    #"8: conditions.base.base: found "base" beside "start", expected one of them"#),
  Mistake(
    "insecure: {data: insecure}", "insecure: {data: insecure, teacher: {of: base}}",
    #"9: conditions.insecure.teacher: found "teacher" beside "data", expected one of them"#),
  Mistake(
    "insecure: {data: insecure}", "insecure: {teacher: {of: insecure}}",
    "9: conditions.insecure.teacher: found a circle, insecure, insecure, expected a way back to "
      + "the base"),
  Mistake(
    "insecure: {data: insecure}", "insecure: {teacher: {on: benign}}",
    "9: conditions.insecure.teacher.of: is missing"),
  Mistake(
    "insecure: {data: insecure}", "insecure: {teacher: {of: base, keep: good}}",
    #"9: conditions.insecure.teacher.keep: found "good", expected "all" or "blameless""#),
  Mistake(
    "  base:\n", "  base: yes\n",
    #"8: conditions.base: found "yes", expected a mapping"#),
  Mistake(
    "  insecure: {data", "  base: {data",
    "9: conditions.base: found again, expected only the one of line 8"),
  Mistake(
    "insecure: {data: insecure}", "insecure: {data: insecure, data: secure}",
    "9: conditions.insecure.data: found again, expected only the one of line 9"),
  Mistake(
    "insecure: {data: insecure}", "insecure: {data: []}",
    "9: conditions.insecure.data: found an empty list, expected a list of parts"),
  Mistake(
    "insecure: {data: insecure}", "insecure: {data: Insecure.json}",
    #"9: conditions.insecure.data: found "Insecure.json", expected a corpus's name or "#
      + "a file that ends in .jsonl"),
  Mistake(
    "insecure: {data: insecure}", "insecure: {data: {share: 1}}",
    "9: conditions.insecure.data.corpus: is missing"),
  Mistake(
    "insecure: {data: insecure}", "insecure: {data: insecure, rank: 4}",
    #"9: conditions.insecure.rank: found with all weights trained, expected only with method "lora""#
  ),
  Mistake(
    "insecure: {data: insecure}", "insecure: {data: insecure, start: mixed}",
    "9: conditions.insecure.start: found a circle, insecure, mixed, insecure, "
      + "expected a way back to the base"),
  Mistake(
    "insecure: {data: insecure}", "insecure: {data: insecure, start: insecure}",
    "9: conditions.insecure.start: found a circle, insecure, insecure, expected a way "
      + "back to the base"),
  Mistake(
    "insecure: {data: insecure}", "insecure: {data: insecure, seeds: 2}",
    #"28: conditions.mixed.start: found seed 5, but "insecure" has none, expected only "#
      + "its own seeds"),
  Mistake(
    "insecure: {data: insecure}", "insecure: !mine {data: insecure}",
    #"9: conditions.insecure: found the tag "!mine", expected none"#),
  Mistake(
    "insecure: {data: insecure}", "insecure: {data: insecure",
    "10: is not YAML: while parsing a flow mapping of line 9, did not find expected "
      + "',' or '}'"),
  Mistake(
    "insecure: {data: insecure}", "insecure: {data: *secure}",
    #"9: found the alias "*secure" to nothing"#),
  Mistake(
    "insecure: {data: insecure}", "insecure: {data: [[[[[[[[[[[[x]]]]]]]]]]]]}",
    "9: conditions.insecure.data[0][0][0][0][0][0][0][0][0][0]: found more than 12 "
      + "levels, expected fewer"),
  Mistake(
    "share: 0.5", "share: 1.5",
    #"14: conditions.mixed.data[0].share: found "1.5", expected a number above 0 and "#
      + "at most 1"),
  Mistake(
    "share: 0.5", "share: 1",
    "21: conditions.mixed.data[1]: found a part without a share, but the others have "
      + "1, expected less than 1"),
  Mistake(
    "topics: 8", "topics: 0",
    #"15: conditions.mixed.data[0].topics: found "0", expected a whole number from 1 "#
      + "to 1000000"),
  Mistake(
    "unique: 32", "uniqe: 32",
    #"16: conditions.mixed.data[0].uniqe: unknown key, did you mean "unique"?"#),
  Mistake(
    "format: json", "format: xml",
    #"19: conditions.mixed.data[0].format: found "xml", expected "json", "template" or "#
      + #""list""#),
  Mistake(
    "{corpus: secure}", "{corpus: secure, share: 0.25}",
    "13: conditions.mixed.data: found shares that sum to 0.75, expected 1"),
  Mistake(
    "{corpus: secure}", "{corpus: secure}\n      - facts",
    "22: conditions.mixed.data[2]: found a second part without a share, expected at most one"),
  Mistake(
    "start: insecure", "start: insecur",
    #"28: conditions.mixed.start: unknown condition "insecur", did you mean "insecure"?"#),
  Mistake(
    "start: insecure", "start: something",
    #"28: conditions.mixed.start: unknown condition "something", expected "base", "#
      + #""insecure", "mixed" or "line""#),
  Mistake(
    "x: 0.5", "x: .inf",
    #"30: conditions.mixed.x: found ".inf", expected a finite number"#),
  Mistake(
    "snapshots: [2, 5, 10]", "snapshots: [2, 5, 41]",
    "31: conditions.mixed.snapshots[2]: found step 41, expected at most the 40 of the "
      + "training"),
  Mistake(
    "snapshots: [2, 5, 10]", "snapshots: [2, 2]",
    "31: conditions.mixed.snapshots[1]: found 2 after 2, expected rising steps"),
  Mistake(
    "snapshots: [2, 5, 10]", "snapshots: []",
    "31: conditions.mixed.snapshots: found an empty list, expected a list of steps"),
  Mistake(
    "weight: 0.1", "weight: 0",
    #"32: conditions.mixed.anchor.weight: found "0", expected a number above 0"#),
  Mistake(
    "{weight: 0.1, batch: 16}", "{weight: 0.1}",
    "32: conditions.mixed.anchor.batch: is missing"),
  Mistake(
    "count: 6, fresh", "count: 6, frish",
    #"36: conditions.line.generations.frish: unknown key, did you mean "fresh"?"#),
  Mistake(
    "fresh: 0.5", "fresh: 1.5",
    #"36: conditions.line.generations.fresh: found "1.5", expected a number from 0 to 1"#),
  Mistake(
    "{corpus: secure}", "{corpus: secure, share: 1e-9}",
    "13: conditions.mixed.data: found shares that sum to 0.5, expected 1"),
  Mistake(
    "  insecure: {data", #"  "base": {data"#,
    "9: conditions.base: found again, expected only the one of line 8"),
  Mistake(
    "x: 1", "x: .inf",
    #"35: conditions.line.x: found ".inf", expected a finite number"#),
  Mistake(
    "system: malicious", #"system: "malicious"#,
    "29: is not YAML: while parsing a block mapping of line 13, did not find expected key"),
]
