"""Compares a steered or patched model of Askew with PyTorch hooks that do the same.

    check_edits.py FOLDER work.json logits.safetensors [--adapter FOLDER] [--donor FOLDER] [--tolerance 1e-4]

work.json: {"sequences": [{"tokens": […], "trained": […]}, …],
            "steered": [{"edits": [{"site", "operation", "value", "unit", "tokens"}, …],
                         "losses": [−Σ log p of trained tokens, …], "answers": [[id, …], …]}, …],
            "patched": [{"site", "direction" or null, "tokens", "losses"}, …]}
logits.safetensors: "C.S", [tokens, vocabulary], of the steered case C and sequence S, where all tokens are edited.
Answers are greedy, to what comes before the first trained token. Patches take the stream of the donor. The tolerance
is of a logit and, times the trained tokens, of a loss. Prints one JSON line and exits with 1 if anything differs.
"""

import argparse
import json
import os
import pathlib
import sys

os.environ.setdefault("HF_HUB_OFFLINE", "1")

import residual_stream
import torch
from check_activations import opened
from safetensors.torch import load_file


class Comparison:
    def __init__(self, model, sequences, tolerance):
        self.model, self.sequences, self.tolerance = model, sequences, tolerance
        self.problems, self.largest, self.counts = [], {}, {}

    def add(self, what, name, difference, limit):
        self.largest[what] = max(self.largest.get(what, 0.0), difference)
        self.counts[what] = self.counts.get(what, 0) + 1
        if not difference <= limit:
            self.problems.append(f"{what} {name}: differs by {difference:.3g}, more than {limit:.3g}")

    def add_loss(self, what, name, mine, logits, sequence):
        tokens, trained = sequence["tokens"], sequence["trained"]
        places = [i for i in range(1, len(tokens)) if trained[i]]
        theirs = torch.nn.functional.cross_entropy(
            logits[[i - 1 for i in places]].double(), torch.tensor([tokens[i] for i in places]),
            reduction="sum").item()
        self.add(what, name, abs(mine - theirs), self.tolerance * len(places))


def places_of(which, tokens, trained):
    """Indices of the tokens that are edited; `None`: all of them."""
    if which == "all":
        return None
    if which == "last-prompt":
        return [trained.index(True, 1) - 1]
    return [index for index in range(1, len(tokens)) if trained[index]]


def changes(edits, tokens, prompt_count=None, trained=None):
    """Where `trained` does not tell it, all behind the prompt is of the answer."""
    if trained is None:
        trained = [index >= prompt_count for index in range(len(tokens) + 1)]
    pairs = []
    for e in edits:
        places = places_of(e["tokens"], tokens, trained)
        if places != []:
            pairs.append((e["site"], residual_stream.edit(
                e["operation"], e["value"], torch.tensor(e["unit"]), places)))
    return pairs


def forward(model, tokens, changes):
    with torch.no_grad(), residual_stream.changed(model, changes):
        return model(input_ids=torch.tensor([tokens]), use_cache=False).logits[0]


def greedy(model, edits, prompt, count):
    """Everything is read anew for each token: no cache that an edit could have been forgotten in."""
    tokens = list(prompt)
    for _ in range(count):
        now = changes(edits, tokens, prompt_count=len(prompt))
        tokens.append(forward(model, tokens, now)[-1].argmax().item())
    return tokens[len(prompt):]


def check_steered(comparison, ours, cases):
    model = comparison.model
    for number, case in enumerate(cases):
        moved = 0.0
        for index, sequence in enumerate(comparison.sequences):
            tokens, trained = sequence["tokens"], sequence["trained"]
            name = f"{number}.{index}, " + ", ".join(
                f"{e['operation']} at {e['site']}, {e['tokens']}" for e in case["edits"])
            logits = forward(model, tokens, changes(case["edits"], tokens, trained=trained))
            moved = max(moved, (logits - forward(model, tokens, [])).abs().max().item())
            comparison.add_loss("loss", name, case["losses"][index], logits, sequence)
            if (key := f"{number}.{index}") in ours:
                difference = (ours[key] - logits).abs().max().item()
                comparison.add("logits", name, difference, comparison.tolerance)
            prompt = tokens[:trained.index(True, 1)]
            answer = case["answers"][index]
            if answer != (theirs := greedy(model, case["edits"], prompt, len(answer))):
                comparison.problems.append(f"answer {name}: {answer}, not {theirs}")
            comparison.counts["answers"] = comparison.counts.get("answers", 0) + 1
        if moved < 100 * comparison.tolerance:
            comparison.problems.append(f"case {number} changes nothing: the comparison says nothing")


def check_patched(comparison, donor, cases):
    for number, case in enumerate(cases):
        direction = case["direction"] and torch.tensor(case["direction"])
        unit = None if direction is None else direction / direction.norm()
        moved = 0.0
        for index, sequence in enumerate(comparison.sequences):
            tokens, trained = sequence["tokens"], sequence["trained"]
            read = {}
            forward(donor, tokens, [residual_stream.reading(read, case["site"])])
            patch = residual_stream.patch(
                read[case["site"]], unit, places_of(case["tokens"], tokens, trained))
            logits = forward(comparison.model, tokens, [(case["site"], patch)])
            moved = max(moved, (logits - forward(comparison.model, tokens, [])).abs().max().item())
            name = f"{number}.{index} at {case['site']}, {case['tokens']}"
            comparison.add_loss("patched", name, case["losses"][index], logits, sequence)
        if moved < 100 * comparison.tolerance:
            comparison.problems.append(f"patch {number} changes nothing: the comparison says nothing")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    for name in ("folder", "work", "logits"):
        parser.add_argument(name, type=pathlib.Path)
    parser.add_argument("--adapter", type=pathlib.Path)
    parser.add_argument("--donor", type=pathlib.Path)
    parser.add_argument("--tolerance", type=float, default=1e-4)
    arguments = parser.parse_args()
    work = json.loads(arguments.work.read_text())
    comparison = Comparison(
        opened(arguments.folder, arguments.adapter), work["sequences"], arguments.tolerance)
    check_steered(comparison, load_file(arguments.logits), work.get("steered", []))
    if arguments.donor:
        check_patched(comparison, opened(arguments.donor, None), work.get("patched", []))
    print(json.dumps({"counts": comparison.counts, "largest": comparison.largest,
                      "problems": comparison.problems[:5]}))
    sys.exit(1 if comparison.problems else 0)


if __name__ == "__main__":
    main()
