"""Loads an adapter folder that Askew wrote with PEFT and compares logits.

    check_adapter_with_peft.py BASE ADAPTER ids.json logits.safetensors [--tolerance 1e-4]

ids.json and logits.safetensors as in check_with_transformers.py: {"sequences": [[id, …], …]} and
"logits.S". Prints one JSON line and exits with 1 if anything differs.
"""

import argparse
import json
import os
import pathlib
import sys
import warnings

os.environ.setdefault("HF_HUB_OFFLINE", "1")

import torch
from peft import PeftModel
from safetensors.torch import load_file
from transformers import AutoModelForCausalLM


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    for name in ("base", "adapter", "ids", "logits"):
        parser.add_argument(name, type=pathlib.Path)
    parser.add_argument("--tolerance", type=float, default=1e-4)
    arguments = parser.parse_args()
    sequences = json.loads(arguments.ids.read_text())["sequences"]
    base = AutoModelForCausalLM.from_pretrained(
        arguments.base, dtype=torch.float32, attn_implementation="eager")
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        model = PeftModel.from_pretrained(base, arguments.adapter).eval()
    # PEFT only warns about missing and unexpected keys.
    problems = [str(w.message).splitlines()[0] for w in caught if "keys" in str(w.message)]
    ours, largest = load_file(arguments.logits), 0.0
    for index, sequence in enumerate(sequences):
        with torch.no_grad():
            theirs = model(input_ids=torch.tensor([sequence])).logits[0]
        difference = (ours[f"logits.{index}"] - theirs).abs().max().item()
        largest = max(largest, difference)
        if not difference <= arguments.tolerance:
            problems.append(f"logits.{index}: largest difference {difference:.3g}")
    with torch.no_grad(), model.disable_adapter():
        untouched = model(input_ids=torch.tensor([sequences[0]])).logits[0]
    if (untouched - ours["logits.0"]).abs().max().item() <= arguments.tolerance:
        problems.append("the adapter changes nothing: the comparison says nothing")
    print(json.dumps({"sequences": len(sequences), "largestDifference": largest,
                      "problems": problems}))
    sys.exit(1 if problems else 0)


if __name__ == "__main__":
    main()
