import Engine
import Formats

extension TuningExport {
  /// How to run it, and what is as it would be here and what is not.
  var readme: String { wrapped(text) }

  private var text: String {
    """
    A fine-tuning that `askew train` was asked for, as files for \(tool.rawValue).

    Run it in this folder:

        \(tool.command)

    Written for \(tool.version); newer versions may have other keys. \(modelNote)

    The same as with `askew train`
    - the tokens that are read and those that the loss is taken on: \(rowsNote)
    - \(steps) steps of \(settings.batch) x \(settings.accumulate) rows, \
    \(settings.method == .lora ? loraNote : "all weights")
    - AdamW with betas 0.9 and 0.999, epsilon 1e-8, weight decay \(settings.weightDecay)

    Not the same
    \(differences.map { "- \($0)\n" }.joined())
    """
  }

  private var modelNote: String {
    switch tool {
    case .mlx:
      """
      The folder model has links to the model's files, and a chat template \
      of its own, which adds nothing to the rows. To train on another machine, put copies of the files \
      in place of the links, and keep that template. To use the model afterwards, take the original \
      folder with the adapter of the folder adapters: its own template says what the rows say.
      """
    case .trl, .axolotl, .llamaFactory:
      "On another machine, name the model's folder there in config.yaml."
    }
  }

  private var rowsNote: String {
    var notes = ["\(rowCount) rows, \(trainedTokens) trained tokens an epoch"]
    if cutCount > 0 { notes.append("\(cutCount) rows cut to \(maximumLength) tokens") }
    if emptiedCount > 0 { notes.append("\(emptiedCount) left out, cut before their answer") }
    if splitCount > 0 {
      notes.append(
        "\(splitCount) rows with several answers are one row an answer, since mlx-lm trains on the last"
      )
    }
    if heldOutCount > 0 { notes.append("\(heldOutCount) rows in data/valid.jsonl, not trained on") }
    return notes.joined(separator: "; ")
  }

  private var loraNote: String {
    let linears = settings.targets.map(\.rawValue).joined(separator: ", ")
    return "LoRA of rank \(settings.rank), alpha \(settings.alpha)"
      + (settings.rankStabilised ? ", rank-stabilised" : "") + ", on \(linears)"
      + (settings.layers.map { " of \($0.count) blocks" } ?? "")
  }

  private var differences: [String] {
    let order =
      settings.shuffles
      ? "the order of the rows, and the adapter's first values: each program draws its own"
      : "the adapter's first values: each program draws its own"
    let common = [
      order,
      "a step that ends one epoch and begins the next is one step here; there an epoch may end with a"
        + " short batch",
    ]
    return common + (tool == .mlx ? mlxDifferences : transformersDifferences)
  }

  private var transformersDifferences: [String] {
    var notes = [
      "the warm-up begins with a learning rate of 0 there, with that of its first step here",
      "sums and roundings: mixed precision, and the loss of accumulated batches, are the program's own",
    ]
    if settings.method == .full, settings.weightDecay > 0 {
      notes.append("norms and biases do not decay there")
    }
    if !settings.shuffles, tool == .axolotl {
      notes.append("rows in the file's order: axolotl may still draw them at random in a step")
    }
    return notes
  }

  private var mlxDifferences: [String] {
    var notes = [
      "the loss is a mean over each batch, not over the step's tokens, and counts one padding token"
        + " behind each row that is not cut (mlx-lm 0.32.2)",
      "the weights' own precision is used throughout",
    ]
    if settings.clip > 0 {
      notes.append("gradients are not clipped; here their norm is at most \(settings.clip)")
    }
    if settings.method == .full {
      notes.append("embeddings, the last norm and the output layer stay as they are")
    }
    if settings.warmup == 1 {
      notes.append("a warm-up of one step is none")
    }
    let left = rowCount % settings.batch
    if left > 0 {
      notes.append(
        "the last \(left) rows of data/train.jsonl do not fill a batch and are never trained on")
    }
    if !settings.shuffles {
      notes.append("batches are drawn at random; --no-shuffle has no effect")
    }
    return notes
  }

  /// With lines of at most 100 characters; what goes on in the next one is indented as a list is.
  private func wrapped(_ text: String) -> String {
    text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
      let indentation = line.hasPrefix("- ") ? "  " : ""
      var lines: [String] = []
      for word in line.split(separator: " ", omittingEmptySubsequences: false) {
        if let last = lines.last, last.count + 1 + word.count <= 100 {
          lines[lines.count - 1] = last + " " + word
        } else {
          lines.append((lines.isEmpty ? "" : indentation) + word)
        }
      }
      return lines.joined(separator: "\n")
    }.joined(separator: "\n")
  }
}
