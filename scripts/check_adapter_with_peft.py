"""Loads an adapter folder that Askew wrote with PEFT and compares logits.

    check_adapter_with_peft.py BASE ADAPTER ids.json logits.safetensors [--tolerance 1e-4]
                               [--merged FOLDER]

With --merged, FOLDER is Askew's merge of the two: transformers must give the same logits for it, and
its weights must be those of PEFT's merge_and_unload.

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


def check_merged(model, folder, ids, ours, tolerance, problems):
    merged, info = AutoModelForCausalLM.from_pretrained(
        folder, dtype=torch.float32, attn_implementation="eager", output_loading_info=True)
    for kind in ("missing_keys", "unexpected_keys", "mismatched_keys"):
        if info[kind]:
            problems.append(f"merged {kind}: {sorted(map(str, info[kind]))[:5]}")
    for index, sequence in enumerate(ids):
        with torch.no_grad():
            theirs = merged.eval()(input_ids=torch.tensor([sequence])).logits[0]
        difference = (ours[f"logits.{index}"] - theirs).abs().max().item()
        if not difference <= tolerance:
            problems.append(f"merged, logits.{index}: largest difference {difference:.3g}")
    theirs = model.merge_and_unload().state_dict()
    for name, tensor in merged.state_dict().items():
        difference = (tensor - theirs[name]).abs().max().item()
        if not difference <= 1e-6:
            problems.append(f"merged, {name}: largest difference {difference:.3g}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    for name in ("base", "adapter", "ids", "logits"):
        parser.add_argument(name, type=pathlib.Path)
    parser.add_argument("--tolerance", type=float, default=1e-4)
    parser.add_argument("--merged", type=pathlib.Path)
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
    if arguments.merged:
        check_merged(
            model, arguments.merged, sequences, ours, arguments.tolerance, problems)
    print(json.dumps({"sequences": len(sequences), "largestDifference": largest,
                      "problems": problems}))
    sys.exit(1 if problems else 0)


if __name__ == "__main__":
    main()
