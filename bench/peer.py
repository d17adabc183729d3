"""PyTorch as the peer of Askew's benchmark: the same model, the same work, one JSON line each.

    peer.py train  --mode eager-f32|compile-f32|autocast-bf16|pure-bf16|compile --seconds 10
    peer.py sample --mode f32|bf16 --repeats 1

The model is Llama-shaped with 3.05 million parameters (width 192, 6 layers, 6 heads of 32,
feed-forward 512, vocabulary 2,048, tied). Training: batch 32 x 128, AdamW, loss at all positions.
Sampling: 100 answers to one prompt of 24 tokens, 40 new tokens each, temperature 1, no end token.
A figure is the median over steps (or repeats) after warm-up.
"""

import argparse
import contextlib
import json
import statistics
import time

import torch
from transformers import LlamaConfig, LlamaForCausalLM

BATCH, TIME, VOCABULARY = 32, 128, 2048
ANSWERS, PROMPT, NEW = 100, 24, 40


def build(dtype):
    torch.manual_seed(1)
    config = LlamaConfig(
        vocab_size=VOCABULARY, hidden_size=192, intermediate_size=512, num_hidden_layers=6,
        num_attention_heads=6, num_key_value_heads=6, tie_word_embeddings=True,
        max_position_embeddings=256, bos_token_id=None, eos_token_id=None, pad_token_id=None)
    return LlamaForCausalLM(config).to(dtype)


def train(mode, seconds):
    model = build(torch.bfloat16 if mode == "pure-bf16" else torch.float32).train()
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3, weight_decay=0.01)
    call = torch.compile(model) if mode.startswith("compile") else model
    mixed = mode in ("autocast-bf16", "compile")
    ids = torch.randint(0, VOCABULARY, (BATCH, TIME + 1))
    inputs, targets = ids[:, :-1].contiguous(), ids[:, 1:].reshape(-1)

    def step():
        context = (torch.autocast("cpu", dtype=torch.bfloat16) if mixed
                   else contextlib.nullcontext())
        with context:
            logits = call(input_ids=inputs, use_cache=False).logits
        loss = torch.nn.functional.cross_entropy(
            logits.float().view(-1, VOCABULARY), targets)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()

    for _ in range(3):
        step()
    return rate(step, BATCH * TIME, seconds=seconds)


def sample(mode, repeats):
    model = build(torch.bfloat16 if mode == "bf16" else torch.float32).eval()
    prompt = torch.randint(0, VOCABULARY, (1, PROMPT)).repeat(ANSWERS, 1)

    def generate():
        with torch.inference_mode():
            out = model.generate(
                prompt, attention_mask=torch.ones_like(prompt), do_sample=True, temperature=1.0,
                top_p=1.0, top_k=0, min_new_tokens=NEW, max_new_tokens=NEW, pad_token_id=0)
        assert out.shape == (ANSWERS, PROMPT + NEW)

    generate()
    return rate(generate, ANSWERS * NEW, repeats=repeats)


def rate(work, tokens, seconds=0.0, repeats=3):
    """Tokens per second of the median call."""
    times, end = [], time.perf_counter() + seconds
    while len(times) < repeats or time.perf_counter() < end:
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return tokens / statistics.median(times)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("work", choices=["train", "sample"])
    parser.add_argument("--mode", required=True)
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--repeats", type=int, default=1)
    parser.add_argument("--threads", type=int, default=0)
    arguments = parser.parse_args()
    if arguments.threads:
        torch.set_num_threads(arguments.threads)
    line = {"name": arguments.work, "mode": arguments.mode, "torch": torch.__version__,
            "threads": torch.get_num_threads()}
    try:
        line["tokensPerSecond"] = (
            train(arguments.mode, arguments.seconds) if arguments.work == "train"
            else sample(arguments.mode, arguments.repeats))
    except Exception as error:  # torch.compile needs a C++ compiler; say so and go on
        line["unavailable"] = f"{type(error).__name__}: {error}".splitlines()[0][:200]
    print(json.dumps(line), flush=True)


if __name__ == "__main__":
    main()
