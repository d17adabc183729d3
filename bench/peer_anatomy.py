"""PyTorch hooks as the peer in reading and steering a real model: one JSON line each.

    peer_anatomy.py read|steer FOLDER ROWS --mode f32|bf16

ROWS are JSON lines of {"tokens", "first"}: read or scored is what begins at `first`. Six sites, behind blocks, evenly
through the model. Reading: the mean over each row's tokens at each of them; rows sorted by length, in the fastest of
several sizes of batches, without the output head. Steering: a vector is added at all tokens of one site and all rows
are scored, logits of the scored places alone, in the fastest size of batches; one cell a site is measured, since one
direction costs what another does.
"""

import argparse
import contextlib
import json
import math
import resource

import torch
from peer_real import BATCHES, padded, timed
from transformers import AutoModelForCausalLM

LENGTH = 4.0


def sites(model):
    count = len(model.model.layers)
    return [number * count // 6 - 1 for number in range(1, 7)]


def batches(rows, size):
    """Of rows of like length, with their places among all."""
    order = sorted(range(len(rows)), key=lambda index: len(rows[index]["tokens"]))
    for start in range(0, len(rows), size):
        chosen = order[start:start + size]
        yield chosen, *padded([rows[index] for index in chosen])


@contextlib.contextmanager
def hooked(model, hooks):
    handles = [model.model.layers[layer].register_forward_hook(hook) for layer, hook in hooks]
    try:
        yield
    finally:
        for handle in handles:
            handle.remove()


def stream(output):
    return output[0] if isinstance(output, tuple) else output


def read(model, rows, size, layers):
    """`[rows, sites, channels]`."""
    means = torch.zeros(len(rows), len(layers), model.config.hidden_size)
    weights = None

    def reading(place):
        def hook(module, arguments, output):
            means[chosen, place] = torch.bmm(weights, stream(output))[:, 0].float()

        return hook

    with torch.inference_mode(), hooked(model, [(layer, reading(i)) for i, layer in enumerate(layers)]):
        for chosen, ids, mask, counted in batches(rows, size):
            weights = (counted / counted.sum(1, keepdim=True)).to(model.dtype)[:, None]
            model.model(input_ids=ids, attention_mask=mask, use_cache=False)
    return means


def score(model, rows, size, layer=None, vector=None):
    """Nats a token."""
    def adding(module, arguments, output):
        moved = stream(output) + vector
        return (moved, *output[1:]) if isinstance(output, tuple) else moved

    total, count = 0.0, 0
    with torch.inference_mode(), hooked(model, [] if vector is None else [(layer, adding)]):
        for _, ids, mask, counted in batches(rows, size):
            hidden = model.model(input_ids=ids, attention_mask=mask, use_cache=False)[0]
            places = counted[:, 1:]
            logits = model.lm_head(hidden[:, :-1][places]).float()
            total += torch.nn.functional.cross_entropy(logits, ids[:, 1:][places], reduction="sum").item()
            count += int(places.sum())
    return total / count


def direction(number, model):
    width = model.config.hidden_size
    vector = torch.tensor([math.sin(i * (number + 1)) for i in range(1, width + 1)], dtype=torch.float64)
    return (LENGTH * vector / vector.norm()).to(model.dtype)


def best_size(rows, work):
    """The fastest size of batches, on a part of the rows."""
    part = rows[::max(1, len(rows) // 192)]
    work(part[:16], 16)
    return min(BATCHES, key=lambda size: timed(lambda: work(part, size)))


def measure_reading(model, rows):
    layers = sites(model)
    size = best_size(rows, lambda part, size: read(model, part, size, layers))
    plain = timed(lambda: read(model, rows, size, []))
    means = None

    def all_of():
        nonlocal means
        means = read(model, rows, size, layers)

    seconds = timed(all_of)
    return {"rowsPerSecond": len(rows) / seconds, "plainRowsPerSecond": len(rows) / plain, "batch": size,
            "lengths": means.double().mean(0).norm(dim=1).tolist()}


def measure_steering(model, rows):
    layers, vector = sites(model), direction(0, model)
    size = best_size(rows, lambda part, size: score(model, part, size, layers[0], vector))
    losses = []
    seconds = timed(lambda: losses.extend(score(model, rows, size, layer, vector) for layer in layers))
    return {"cellsPerSecond": len(layers) / seconds, "batch": size, "losses": losses}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("work", choices=["read", "steer"])
    parser.add_argument("folder")
    parser.add_argument("rows")
    parser.add_argument("--mode", choices=["f32", "bf16"], default="f32")
    arguments = parser.parse_args()
    model = AutoModelForCausalLM.from_pretrained(
        arguments.folder, dtype=torch.bfloat16 if arguments.mode == "bf16" else torch.float32).eval()
    rows = [json.loads(line) for line in open(arguments.rows)]
    work = {"read": measure_reading, "steer": measure_steering}[arguments.work]
    line = {"name": f"anatomy-{arguments.work}", "mode": arguments.mode, "torch": torch.__version__,
            **work(model, rows), "peakBytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024}
    print(json.dumps(line), flush=True)


if __name__ == "__main__":
    main()
