"""Reading and steering SmolLM2-135M by Askew and by PyTorch hooks, in turns: pairs for bench/run.py.

Both read the same rows, and score the texts of the shipped set `tone`, which the real plan uses. What they find is
compared too: a fast answer that is another one would be no comparison.
"""

import json
import subprocess
import sys

import yaml

WORKS = {
    "read": ("activations of {rows:,} rows at 6 sites, SmolLM2-135M", "rows/s"),
    "steer": ("steered contrasts, 6 sites × 8 directions, SmolLM2-135M", "cells/s"),
}


def contrast_rows(root):
    """Conversations of the set's items, one an answer."""
    items = yaml.safe_load((root / "Sources/Questions/Sets/contrast-tone.yaml").read_text())
    for item in items:
        for answers in (item["good"], item["bad"]):
            for answer in answers if isinstance(answers, list) else [answers]:
                yield [{"role": "user", "content": item["question"]}, {"role": "assistant", "content": answer}]


def tokenized(askew, folder, data, path):
    """Rows as the model reads them: tokens, and where the answer begins."""
    shown = subprocess.run([askew, "tokenize", "--model", folder, "--data", data, "--rendered", "--json"],
                           stdout=subprocess.PIPE, text=True, check=True).stdout
    lines = [json.loads(line) for line in shown.splitlines()]
    path.write_text("".join(
        json.dumps({"tokens": line["ids"], "first": line["trained"][0][0]}) + "\n" for line in lines))
    return path


def steered_rows(root, place, folder):
    data = place / "tone.chat.jsonl"
    data.write_text("".join(json.dumps({"messages": row}) + "\n" for row in contrast_rows(root)))
    return tokenized(root / ".build/release/askew", folder, data, place / "steer.jsonl")


def check(work, ours, theirs, precision):
    """Stops where the two have not done the same."""
    key = {"read": "lengths", "steer": "losses"}[work]
    # A bfloat16 number is off by up to 2⁻⁸ of itself; thirty blocks of them add up.
    limit = 1e-3 if precision == "f32" else 5e-2
    for mine, other in zip(ours[key], theirs[key], strict=True):
        if not abs(mine - other) <= limit * abs(other):
            sys.exit(f"bench: anatomy {work}: {key} {ours[key]}, not {theirs[key]}")


def pairs(root, folder, rows, precision, arguments, call):
    """By work the lines of Askew and of the peer, in turns."""
    for work in WORKS:
        lines = []
        for index in range(arguments.pairs):
            def ours():
                return call([root / ".build/release/askew-bench", f"anatomy-{work}", folder, rows[work],
                             "--precision", precision])

            def theirs():
                return call([sys.executable, root / "bench/peer_anatomy.py", work, folder, rows[work],
                             "--mode", precision])

            # Who begins alternates.
            pair = (ours(), theirs()) if index % 2 == 0 else (theirs(), ours())[::-1]
            check(work, *pair, precision)
            lines.append(pair)
        yield work, lines


def measure(root, place, folder, read_rows, precision, arguments, call, row):
    """`row` makes a result of pairs, `call` runs a command and gives its last line."""
    rows = {"read": read_rows, "steer": steered_rows(root, place, folder)}
    for work, lines in pairs(root, folder, rows, precision, arguments, call):
        name, unit = WORKS[work]
        key = "rowsPerSecond" if work == "read" else "cellsPerSecond"
        name = f"{name.format(rows=arguments.anatomy_rows)}, {precision}"
        yield row(name, [[line[key] for line in pair] for pair in lines], "PyTorch hooks, its best batches", unit)
        if work == "read":
            # 1: reading costs nothing.
            kept = [[line["rowsPerSecond"] / line["plainRowsPerSecond"] for line in pair] for pair in lines]
            yield row("speed that is left while activations are read", kept, "PyTorch hooks", "of 1")
