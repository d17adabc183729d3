"""Compares activations that Askew has read with those of transformers and of TransformerLens.

    check_activations.py FOLDER ids.json activations.safetensors [--adapter FOLDER] [--tolerance 1e-4]

ids.json: {"sequences": [[id, …], …]}; activations.safetensors: "S.SITE", [tokens, channels], for sequence S at every
site. They are held against the inputs and outputs of decoder layers, against `hidden_states`, whose last row stands
behind the final norm, and against TransformerLens's cache under the same names; with --adapter against PEFT's model,
and TransformerLens has the weights that PEFT merges. The tolerance is relative to the largest number of a tensor.
Prints one JSON line and exits with 1 if anything differs.
"""

import argparse
import json
import logging
import os
import pathlib
import sys
import tempfile

os.environ.setdefault("HF_HUB_OFFLINE", "1")

import residual_stream
import torch
import transformers
from peft import PeftModel
from safetensors.torch import load_file
from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from transformers import AutoModelForCausalLM, PreTrainedTokenizerFast


class Comparison:
    def __init__(self, ours, tolerance):
        self.ours, self.tolerance = ours, tolerance
        self.problems, self.largest, self.counts = [], 0.0, {}

    def add(self, who, name, mine, theirs):
        if mine.shape != theirs.shape:
            self.problems.append(f"{who}, {name}: shape {list(mine.shape)}, not {list(theirs.shape)}")
            return
        difference = ((mine - theirs).abs().max() / theirs.abs().max()).item()
        self.largest = max(self.largest, difference)
        self.counts[who] = self.counts.get(who, 0) + 1
        if not difference <= self.tolerance:
            self.problems.append(f"{who}, {name}: largest difference {difference:.3g}")


def opened(folder, adapter):
    model = AutoModelForCausalLM.from_pretrained(
        folder, dtype=torch.float32, attn_implementation="eager")
    return (PeftModel.from_pretrained(model, adapter) if adapter else model).eval()


def check_transformers(model, index, ids, comparison):
    read, names = {}, residual_stream.sites(model)
    with torch.no_grad(), residual_stream.changed(
            model, [residual_stream.reading(read, name) for name in names]):
        states = model(input_ids=torch.tensor([ids]), output_hidden_states=True).hidden_states
    for name in names:
        comparison.add("layers", f"{index}.{name}", comparison.ours[f"{index}.{name}"], read[name][0])
    layers = len(states) - 1
    for layer in range(layers):
        name = f"{index}.blocks.{layer}.hook_resid_pre"
        comparison.add("hidden_states", name, comparison.ours[name], states[layer][0])
        if layer > 0:
            name = f"{index}.blocks.{layer - 1}.hook_resid_post"
            comparison.add("hidden_states", name, comparison.ours[name], states[layer][0])
    name = f"{index}.blocks.{layers - 1}.hook_resid_post"
    with torch.no_grad():
        normed = residual_stream.decoder(model).norm(comparison.ours[name])
    comparison.add("hidden_states", f"{name} behind the norm", normed, states[layers][0])


def any_tokenizer(place):
    """TransformerLens insists on one that was read from a folder, although it is given ids."""
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_object=Tokenizer(WordLevel({"a": 0}, "a")), bos_token="a", eos_token="a", pad_token="a")
    tokenizer.save_pretrained(place)
    return PreTrainedTokenizerFast.from_pretrained(place)


def check_lens(bridge, index, ids, names, comparison):
    with torch.no_grad():
        _, cache = bridge.run_with_cache(torch.tensor([ids]))
    for name in names:
        comparison.add("TransformerLens", f"{index}.{name}", comparison.ours[f"{index}.{name}"], cache[name][0])


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    for name in ("folder", "ids", "activations"):
        parser.add_argument(name, type=pathlib.Path)
    parser.add_argument("--adapter", type=pathlib.Path)
    parser.add_argument("--tolerance", type=float, default=1e-4)
    arguments = parser.parse_args()
    sequences = json.loads(arguments.ids.read_text())["sequences"]
    comparison = Comparison(load_file(arguments.activations), arguments.tolerance)
    model = opened(arguments.folder, arguments.adapter)
    names = residual_stream.sites(model)
    for index, ids in enumerate(sequences):
        check_transformers(model, index, ids, comparison)
    # It says at length what it is not.
    logging.disable(logging.WARNING)
    from transformer_lens.model_bridge import TransformerBridge

    merged = opened(arguments.folder, arguments.adapter)
    if arguments.adapter:
        merged = merged.merge_and_unload()
    with tempfile.TemporaryDirectory() as place:
        bridge = TransformerBridge.boot_transformers(
            str(arguments.folder), hf_model=merged, device="cpu", tokenizer=any_tokenizer(place))
    for index, ids in enumerate(sequences):
        check_lens(bridge, index, ids, names, comparison)
    print(json.dumps({
        "transformers": transformers.__version__, "sequences": len(sequences), "sites": len(names),
        "counts": comparison.counts, "largestDifference": comparison.largest,
        "problems": comparison.problems[:5]}))
    sys.exit(1 if comparison.problems else 0)


if __name__ == "__main__":
    main()
