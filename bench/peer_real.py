"""PyTorch, transformers and PEFT as the peers on a real model: one JSON line each.

    peer_real.py train|score|sample FOLDER ROWS --mode f32|bf16

ROWS are JSON lines of {"tokens", "first"}: what is trained or scored begins at `first`. Training: LoRA of rank
16 on the seven linears by PEFT, 16 rows a step, padded to the longest of them, AdamW. Scoring: all rows once,
sorted by length, logits of the scored places alone, in the fastest of several sizes of batches. Sampling: 32
answers of 64 tokens to the first row's prompt by `generate`. The figure is of rows a second.
"""

import argparse
import json
import resource
import statistics
import time

import torch
from peft import LoraConfig, get_peft_model
from transformers import AutoModelForCausalLM

LINEARS = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"]
BATCHES = [8, 16, 32, 64]


def padded(rows):
    """Tokens, mask and places that count, padded behind."""
    longest = max(len(row["tokens"]) for row in rows)
    ids = torch.zeros(len(rows), longest, dtype=torch.long)
    mask = torch.zeros_like(ids)
    counted = torch.zeros(len(rows), longest, dtype=torch.bool)
    for i, row in enumerate(rows):
        length = len(row["tokens"])
        ids[i, :length] = torch.tensor(row["tokens"])
        mask[i, :length] = 1
        counted[i, row["first"]:length] = True
    return ids, mask, counted


def train(model, rows, repeats=4):
    model = get_peft_model(model, LoraConfig(
        r=16, lora_alpha=32, lora_dropout=0.0, target_modules=LINEARS, task_type="CAUSAL_LM"),
        autocast_adapter_dtype=False).train()
    optimizer = torch.optim.AdamW([p for p in model.parameters() if p.requires_grad], lr=1e-5)
    next_row = 0

    def step():
        nonlocal next_row
        ids, mask, counted = padded([rows[(next_row + i) % len(rows)] for i in range(16)])
        next_row += 16
        labels = ids.masked_fill(~counted, -100)
        model(input_ids=ids, attention_mask=mask, labels=labels, use_cache=False).loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)

    step()
    return 16 / statistics.median(timed(step) for _ in range(repeats))


def score(model, rows):
    rows = sorted(rows, key=lambda row: len(row["tokens"]))

    def all_of(rows, size):
        with torch.inference_mode():
            for start in range(0, len(rows), size):
                ids, mask, counted = padded(rows[start:start + size])
                hidden = model.model(input_ids=ids, attention_mask=mask, use_cache=False)[0]
                # Logits of the scored places alone: a vocabulary's width is most of what they cost.
                places = counted[:, 1:]
                logits = model.lm_head(hidden[:, :-1][places]).float()
                torch.nn.functional.cross_entropy(logits, ids[:, 1:][places], reduction="sum")

    part = rows[::max(1, len(rows) // 192)]
    all_of(part[:16], 16)
    best = min(BATCHES, key=lambda size: timed(lambda: all_of(part, size)))
    return len(rows) / timed(lambda: all_of(rows, best)), best


def sample(model, rows, repeats=2):
    prompt = torch.tensor([rows[0]["tokens"][:rows[0]["first"]]]).repeat(32, 1)

    def generate():
        with torch.inference_mode():
            model.generate(
                prompt, attention_mask=torch.ones_like(prompt), do_sample=True, temperature=1.0,
                top_p=1.0, top_k=0, min_new_tokens=64, max_new_tokens=64, pad_token_id=0)

    generate()
    return 32 / statistics.median(timed(generate) for _ in range(repeats))


def timed(work):
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("work", choices=["train", "score", "sample"])
    parser.add_argument("folder")
    parser.add_argument("rows")
    parser.add_argument("--mode", choices=["f32", "bf16"], default="f32")
    arguments = parser.parse_args()
    model = AutoModelForCausalLM.from_pretrained(
        arguments.folder, dtype=torch.bfloat16 if arguments.mode == "bf16" else torch.float32).eval()
    rows = [json.loads(line) for line in open(arguments.rows)]
    line = {"name": f"real-{arguments.work}", "mode": arguments.mode, "torch": torch.__version__}
    if arguments.work == "score":
        line["rowsPerSecond"], line["batch"] = score(model, rows)
    else:
        line["rowsPerSecond"] = {"train": train, "sample": sample}[arguments.work](model, rows)
    line["peakBytes"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    print(json.dumps(line), flush=True)


if __name__ == "__main__":
    main()
