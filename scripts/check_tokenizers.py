"""Makes tokenizers and texts, and writes what the real library makes of them, for Askew to compare.

    check_tokenizers.py FOLDER [DATA]

Trained on Python's own sources and, if DATA is given, the messages of DATA/paper/*.jsonl, which are
then among the texts. FOLDER gets texts.json, a list; for each tokenizer NAME.json; NAME.ids, for each
text the number of its ids and the ids, 32 bits each; of the last texts perhaps none; NAME.decoded.json, a list of [text number,
skip_special_tokens, decoded text] where decoding does not give the text again.
"""

import json
import os
import pathlib
import random
import sys

os.environ["TOKENIZERS_PARALLELISM"] = "true"

import fixtures_tokenizer_families
import numpy

# Words of so many characters for all, and for those named a few of the greater length.
LONG, LONGER = 20_000, 1_000_000
LONGER_FOR = {"qwen2", "llama3", "mistral", "llama2-joined"}


def messages(data):
    for path in sorted((pathlib.Path(data) / "paper").glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            yield from (message["content"] for message in json.loads(line)["messages"])


def sources():
    for path in sorted(pathlib.Path(os.__file__).parent.glob("*.py"))[:60]:
        yield path.read_text(encoding="utf-8")


def scalars():
    """Every scalar that has a name or may get one, between letters, digits, spaces and marks."""
    ranges = [(0, 0xD800), (0xE000, 0x20000), (0x2F800, 0x2FA20), (0xE0000, 0xE0200)]
    pieces = [f"a{chr(c)}1{chr(c)}2 {chr(c)}'{chr(c)}!{chr(c)}\u0323e{chr(c)}\u0301\n{chr(c)} "
              for first, end in ranges for c in range(first, end)]
    return ["".join(pieces[i:i + 64]) for i in range(0, len(pieces), 64)]


def mixed(generator):
    alphabets = ["ab cd", "a \n\t\r'", " é東🙂\u0301\u0323", "0123456789 .,", "'sStTrReElLvVmMdDſ",
                 "▁ a", "\u1100\u1161\u11a8\uac00\u00a0\u2028\u0085\u3000 x1!"]
    specials = ["<|end|>", "LEFT", "RIGHT", "word", "NORM", "BOTH", "<s>", "\n\n\n", "caf\u00e9tok"]
    for _ in range(3000):
        alphabet = list(generator.choice(alphabets)) + list(generator.choice(alphabets))
        if generator.random() < 0.5:
            alphabet += generator.choices(specials, k=4)
        if generator.random() < 0.3:
            alphabet += [chr(generator.randrange(0x20, 0xD800)) for _ in range(5)]
        yield "".join(generator.choices(alphabet, k=generator.randrange(1, 200)))


def long_words(generator):
    marks = [chr(c) for c in range(0x300, 0x370)]
    for alphabet in ["a", "ab", " \n", "'", "1", "漢", marks, "!?.", "\u1100\u1161\u11a8"]:
        yield "x" + "".join(generator.choices(alphabet, k=LONG)) + "x"


def longer_words(generator):
    ideographs = [chr(c) for c in range(0x4E00, 0x9000)]
    for alphabet in ["a", "abcdefghijklmnopqrstuvwxyz", " ", ideographs, "🙂🙃👍🏽\u200d"]:
        yield "x" + "".join(generator.choices(alphabet, k=LONGER)) + "x"


def main():
    folder = pathlib.Path(sys.argv[1])
    generator = random.Random(3)
    data = list(messages(sys.argv[2])) if len(sys.argv) > 2 else []
    code = list(sources())
    texts = [*fixtures_tokenizer_families.texts(), *mixed(generator), *scalars(), *code, *data,
             *long_words(generator)]
    longer = list(longer_words(generator))
    (folder / "texts.json").write_text(json.dumps(texts + longer, ensure_ascii=False), encoding="utf-8")
    corpus = [*fixtures_tokenizer_families.CORPUS * 9, *code[:20], *data[:4000]]
    for name, tokenizer in fixtures_tokenizer_families.families(corpus, 3000).items():
        tokenizer.save(str(folder / f"{name}.json"))
        given = texts + longer if name in LONGER_FOR else texts
        rows = [row.ids for row in tokenizer.encode_batch(given, add_special_tokens=False)]
        flat = [number for row in rows for number in (len(row), *row)]
        numpy.array(flat, dtype="<i4").tofile(folder / f"{name}.ids")
        different = []
        for skip in (False, True):
            decoded = tokenizer.decode_batch(rows, skip_special_tokens=skip)
            different += [[index, skip, text] for index, text in enumerate(decoded)
                          if text != given[index]]
        (folder / f"{name}.decoded.json").write_text(
            json.dumps(different, ensure_ascii=False), encoding="utf-8")


if __name__ == "__main__":
    main()
