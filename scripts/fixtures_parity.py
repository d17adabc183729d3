"""Tiny random models of each family with what transformers and PEFT make of them.

Where `fixtures_models.py` looks into the arithmetic (gradients, full training), this covers the
families: RoPE kinds, windows, head shapes, stored types, shards. Per model a folder under `parity`:
config and weights as transformers saves them, adapters as PEFT saves them (where training starts),
`parity.json` ("notes" says what its numbers mean) and `parity.safetensors`:

    logits.S                        [tokens, vocabulary] of sequence S
    ADAPTER.start_logits.1          of sequence 1 with the starting adapter
    ADAPTER.merged_logits.1         the same from the merged model
    ADAPTER.end_logits.1            with the adapter after ten steps
    full.end_logits.1               after ten steps on all weights

A model whose feature hardly matters would test nothing: with the feature taken away (`without`) the
logits must move by more than 0.01, or the script stops. The two largest logits of every greedy step
differ by more than 0.002.
"""

import copy
import json
import shutil

import peft
import torch
import transformers
from safetensors.torch import save_file
from transformers import (
    AutoModelForCausalLM, LlamaConfig, MistralConfig, Qwen2Config, Qwen3Config)

import fixtures_models as shared

NOTES = {
    "rows": "nll: -sum ln p(target) over the trained tokens of one row alone, in nats",
    "greedy": "tokens: what generate() appends to the prompt with do_sample False and no end "
    "token; margin: least difference between the two largest logits on the way",
    "adapters": "greedy, nll: with the starting adapter; losses: the loss before each of ten AdamW "
    "steps as in fixtures_models.py; finalLoss: after the last",
    "full": "ten such steps on all weights",
    "bf16": "logits, NLL and adapters' losses with transformers' own bfloat16 (weights and activations; PEFT keeps "
    "adapters in 32 bits): relativeErrors: root mean square of the logits' differences from f32 "
    "over that of the logits, by sequence",
    "differences": "largest change of a logit when what the model is here for is taken away",
}
LLAMA3 = {"rope_type": "llama3", "rope_theta": 10000.0, "factor": 8.0, "low_freq_factor": 1.0,
          "high_freq_factor": 4.0, "original_max_position_embeddings": 64}


def models():
    """Name, configuration, stored type, largest shard, length of the first sequence, and
    configurations that lack the feature."""
    common = dict(max_position_embeddings=256, bos_token_id=None, eos_token_id=0,
                  pad_token_id=None)

    def model(name, kind, dtype, length=24, shard="1GB", without=(), **members):
        config = kind(**common, **members)
        changed = []
        for change in without:
            other = copy.deepcopy(config)
            for key, value in change.items():
                setattr(other, key, value)
            changed.append(other)
        return name, config, dtype, shard, length, changed

    plain = {"rope_type": "default", "rope_theta": 10000.0}
    yield model(
        "llama3-rope", LlamaConfig, torch.bfloat16, length=100, vocab_size=64, hidden_size=48,
        intermediate_size=64, num_hidden_layers=2, num_attention_heads=4, num_key_value_heads=1,
        head_dim=16, tie_word_embeddings=True, rope_parameters=LLAMA3,
        without=[  # no scaling, slow frequencies not slowed, no middle band, all slowed
            {"rope_parameters": plain},
            {"rope_parameters": {**LLAMA3, "low_freq_factor": 1e-3, "high_freq_factor": 1e-2}},
            {"rope_parameters": {**LLAMA3, "low_freq_factor": 3.999}},
            {"rope_parameters": {**plain, "rope_type": "linear", "factor": 8.0}}])
    yield model(
        "llama-f16", LlamaConfig, torch.float16, vocab_size=80, hidden_size=36,
        intermediate_size=60, num_hidden_layers=2, num_attention_heads=9, num_key_value_heads=3,
        tie_word_embeddings=True, rms_norm_eps=1e-5,
        rope_parameters={"rope_type": "default", "rope_theta": 100_000.0},
        without=[{"num_key_value_heads": 3, "rope_parameters": plain}])
    yield model(
        "mistral-window", MistralConfig, torch.bfloat16, length=40, vocab_size=72, hidden_size=32,
        intermediate_size=56, num_hidden_layers=3, num_attention_heads=4, num_key_value_heads=2,
        sliding_window=7, without=[{"sliding_window": w} for w in (None, 6, 8)])
    yield model(
        "mistral-sharded", MistralConfig, torch.bfloat16, shard="30KB", vocab_size=64,
        hidden_size=40, intermediate_size=64, num_hidden_layers=2, num_attention_heads=4,
        num_key_value_heads=4, head_dim=12, sliding_window=None,
        rope_parameters={"rope_type": "default", "rope_theta": 1_000_000.0},
        without=[{"rope_parameters": plain}])
    yield model(
        "qwen2-window", Qwen2Config, torch.float32, length=40, vocab_size=64, hidden_size=32,
        intermediate_size=40, num_hidden_layers=3, num_attention_heads=4, num_key_value_heads=2,
        use_sliding_window=True, sliding_window=8, max_window_layers=1, tie_word_embeddings=True,
        without=[{"layer_types": ["full_attention"] * 3},
                 {"layer_types": ["sliding_attention"] * 3}, {"sliding_window": 9}])
    yield model(
        "qwen2-sharded", Qwen2Config, torch.bfloat16, shard="35KB", vocab_size=96, hidden_size=32,
        intermediate_size=72, num_hidden_layers=2, num_attention_heads=8, num_key_value_heads=2,
        rope_parameters={"rope_type": "default", "rope_theta": 1_000_000.0},
        without=[{"rope_parameters": plain}])
    yield model(
        "qwen3-bf16", Qwen3Config, torch.bfloat16, vocab_size=64, hidden_size=40,
        intermediate_size=48, num_hidden_layers=2, num_attention_heads=4, num_key_value_heads=1,
        head_dim=16, tie_word_embeddings=True,
        rope_parameters={"rope_type": "default", "rope_theta": 1_000_000.0},
        without=[{"rope_parameters": plain}])
    types = ["sliding_attention", "full_attention", "sliding_attention"]
    yield model(
        "qwen3-window", Qwen3Config, torch.bfloat16, length=40, vocab_size=64, hidden_size=32,
        intermediate_size=40, num_hidden_layers=3, num_attention_heads=4, num_key_value_heads=4,
        head_dim=8, use_sliding_window=True, sliding_window=5, layer_types=types,
        without=[{"layer_types": ["full_attention"] * 3}, {"layer_types": types[1:] + types[1:2]},
                 {"sliding_window": 4}])


def adapters(layers):
    common = dict(r=4, lora_alpha=8, lora_dropout=0.0, bias="none", task_type="CAUSAL_LM")
    yield "lora-all", peft.LoraConfig(target_modules=shared.LINEARS, **common)
    yield "lora-rs", peft.LoraConfig(
        target_modules=["k_proj", "o_proj", "down_proj"], layers_to_transform=[layers - 1],
        use_rslora=True, **{**common, "r": 3})


def load(folder, dtype=torch.float32):
    return AutoModelForCausalLM.from_pretrained(
        folder, dtype=dtype, attn_implementation="eager").eval()


class Rows(shared.Task):
    """Three rows; the first is long enough for windows and slow rotations to matter."""

    def __init__(self, vocabulary, length, generator):
        firsts = (length // 2, 4, 1)
        self.ids = [torch.randint(0, vocabulary, (n,), generator=generator)
                    for n in (length, 13, 9)]
        self.trained = [[t >= first for t in range(len(ids))]
                        for ids, first in zip(self.ids, firsts)]
        self.trained[1][7] = False  # a hole: several turns
        pad = torch.nn.utils.rnn.pad_sequence
        self.padded = pad(self.ids, batch_first=True)
        self.mask = pad([torch.ones_like(i) for i in self.ids], batch_first=True)
        self.labels = pad(
            [torch.where(torch.tensor(flags), ids, -100)
             for ids, flags in zip(self.ids, self.trained)], batch_first=True, padding_value=-100)

    def loss(self, model):
        logits = model(input_ids=self.padded, attention_mask=self.mask).logits[:, :-1].float()
        return torch.nn.functional.cross_entropy(
            logits.reshape(-1, logits.shape[-1]), self.labels[:, 1:].reshape(-1))

    def row_logits(self, model, row):
        with torch.no_grad():
            return model(input_ids=self.ids[row][None]).logits[0].float()

    def nll(self, model):
        result = []
        for row, (ids, flags) in enumerate(zip(self.ids, self.trained)):
            targets = torch.where(torch.tensor(flags), ids, -100)[1:]
            result.append(torch.nn.functional.cross_entropy(
                self.row_logits(model, row)[:-1].double(), targets, reduction="sum").item())
        return result


def greedy(model, prompt, count=24):
    """With the cache, by generate, and without it: both must say the same."""
    model.generation_config.eos_token_id = None
    ids = model.generate(
        torch.tensor([prompt]), attention_mask=torch.ones(1, len(prompt), dtype=torch.long),
        max_new_tokens=count, do_sample=False, pad_token_id=0)[0].tolist()
    margin, sequence = float("inf"), list(prompt)
    for _ in range(count):
        with torch.no_grad():
            logits = model(input_ids=torch.tensor([sequence])).logits[0, -1]
        first, second = logits.topk(2).values.tolist()
        margin = min(margin, first - second)
        sequence.append(logits.argmax().item())
    assert ids == sequence, (ids, sequence)
    return {"prompt": prompt, "tokens": ids[len(prompt):], "margin": margin}


def clear_greedy(model, ids, count):
    """From the first prompt of so many tokens on whose way no choice is a close one."""
    tries = (greedy(model, ids[start:start + count]) for start in range(len(ids) - count))
    return next(result for result in tries if result["margin"] > 0.002)


def bf16(folder, rows, reference):
    model = load(folder, torch.bfloat16)
    errors = []
    for row, expected in enumerate(reference):
        difference = rows.row_logits(model, row) - expected
        errors.append((difference.square().mean() / expected.square().mean()).sqrt().item())
    result = {"relativeErrors": errors, "nll": rows.nll(model), "adapters": {}}
    for name in ("lora-all", "lora-rs"):
        adapted = peft.PeftModel.from_pretrained(
            load(folder, torch.bfloat16), folder / name, is_trainable=True).eval()
        record = rows.train(adapted)
        result["adapters"][name] = {k: record[k] for k in ("losses", "finalLoss")}
    return result


def adapt(folder, name, settings, rows, generator, tensors):
    adapted = peft.get_peft_model(load(folder), settings).eval()
    lora = [(n, p) for n, p in adapted.named_parameters() if p.requires_grad]
    shared.randomize(lora, generator, 0.1)
    adapted.peft_config["default"].base_model_name_or_path = "base"
    adapted.save_pretrained(folder / name)
    (folder / name / "README.md").unlink(missing_ok=True)
    shared.sort_target_modules(folder / name / "adapter_config.json")
    tensors[f"{name}.start_logits.1"] = rows.row_logits(adapted, 1)
    merged = peft.PeftModel.from_pretrained(load(folder), folder / name).merge_and_unload()
    tensors[f"{name}.merged_logits.1"] = rows.row_logits(merged, 1)
    answer = clear_greedy(adapted.get_base_model(), rows.ids[0].tolist(), 6)
    record = {"greedy": answer, "nll": rows.nll(adapted), **rows.train(adapted)}
    tensors[f"{name}.end_logits.1"] = rows.row_logits(adapted, 1)
    return record


def make_model(folder, config, dtype, shard, length, without, seed):
    shutil.rmtree(folder, ignore_errors=True)
    generator = torch.Generator().manual_seed(seed)
    model = AutoModelForCausalLM.from_config(config).eval()
    shared.randomize(model.named_parameters(), generator, 0.25)
    model.to(dtype).save_pretrained(folder, max_shard_size=shard)
    rows = Rows(config.vocab_size, length, generator)
    model = load(folder)
    tensors = {f"logits.{row}": rows.row_logits(model, row) for row in range(3)}
    differences = []
    for other in without:
        changed = AutoModelForCausalLM.from_config(
            other, dtype=torch.float32, attn_implementation="eager").eval()
        changed.load_state_dict(model.state_dict())
        difference = (rows.row_logits(changed, 0) - tensors["logits.0"]).abs().max().item()
        assert difference > 0.01, f"{folder.name}: {difference}"
        differences.append(difference)
    expected = {
        "torch": torch.__version__, "transformers": transformers.__version__,
        "peft": peft.__version__, "seed": seed, "notes": NOTES, "differences": differences,
        "sequences": [i.tolist() for i in rows.ids], "trained": rows.trained,
        "nll": rows.nll(model), "steps": shared.STEPS, "warmup": shared.WARMUP,
        "rate": shared.RATE, "clip": shared.CLIP, "weightDecay": shared.DECAY,
        "greedy": [clear_greedy(model, rows.ids[0].tolist(), n) for n in (1, 6, length // 2)],
    }
    expected["adapters"] = {
        name: adapt(folder, name, settings, rows, generator, tensors)
        for name, settings in adapters(config.num_hidden_layers)}
    trained = load(folder)
    expected["full"] = rows.train(trained)
    tensors["full.end_logits.1"] = rows.row_logits(trained, 1)
    expected["bf16"] = bf16(folder, rows, [tensors[f"logits.{row}"] for row in range(3)])
    save_file({k: v.contiguous() for k, v in tensors.items()}, folder / "parity.safetensors")
    (folder / "parity.json").write_text(json.dumps(expected) + "\n")
    (folder / "generation_config.json").unlink(missing_ok=True)


def make(folder):
    for seed, (name, *parts) in enumerate(models(), start=101):
        make_model(folder / name, *parts, seed)
