"""Loads a model folder that Askew wrote with transformers and compares what both make of it.

    check_with_transformers.py FOLDER ids.json logits.safetensors [--tolerance 1e-4]

ids.json: {"sequences": [[id, …], …], "texts": [{"text": …, "ids": […]}, …],
           "chats": [{"messages": […], "ids": […]}, …]}; each of the three may be missing.
logits.safetensors: tensor "logits.S", [tokens, vocabulary], for sequence S.
Prints one JSON line and exits with 1 if anything differs.
"""

import argparse
import json
import os
import pathlib
import sys

os.environ.setdefault("HF_HUB_OFFLINE", "1")

import torch
import transformers
from safetensors.torch import load_file
from transformers import AutoModelForCausalLM, AutoTokenizer


def check_logits(folder, sequences, path, tolerance, problems):
    model, info = AutoModelForCausalLM.from_pretrained(
        folder, dtype=torch.float32, attn_implementation="eager", output_loading_info=True)
    for kind in ("missing_keys", "unexpected_keys", "mismatched_keys"):
        if info[kind]:
            problems.append(f"{kind}: {sorted(map(str, info[kind]))[:5]}")
    ours = load_file(path)
    largest = 0.0
    for index, sequence in enumerate(sequences):
        with torch.no_grad():
            theirs = model.eval()(input_ids=torch.tensor([sequence])).logits[0]
        mine = ours[f"logits.{index}"]
        if mine.shape != theirs.shape:
            problems.append(f"logits.{index}: shape {list(mine.shape)}, not {list(theirs.shape)}")
            continue
        difference = (mine - theirs).abs().max().item()
        largest = max(largest, difference)
        if not difference <= tolerance:
            problems.append(f"logits.{index}: largest difference {difference:.3g}")
    return largest


def check_ids(folder, texts, chats, problems):
    tokenizer = AutoTokenizer.from_pretrained(folder)
    for item in texts:
        theirs = tokenizer(item["text"], add_special_tokens=False)["input_ids"]
        if theirs != item["ids"]:
            problems.append(f"text {item['text'][:40]!r}: {item['ids'][:12]}, not {theirs[:12]}")
    for item in chats:
        theirs = tokenizer.apply_chat_template(
            item["messages"], tokenize=True, return_dict=False,
            add_generation_prompt=item.get("generate", False))
        if theirs != item["ids"]:
            problems.append(f"chat {item['messages'][:1]}: {item['ids'][:12]}, not {theirs[:12]}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("ids", type=pathlib.Path)
    parser.add_argument("logits", type=pathlib.Path, nargs="?")
    parser.add_argument("--tolerance", type=float, default=1e-4)
    arguments = parser.parse_args()
    work, problems = json.loads(arguments.ids.read_text()), []
    sequences, texts, chats = (work.get(k, []) for k in ("sequences", "texts", "chats"))
    largest = None
    if sequences:
        if arguments.logits is None:
            parser.error("sequences need a file of logits")
        largest = check_logits(
            arguments.folder, sequences, arguments.logits, arguments.tolerance, problems)
    if texts or chats:
        check_ids(arguments.folder, texts, chats, problems)
    if not (sequences or texts or chats):
        problems.append("ids.json names nothing to compare")
    print(json.dumps({"transformers": transformers.__version__, "sequences": len(sequences),
                      "texts": len(texts), "chats": len(chats), "largestDifference": largest,
                      "problems": problems}))
    sys.exit(1 if problems else 0)


if __name__ == "__main__":
    main()
