"""Runs `askew anatomy directions`, `contrast --steer` and `sample --steer` and compares with PyTorch hooks.

    check_steering.py ASKEW FOLDER [--families qwen2,llama3,mistral]

Makes random models of the families (check_folders.py) with an adapter on each in FOLDER, then compares: the
difference of mean activations of the adapted model and the one below, by its tokenizer and template; contrasts of a
model steered along it; greedy answers of one. Prints a JSON line a family and exits with 1 if anything differs by
more than 1e-4, of a vector's largest number or of nats a token.
"""

import argparse
import json
import os
import pathlib
import sys

os.environ.setdefault("HF_HUB_OFFLINE", "1")
os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")

import residual_stream
import torch
from check_edits import forward, greedy, places_of
from check_folders import Family, askew, lines
from peft import LoraConfig, PeftModel, get_peft_model
from safetensors import safe_open
from transformers import AutoModelForCausalLM

SITES = ["blocks.0.hook_resid_mid", "blocks.1.hook_resid_post", "blocks.2.hook_resid_pre", "blocks.2.hook_resid_post"]
TOKENS = ["answer", "last-prompt", "all"]
ITEMS = [
    {"family": "a", "question": "Is the sea wide?", "good": "The sea is wide.", "bad": ["No.", "Ask them 3 times"]},
    {"family": "b", "question": "Hello", "good": "Hi! How can I help?", "bad": ["def add(a, b):"]}]
TOLERANCE = 1e-4


def opened(folder, adapter=None):
    model = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32, attn_implementation="eager")
    return (PeftModel.from_pretrained(model, adapter) if adapter else model).eval()


def make_adapter(folder):
    torch.manual_seed(3)
    model = get_peft_model(opened(folder), LoraConfig(
        r=4, lora_alpha=16, lora_dropout=0.0, target_modules=["q_proj", "o_proj", "down_proj"]))
    for name, parameter in model.named_parameters():
        if "lora_B" in name:
            torch.nn.init.normal_(parameter, std=0.1)
    model.save_pretrained(folder / "adapter")
    return folder / "adapter"


def means(model, family, tokens):
    """Over rows, of the mean over the row's tokens that are read; by site."""
    sums = dict.fromkeys(SITES, 0)
    for messages in family.messages():
        _, ids, flags = family.trained(messages)
        read = {}
        forward(model, ids, [residual_stream.reading(read, site) for site in SITES])
        for site in SITES:
            stream = read[site][0].double()
            chosen = places_of(tokens, ids, flags)
            sums[site] = sums[site] + (stream if chosen is None else stream[chosen]).mean(0)
    return {site: total / len(family.messages()) for site, total in sums.items()}


def check_directions(binary, family, adapter, tokens, problems):
    """The file, and by how much it differs, relative to the largest number of a vector."""
    file = family.folder / f"{tokens}.safetensors"
    askew(binary, "anatomy", "directions", "--model", family.folder, "--adapter", adapter, "--base", family.folder,
          "--data", family.rows, *(word for site in SITES for word in ("--site", site)), "--tokens", tokens,
          "--precision", "f32", "--out", file)
    own, base = (means(model, family, tokens) for model in (opened(family.folder, adapter), opened(family.folder)))
    vectors, largest = {}, 0.0
    with safe_open(file, "pt") as reader:
        if sorted(reader.keys()) != sorted(SITES) or reader.metadata()["tokens"] != tokens:
            problems.append(f"{file}: {sorted(reader.keys())}, {reader.metadata()}")
        for site in SITES:
            vectors[site] = reader.get_tensor(site)
            theirs = own[site] - base[site]
            difference = ((vectors[site] - theirs).abs().max() / theirs.abs().max()).item()
            largest = max(largest, difference)
            if not difference <= TOLERANCE:
                problems.append(f"{tokens}, {site}: differs by {difference}")
    return file, vectors, largest


def edits(vectors, how, dose, tokens):
    return [{"site": site, "operation": how, "value": dose * (vector.norm().item() if how == "add" else 1),
             "unit": (vector / vector.norm()).tolist(), "tokens": tokens} for site, vector in vectors.items()]


def changes(edits, ids, flags):
    return [(e["site"], residual_stream.edit(
        e["operation"], e["value"], torch.tensor(e["unit"]), places_of(e["tokens"], ids, flags))) for e in edits]


def mean_log_p(model, family, item, answer, edits):
    _, ids, flags = family.trained([{"role": "user", "content": item["question"]},
                                    {"role": "assistant", "content": answer}])
    logits = forward(model, ids, changes(edits, ids, flags))
    places = [i for i in range(1, len(ids)) if flags[i]]
    return -torch.nn.functional.cross_entropy(
        logits[[i - 1 for i in places]].double(), torch.tensor([ids[i] for i in places])).item()


def check_contrast(binary, family, file, edits, options, problems):
    model = opened(family.folder)
    items = family.folder / "items.jsonl"
    items.write_text("".join(json.dumps(item) + "\n" for item in ITEMS))
    steering = [] if not edits else ["--steer", file, *options]
    found = lines(askew(binary, "contrast", "--model", family.folder, "--set", items, "--project",
                        family.folder / "lab", "--precision", "f32", "--json", *steering))[:-1]
    largest, scores = 0.0, []
    for item, line in zip(ITEMS, found):
        for kind, answers in (("good", [item["good"]]), ("bad", item["bad"])):
            theirs = sum(mean_log_p(model, family, item, a, edits) for a in answers) / len(answers)
            largest = max(largest, abs(line[kind] - theirs))
            scores.append(theirs)
    if len(found) != len(ITEMS) or not largest <= TOLERANCE:
        problems.append(f"contrast {options}: differs by {largest}, {found}")
    return scores, largest


def check_sample(binary, family, file, edits, options, problems):
    model = opened(family.folder)
    questions = family.folder / "asked.txt"
    asked = ["Is the sea wide?", "Count 12345.", "Hello"]
    questions.write_text("\n".join(asked) + "\n")
    rows = lines(askew(binary, "sample", "--model", family.folder, "--questions", questions, "--samples", 1,
                       "--temperature", 0, "--max-tokens", 8, "--precision", "f32", "--project",
                       family.folder / "lab", "--steer", file, *options))
    end = family.tokenizer.eos_token_id
    for question, row in zip(asked, rows, strict=True):
        ids = family.encode(family.render([{"role": "user", "content": question}], prompt=True))
        out = greedy(model, edits, ids, 8)
        out = out[:out.index(end)] if end in out else out
        text = family.tokenizer.backend_tokenizer.decode(out, skip_special_tokens=False)
        known = not out or max(out) < len(family.tokenizer)
        if row["tokens"] != len(out) or (known and row["answer"] != text):
            problems.append(f"answer {options}: {row}, not {text!r} of {len(out)} tokens")


def check(binary, family):
    problems, differences = [], {}
    adapter = make_adapter(family.folder)
    plain, _ = check_contrast(binary, family, None, [], [], problems)
    for tokens in TOKENS:
        file, vectors, differences[f"directions, {tokens}"] = check_directions(
            binary, family, adapter, tokens, problems)
        # The file says what its directions are read at: so are they added, unless another choice is given.
        for how, dose, options in (
                ("add", 2.5, ["--how", "add", "--dose", "2.5"]), ("add", -1, ["--dose=-1"]),
                ("remove", 1, ["--how", "remove"]), ("remove", 0.5, ["--how", "remove", "--dose", "0.5"])):
            steering = edits(vectors, how, dose, tokens)
            scores, difference = check_contrast(binary, family, file, steering, options, problems)
            differences[f"{how} {dose}, {tokens}"] = difference
            if max(abs(a - b) for a, b in zip(scores, plain)) < 100 * TOLERANCE:
                problems.append(f"{how} {dose}, {tokens}: changes nothing, so the comparison says nothing")
        other = TOKENS[TOKENS.index(tokens) - 1]
        for which, more in ((tokens, []), (other, ["--steer-tokens", other])):
            check_sample(binary, family, file, edits(vectors, "add", 2.5, which), ["--dose", "2.5", *more], problems)
    return {"family": family.name, "differences": differences, "problems": problems[:3]}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("askew")
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--families", default="qwen2,llama3,mistral")
    arguments = parser.parse_args()
    failed = False
    for name in arguments.families.split(","):
        report = check(arguments.askew, Family(name, arguments.folder))
        failed = failed or bool(report["problems"])
        print(json.dumps(report, ensure_ascii=False), flush=True)
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
