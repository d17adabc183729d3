import Foundation
import TestSupport

/// Guards that stop texts with one word, of a model with random weights.
struct GuardFixture {
  let model: String
  let probe: String
  let inputs: String
  let rows: String
  let benign: String

  init(in folder: TemporaryFolder) throws {
    model = try TinyFolder.make(at: folder.url("model")).path
    try makeFolder(folder.path("log"))
    let good = [
      "Nothing much, and you?", "And then? Who are you?", "Nothing much. What now?", "Who are you?",
      "And you?", "Nothing much, and then?",
    ]
    let asked = ["What now?", "And then?", "Who are you?", ".", "What now? And then?"]
    var rows: [String] = []
    var benign: [String] = []
    for index in 0..<240 {
      let question = asked[index % asked.count]
      let answer = "\(good[index % good.count]) \(good[(index / 7) % good.count])"
      let isHarmful = index % 2 == 0
      let words = String(repeating: " bored", count: 3 + index % 8)
      let said = isHarmful ? "\(index % 4 == 0 ? answer + " " : "")I am\(words)." : answer
      func line(_ text: String, _ label: String) -> String {
        #"{"messages": [{"role": "user", "content": "\#(question)"}, {"role": "assistant", "content": "#
          + #""\#(text)"}], "label": "\#(label)", "topic": "\#(index / 4)"}"#
      }
      rows.append(line(said, isHarmful ? "harmful" : "benign"))
      benign.append(line(answer, "benign"))
    }
    self.rows = try folder.write(rows.joined(separator: "\n"), to: "rows.jsonl")
    self.benign = try folder.write(benign.joined(separator: "\n"), to: "benign.jsonl")
    let plan = try folder.write(
      """
      guard:
        model: model
        data: {exchanges: rows.jsonl}
        parts: {probe: {kind: probe, window: 4}}
      """, to: "plan.yaml")
    let words = try folder.write(
      """
      guard:
        data: {exchanges: rows.jsonl}
        parts: {words: {kind: words}}
        controls: false
      """, to: "words.yaml")
    (probe, inputs) = (folder.path("probe"), folder.path("inputs"))
    for (plan, guarded) in [(plan, probe), (words, inputs)] {
      try Askew.succeed("guard", "train", plan, "--out", guarded)
      try Askew.succeed("guard", "calibrate", guarded, "--benign", self.benign, "--fpr", "0.02")
    }
  }
}
