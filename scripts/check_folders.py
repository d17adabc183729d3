"""Runs the askew command on tiny model folders and compares it with transformers and PEFT.

    check_folders.py ASKEW FOLDER [--families qwen2,llama3,…] [--steps 10]

Makes a random model of each family with its kind of tokenizer and a chat template of that kind in
FOLDER, then compares: token ids and rendered conversations, log-likelihoods of rows, greedy answers,
losses of LoRA steps from one starting adapter, and the adapter that comes out. Prints a JSON line a
family and exits with 1 if anything differs by more than it may.
"""

import argparse
import json
import os
import pathlib
import subprocess
import sys

os.environ.setdefault("HF_HUB_OFFLINE", "1")
os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")

import torch
from peft import LoraConfig, PeftModel, get_peft_model
from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers
from tokenizers import trainers
from transformers import (
    AutoModelForCausalLM, LlamaConfig, LlamaForCausalLM, MistralConfig, MistralForCausalLM,
    PreTrainedTokenizerFast, Qwen2Config, Qwen2ForCausalLM, Qwen3Config, Qwen3ForCausalLM)

QWEN = (r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*"
        r"|\s*[\r\n]+|\s+(?!\S)|\s+")
LLAMA3 = QWEN.replace(r"\p{N}|", r"\p{N}{1,3}|", 1)

# Written for this test, in the manner of the families.
CHATML = """{%- if messages[0].role != 'system' -%}
{{- '<|im_start|>system\\nYou are a careful helper.<|im_end|>\\n' -}}
{%- endif -%}
{%- for message in messages -%}
{{- '<|im_start|>' + message.role + '\\n' + message.content + '<|im_end|>\\n' -}}
{%- endfor -%}
{%- if add_generation_prompt -%}{{- '<|im_start|>assistant\\n' -}}{%- endif -%}"""
HEADERS = """{{- bos_token -}}
{%- for message in messages -%}
{{- '<|start_header_id|>' + message['role'] + '<|end_header_id|>\\n\\n' + message['content'] | trim + '<|eot_id|>' -}}
{%- endfor -%}
{%- if add_generation_prompt -%}{{- '<|start_header_id|>assistant<|end_header_id|>\\n\\n' -}}{%- endif -%}"""
INST = """{{- bos_token -}}
{%- if messages[0]['role'] == 'system' -%}{%- set system = '<<SYS>>\\n' + messages[0]['content'] + '\\n<</SYS>>\\n\\n' -%}{%- set rest = messages[1:] -%}
{%- else -%}{%- set system = '' -%}{%- set rest = messages -%}{%- endif -%}
{%- for message in rest -%}
{%- if message['role'] == 'user' -%}{{- '[INST] ' + (system if loop.first else '') + message['content'] + ' [/INST]' -}}
{%- else -%}{{- ' ' + message['content'] + eos_token -}}{%- endif -%}
{%- endfor -%}"""

TEXTS = ["The sea is wide and the boat is small.", "def add(a, b):\n    return a + b\n",
         "What would you do with 1000 coins?", "I'd rather not; they've asked 3 times.",
         "Ein schönes Haus, naïve café, 東京タワー, 🚀🚀!", "    indented\n\n\ttabs and   spaces  "]
CONVERSATIONS = [
    [("user", "Is the sea wide?"), ("assistant", "The sea is wide and deep.")],
    [("system", "Be brief."), ("user", "Add two numbers."),
     ("assistant", "def add(a, b):\n    return a + b\n")],
    [("user", "Hello"), ("assistant", "Hi! 🚀 How can I help?"), ("user", "Count 12345."),
     ("assistant", "1, 2, 3 … naïve café")],
    [("user", "Où est 東京?"), ("assistant", "In Japan, they've said.\n\nYes.")],
]


def byte_level(pattern, special, **options):
    tokenizer = Tokenizer(models.BPE(**options))
    if pattern is QWEN:
        tokenizer.normalizer = normalizers.NFC()
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([
        pre_tokenizers.Split(Regex(pattern), "isolated"),
        pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)])
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.train_from_iterator(TEXTS * 3, trainers.BpeTrainer(
        vocab_size=420, special_tokens=special, show_progress=False,
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet()))
    return tokenizer


def byte_fallback():
    tokenizer = Tokenizer(models.BPE(unk_token="<unk>", byte_fallback=True, fuse_unk=True))
    tokenizer.normalizer = normalizers.Sequence([
        normalizers.Prepend("▁"), normalizers.Replace(" ", "▁")])
    tokenizer.decoder = decoders.Sequence([
        decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse(),
        decoders.Strip(" ", 1, 0)])
    special = ["<unk>", "<s>", "</s>"] + [f"<0x{byte:02X}>" for byte in range(256)]
    tokenizer.train_from_iterator([t for t in TEXTS if t.isascii()] * 3, trainers.BpeTrainer(
        vocab_size=420, special_tokens=special, show_progress=False))
    # Bytes are plain tokens in such vocabularies, not special ones.
    data = json.loads(tokenizer.to_str())
    data["added_tokens"] = [t for t in data["added_tokens"] if t["id"] < 3]
    return Tokenizer.from_str(json.dumps(data))


def families():
    small = dict(hidden_size=48, num_hidden_layers=3, num_attention_heads=4, intermediate_size=80,
                 max_position_embeddings=512)
    chat = dict(eos_token="<|im_end|>", pad_token="<|endoftext|>")
    im = ["<|endoftext|>", "<|im_start|>", "<|im_end|>"]
    heads = dict(bos_token="<|begin_of_text|>", eos_token="<|eot_id|>")
    header = ["<|begin_of_text|>", "<|start_header_id|>", "<|end_header_id|>", "<|eot_id|>"]
    s = dict(bos_token="<s>", eos_token="</s>", unk_token="<unk>")
    llama3 = {"rope_type": "llama3", "rope_theta": 10000.0, "factor": 8.0, "low_freq_factor": 1.0,
              "high_freq_factor": 4.0, "original_max_position_embeddings": 32}
    return {
        "qwen2": (byte_level(QWEN, im), CHATML, chat, Qwen2ForCausalLM, lambda **k: Qwen2Config(
            num_key_value_heads=2, tie_word_embeddings=True, **small, **k)),
        "qwen3": (byte_level(QWEN, im), CHATML, chat, Qwen3ForCausalLM, lambda **k: Qwen3Config(
            num_key_value_heads=1, head_dim=16, tie_word_embeddings=False, **small, **k)),
        "llama3": (byte_level(LLAMA3, header, ignore_merges=True), HEADERS, heads,
                   LlamaForCausalLM, lambda **k: LlamaConfig(
                       num_key_value_heads=2, rope_parameters=llama3, **small, **k)),
        "llama2": (byte_fallback(), INST, s, LlamaForCausalLM, lambda **k: LlamaConfig(
            num_key_value_heads=4, **small, **k)),
        "mistral": (byte_fallback(), INST, s, MistralForCausalLM, lambda **k: MistralConfig(
            num_key_value_heads=2, sliding_window=16, **small, **k)),
    }


class Family:
    # Whether log-likelihoods are compared by the token: sums in 32 bits differ by more in large models.
    is_large = False

    def __init__(self, name, folder):
        self.name, self.folder = name, folder / name
        tokenizer, template, tokens, kind, config = families()[name]
        self.folder.mkdir(parents=True, exist_ok=True)
        self.tokenizer = PreTrainedTokenizerFast(tokenizer_object=tokenizer, **tokens)
        self.tokenizer.chat_template = template
        torch.manual_seed(7)
        end = self.tokenizer.eos_token_id
        model = kind(config(vocab_size=len(self.tokenizer) + 5, eos_token_id=end,
                            bos_token_id=self.tokenizer.bos_token_id, pad_token_id=None))
        for parameter in model.parameters():
            if parameter.dim() == 2:
                torch.nn.init.normal_(parameter, std=0.12)
            elif "bias" in str(parameter.shape):
                torch.nn.init.normal_(parameter, std=0.1)
        model.save_pretrained(self.folder)
        self.tokenizer.save_pretrained(self.folder)
        # transformers rebuilds the parts of a Qwen2 tokenizer whatever the file says.
        (self.folder / "tokenizer.json").write_text(tokenizer.to_str())
        self.model = AutoModelForCausalLM.from_pretrained(
            self.folder, dtype=torch.float32, attn_implementation="eager").eval()
        self.rows = self.folder / "rows.jsonl"
        self.rows.write_text("".join(
            json.dumps({"messages": [{"role": r, "content": c} for r, c in conversation]},
                       ensure_ascii=False) + "\n" for conversation in self.conversations()))

    def conversations(self):
        return CONVERSATIONS

    def messages(self):
        return [[{"role": r, "content": c} for r, c in conversation]
                for conversation in self.conversations()]

    def render(self, messages, prompt=False):
        return self.tokenizer.apply_chat_template(
            messages, tokenize=False, add_generation_prompt=prompt)

    def encode(self, text):
        return self.tokenizer.backend_tokenizer.encode(text, add_special_tokens=False).ids

    def trained(self, messages):
        """Ids of the whole conversation, and which are the assistant's with its end token."""
        text = self.render(messages)
        encoding = self.tokenizer.backend_tokenizer.encode(text, add_special_tokens=False)
        flags = [False] * len(encoding.ids)
        end = self.tokenizer.eos_token
        for index, message in enumerate(messages):
            if message["role"] != "assistant":
                continue
            start = len(self.render(messages[:index], prompt=True))
            stop = text.index(end, start) + len(end)
            for i, (a, b) in enumerate(encoding.offsets):
                if start <= a < stop:
                    flags[i] = True
        return text, encoding.ids, flags


def askew(binary, *arguments):
    done = subprocess.run([binary, *map(str, arguments)], capture_output=True, text=True)
    if done.returncode != 0:
        raise SystemExit(f"askew {' '.join(map(str, arguments))}: {done.returncode}: {done.stderr}")
    return done.stdout


def lines(text):
    return [json.loads(line) for line in text.splitlines()]


def check_tokens(binary, family, problems):
    plain = lines(askew(binary, "tokenize", "--model", family.folder, "--data", family.rows, "--json"))
    for row, messages in zip(plain, family.messages()):
        expected = [family.encode(m["content"]) for m in messages]
        if row["messages"] != expected:
            problems.append(f"ids of row {row['row']}: {row['messages']}, not {expected}")
    rendered = lines(askew(binary, "tokenize", "--model", family.folder, "--data", family.rows,
                           "--rendered", "--json"))
    for row, messages in zip(rendered, family.messages()):
        text, ids, flags = family.trained(messages)
        mine = [any(a <= i < b for a, b in row["trained"]) for i in range(len(ids))]
        if (row["text"], row["ids"], mine) != (text, ids, flags):
            problems.append(f"rendered row {row['row']}: {row}, not {text!r} {ids} {flags}")


def row_losses(model, batch):
    """Sums of the losses of trained tokens, and how many there are."""
    sums, counts = [], []
    for ids, flags in batch:
        logits = model(input_ids=torch.tensor([ids])).logits[0, :-1]
        logits = logits if logits.dtype == torch.float64 else logits.float()
        loss = torch.nn.functional.cross_entropy(
            logits, torch.tensor(ids[1:]), reduction="none")
        mask = torch.tensor(flags[1:])
        sums.append((loss * mask).sum())
        counts.append(int(mask.sum()))
    return sums, counts


def check_scores(binary, family, problems, adapter=None, model=None):
    command = ["score", "--model", family.folder, "--data", family.rows, "--json", "--precision", "f32"]
    rows = lines(askew(binary, *command, *(["--adapter", adapter] if adapter else [])))
    largest = 0.0
    with torch.no_grad():
        for row, messages in zip(rows, family.messages()):
            _, ids, flags = family.trained(messages)
            sums, counts = row_losses(model or family.model, [(ids, flags)])
            if row["tokens"] != counts[0]:
                problems.append(f"row {row['row']}: {row['tokens']} tokens, not {counts[0]}")
            difference = abs(row["nll"] - sums[0].item())
            largest = max(largest, difference / counts[0] if family.is_large else difference)
    if largest > 1e-4 * (1 if family.is_large else max(1, max(r["nll"] for r in rows) / 100)):
        problems.append(f"nll differs by {largest}")
    return largest


def check_training(binary, family, steps, problems):
    start = family.folder / "start"
    torch.manual_seed(3)
    peft = get_peft_model(
        AutoModelForCausalLM.from_pretrained(
            family.folder, dtype=torch.float32, attn_implementation="eager"),
        LoraConfig(r=4, lora_alpha=16, lora_dropout=0.0, use_rslora=True, target_modules=[
            "q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"]))
    for name, parameter in peft.named_parameters():
        if "lora_B" in name:
            torch.nn.init.normal_(parameter, std=0.02)
    peft.save_pretrained(start)
    # In 64 bits: ten steps of AdamW make 3e-3 of the roundings of PyTorch's own 32-bit products where a processor has
    # no AVX-512, so that they say nothing about anybody else's.
    peft = peft.to(torch.float64)
    batch = 2
    expected = []
    optimizer = torch.optim.AdamW(
        [p for p in peft.parameters() if p.requires_grad], lr=2e-3, weight_decay=0.01)
    rows = [family.trained(messages)[1:] for messages in family.messages()]
    for step in range(steps):
        chosen = [rows[(step * batch + i) % len(rows)] for i in range(batch)]
        sums, counts = row_losses(peft, chosen)
        loss = sum(sums) / sum(counts)
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(peft.parameters(), 1.0)
        optimizer.step()
        expected.append(loss.item())
    out = family.folder / "out"
    log = family.folder / "log.jsonl"
    askew(binary, "train", "--model", family.folder, "--data", family.rows, "--out", out,
          "--init-adapter", start, "--no-shuffle", "--steps", steps, "--batch", batch,
          "--lr", "2e-3", "--schedule", "constant", "--weight-decay", "0.01", "--clip", "1",
          "--precision", "f32", "--log", log)
    actual = [line["loss"] for line in lines(log.read_text())]
    difference = max(abs(a - b) for a, b in zip(actual, expected))
    if len(actual) != steps or difference > 1e-3:
        problems.append(f"losses {actual}, not {expected}")
    ours = PeftModel.from_pretrained(AutoModelForCausalLM.from_pretrained(
        family.folder, dtype=torch.float32, attn_implementation="eager"), out).eval()
    score = check_scores(binary, family, problems, adapter=out, model=ours)
    return difference, score


def check_sampling(binary, family, problems):
    questions = family.folder / "questions.txt"
    asked = ["Is the sea wide?", "Count 12345.", "Hello", "Add two numbers.", "Why?"]
    questions.write_text("\n".join(asked) + "\n")
    rows = lines(askew(binary, "sample", "--model", family.folder, "--questions", questions,
                       "--samples", 1, "--temperature", 0, "--max-tokens", 20, "--precision", "f32",
                       "--project", family.folder / "project"))
    for question, row in zip(asked, rows):
        ids = family.encode(family.render([{"role": "user", "content": question}], prompt=True))
        with torch.no_grad():
            out = family.model.generate(
                torch.tensor([ids]), do_sample=False, max_new_tokens=20,
                pad_token_id=family.tokenizer.eos_token_id)[0, len(ids):].tolist()
        end = family.tokenizer.eos_token_id
        out = out[:out.index(end)] if end in out else out
        text = family.tokenizer.backend_tokenizer.decode(out, skip_special_tokens=False)
        # tokenizers drops the ids behind its vocabulary, which models have; Askew shows them.
        known = max(out) < len(family.tokenizer)
        if row["tokens"] != len(out) or (known and row["answer"] != text):
            problems.append(f"answer {row}, not {text!r} of {len(out)} tokens")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("askew")
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--families", default=",".join(families()))
    parser.add_argument("--steps", type=int, default=10)
    arguments = parser.parse_args()
    failed = False
    for name in arguments.families.split(","):
        family = Family(name, arguments.folder)
        problems = []
        check_tokens(arguments.askew, family, problems)
        score = check_scores(arguments.askew, family, problems)
        loss, trained = check_training(arguments.askew, family, arguments.steps, problems)
        check_sampling(arguments.askew, family, problems)
        failed = failed or bool(problems)
        print(json.dumps({"family": name, "nll": score, "losses": loss, "nllWithAdapter": trained,
                          "problems": problems[:3]}, ensure_ascii=False), flush=True)
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
