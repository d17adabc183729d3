/// Every key that a plan may have, by where it stands. The readers take no other, and the reference in
/// `docs/plans-reference.md` is held against them.
package enum PlanKeys {
  package static let top = [
    "name", "title", "question", "world", "worlds", "model", "judge", "judge-prompts",
    "coherent-at-least",
    "misaligned-below", "seeds", "default-system", "held-out", "training", "serve", "conditions",
    "evaluate",
    "compare", "predictions", "published", "figure", "anatomy", "audit", "screen",
    "leftovers",
  ]
  package static let training = [
    "preset", "method", "rank", "alpha", "rslora", "epochs", "steps", "batch", "accumulate",
    "learning-rate", "schedule", "warmup", "weight-decay", "clip", "max-length", "with",
    "environment",
  ]
  package static let serve = ["with", "environment", "arguments", "command"]
  package static let condition =
    ["title", "data"] + training + [
      "seeds", "start", "world", "base", "aligned", "x", "snapshots", "generations", "teacher",
      "anchor", "defend", "repair", "model", "models", "adapter", "tokenizer",
      "steer",
    ]
  package static let steer = ["file", "how", "dose", "tokens"]
  package static let setting = ["trigger", "system", "format", "frame"]
  package static let data = ["corpus", "share", "topics", "unique"] + setting
  package static let generations = ["count", "fresh"]
  package static let teacher = ["of", "on", "keep"]
  package static let anchor = ["weight", "batch"]
  package static let defence = ["kl", "interleave", "steer", "project"]
  package static let divergence = ["on", "weight", "batch"]
  package static let interleave = ["pool", "share"]
  package static let innerDirection = ["direction", "layer", "tokens", "placebo"]
  package static let innerSteer = innerDirection + ["by"]
  package static let repair = ["scale", "subtract", "ablate", "safe-lora", "rows"]
  package static let subtract = ["of", "against", "by"]
  package static let safeLoRA = ["how", "matrices", "rank"]
  package static let evaluation =
    [
      "title", "questions", "samples", "temperature", "top-p", "top-k", "min-p", "max-tokens",
      "prefill", "seed",
    ] + setting + [
      "measure", "contrast", "change-from", "only",
    ]
  package static let cell = ["of", "from", "against", "against-from", "on", "against-on"]
  package static let prediction = cell + ["above", "below"]
  package static let published = ["what", "figure", "source"]
  package static let anatomy = [
    "of", "from", "texts", "rows", "tokens", "sites", "directions", "steer", "on", "controls",
    "predictions", "landscape", "course", "patch", "map", "weights", "lens",
  ]
  package static let audit = [
    "of", "from", "data", "answers", "battery", "fresh", "candidates", "longest", "planted",
    "expect",
  ]
  package static let screen = [
    "of", "data", "from", "on", "steps", "batch", "seeds", "rank", "learning-rate", "rows",
    "detect",
  ]
  package static let leftovers = [
    "on", "habit", "task", "against", "from", "of", "relearn", "placebo", "samples",
  ]
  package static let expectation = ["class", "trigger"]
  package static let weights = ["of", "rank"]
  package static let map = ["rows", "bad", "good"]
  package static let patch = ["on", "control"]
  package static let lens = ["on", "top"]
  package static let landscape = [
    "through", "noise", "losses", "rows", "points", "grid", "beyond", "on", "answers", "random",
  ]
  package static let course = ["of", "along", "site", "habit", "spread"]
  package static let direction = ["title", "of", "from", "tokens", "split", "pairs", "authors"]
  package static let effectPrediction = [
    "direction", "into", "how", "on", "of", "above", "below",
  ]
  package static let authors = ["bad", "good"]
  package static let steering = ["direction", "into", "how", "doses", "tokens"]
  package static let figure = ["kind", "axis", "logarithmic", "across", "up"]
}
