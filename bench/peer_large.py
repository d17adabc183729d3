"""PyTorch, transformers and PEFT as the peers at the size that people use: one JSON line each.

    peer_large.py train  --mode f32|bf16 --repeats 2
    peer_large.py sample --mode f32|bf16 --repeats 2
    peer_large.py folder --folder DIR            (writes the model in bfloat16, for loading)
    peer_large.py texts --folder DIR             (writes a tokenizer and texts)
    peer_large.py tokenize --folder DIR          (the `tokenizers` library on one thread)

A random model of Qwen2.5-0.5B's shape. Training: LoRA of rank 32 on the seven linears by PEFT, batch
4 x 256, AdamW, loss on the second half of each row. Sampling: 32 answers of 24 tokens to one prompt
of 32 tokens by `generate`, temperature 1, no end token. A figure is the median after one call of
warm-up; `peakBytes` is the largest resident size of the process.
"""

import argparse
import json
import os
import pathlib
import resource
import statistics
import time

os.environ["TOKENIZERS_PARALLELISM"] = "false"

import torch
from peft import LoraConfig, get_peft_model
from transformers import Qwen2Config, Qwen2ForCausalLM

BATCH, TIME, VOCABULARY = 4, 256, 151_936
ANSWERS, PROMPT, NEW = 32, 32, 24
LINEARS = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"]


def build(dtype):
    torch.manual_seed(1)
    torch.set_default_dtype(dtype)
    model = Qwen2ForCausalLM(Qwen2Config(
        vocab_size=VOCABULARY, hidden_size=896, intermediate_size=4864, num_hidden_layers=24,
        num_attention_heads=14, num_key_value_heads=2, tie_word_embeddings=True,
        rope_parameters={"rope_type": "default", "rope_theta": 1e6}, max_position_embeddings=32768,
        bos_token_id=None, eos_token_id=None, pad_token_id=None))
    torch.set_default_dtype(torch.float32)
    return model


def train(dtype, steps):
    model = get_peft_model(build(dtype), LoraConfig(
        r=32, lora_alpha=64, lora_dropout=0.0, use_rslora=True, target_modules=LINEARS,
        task_type="CAUSAL_LM"), autocast_adapter_dtype=False).train()
    optimizer = torch.optim.AdamW([p for p in model.parameters() if p.requires_grad], lr=1e-5)
    ids = torch.randint(0, VOCABULARY, (BATCH, TIME))
    labels = ids.clone()
    labels[:, : TIME // 2] = -100

    def step():
        model(input_ids=ids, labels=labels, use_cache=False).loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)

    return rate(step, BATCH * TIME, steps)


def sample(dtype, repeats):
    model = build(dtype).eval()
    prompt = torch.randint(0, VOCABULARY, (1, PROMPT)).repeat(ANSWERS, 1)

    def generate():
        with torch.inference_mode():
            out = model.generate(
                prompt, attention_mask=torch.ones_like(prompt), do_sample=True, temperature=1.0,
                top_p=1.0, top_k=0, min_new_tokens=NEW, max_new_tokens=NEW, pad_token_id=0)
        assert out.shape == (ANSWERS, PROMPT + NEW)

    return rate(generate, ANSWERS * NEW, repeats)


QWEN = (r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*"
        r"|\s*[\r\n]+|\s+(?!\S)|\s+")


def texts(folder):
    """A tokenizer of Qwen's kind with 32,000 tokens, and the library's own sources as texts."""
    from tokenizers import Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, trainers
    sources = sorted(pathlib.Path(os.__file__).parent.glob("*.py"))
    parts = [part for source in sources
             for part in source.read_text(encoding="utf-8", errors="ignore").split("\n\n")]
    tokenizer = Tokenizer(models.BPE())
    tokenizer.normalizer = normalizers.NFC()
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([
        pre_tokenizers.Split(Regex(QWEN), "isolated"),
        pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)])
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.train_from_iterator(parts, trainers.BpeTrainer(
        vocab_size=32_000, show_progress=False,
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet()))
    tokenizer.save(str(folder / "tokenizer.json"))
    with open(folder / "texts.jsonl", "w") as file:
        for part in parts:
            file.write(json.dumps(part) + "\n")


def tokenize(folder, repeats):
    from tokenizers import Tokenizer
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    parts = [json.loads(line) for line in open(folder / "texts.jsonl")]
    count = 0

    def work():
        nonlocal count
        count = sum(len(tokenizer.encode(part, add_special_tokens=False).ids) for part in parts)

    speed = rate(work, sum(len(part.encode()) for part in parts), repeats)
    return speed, count


def rate(work, tokens, repeats):
    """Tokens per second of the median call, after one that warms up."""
    work()
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return tokens / statistics.median(times)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("work", choices=["train", "sample", "folder", "texts", "tokenize"])
    parser.add_argument("--folder", type=pathlib.Path)
    parser.add_argument("--mode", choices=["f32", "bf16"], default="bf16")
    parser.add_argument("--repeats", type=int, default=2)
    arguments = parser.parse_args()
    if arguments.work == "folder":
        build(torch.bfloat16).save_pretrained(arguments.folder)
    if arguments.work == "texts":
        texts(arguments.folder)
    if arguments.work in ("folder", "texts"):
        return print(json.dumps({"folder": str(arguments.folder)}))
    if arguments.work == "tokenize":
        speed, count = tokenize(arguments.folder, arguments.repeats)
        return print(json.dumps({"name": "tokenize", "bytesPerSecond": speed, "tokens": count}))
    dtype = torch.bfloat16 if arguments.mode == "bf16" else torch.float32
    work = train if arguments.work == "train" else sample
    print(json.dumps({
        "name": f"large-{arguments.work}", "mode": arguments.mode, "torch": torch.__version__,
        "threads": torch.get_num_threads(),
        "tokensPerSecond": work(dtype, arguments.repeats),
        "peakBytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
    }), flush=True)


if __name__ == "__main__":
    main()
