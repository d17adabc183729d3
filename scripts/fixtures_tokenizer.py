"""A byte-level BPE tokenizer trained by `tokenizers`, and what it makes of awkward texts.

`expected.json`: "texts" (text, ids, decoded with and without specials), "decodes" (arbitrary ids
and their text) and "classes": ranges of scalars that the pre-tokenizer takes for letters, numbers
and white space, found by splitting "1x1" or "axa" for every scalar x.
"""

import json
import random
import sys
import unicodedata

import fixtures_tokenizer_families
import tokenizers
from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers, trainers

SPECIALS = ["<|end|>", "<|user|>", "<|assistant|>", "<|ada|>", "<|adam|>"]
CORPUS = [
    "The quiet river bends around the old mill, and the miller's dog sleeps in its shade.",
    "She didn't say that we'd have 12 apples; she said they're worth 3.50 each, and I'll buy 120.",
    "def total(prices):\n    result = 0\n    for price in prices:\n        result += price\n",
    "Où est la bibliothèque? Straße, naïve café, señor; 東京は大きい。 Привет, мир!  🙂🙃",
    "Bread rises slowly when the kitchen is cold; warm water and patience are all it needs.",
]
TEXTS = [
    "", " ", "  ", "\n", " \n ", "a", " a", "a ", "  a", "a  ", "a  b", "a   b\n\n  c\t\td  ",
    "The miller's dog doesn't sleep; they'll've known, I'd say, it's 'sure' 'S 'LL ''s",
    "12345 12 3.14159 ١٢٣ ⅷ ½ x²", "naïve café Straße e\u0301 \u00e9", "東京は大きい。カタカナ",
    "Привет, мир! \u00a0non\u00a0breaking\u2003em \u200bzero\u0085next\u3000wide",
    "👩‍👩‍👧‍👦 🙂🙃 \U0001f1e9\U0001f1ea", "\x00\x01\x7f\ufeff\ufffd\U0010ffff",
    "<|user|>What now?<|assistant|>Nothing.<|end|>", "<|ada|><|adam|><|ad|> <|user|> a<|end|>b ",
    "<|<|end|>|>", "<|end|><|end|>  <|end|> \n<|user", "tabs\tand\r\nlines\r", "a" * 70,
    "ab" * 40 + " " * 9 + "x", "for price in prices:\n        result += price\n\n\n    pass",
    "!!! ... --- ???a!b !c  !d", "x'sx' s'tt'", "don’t “quote” – dash…",
    "NORMALtok and NORMAL tok", "plusplus", "\u1680\u180e\u2028\u2029\u202f\u205f\ufeff a",
]


def build():
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=True)
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.train_from_iterator(CORPUS * 4, trainers.BpeTrainer(
        vocab_size=420, special_tokens=SPECIALS, show_progress=False,
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet()))
    # Not special, and matched in the second pass (tokenizers' `normalized`).
    tokenizer.add_tokens([AddedToken("NORMALtok", normalized=True),
                          AddedToken("plusplus", normalized=False)])
    return tokenizer


def classes(tokenizer):
    """Scalar ranges by class: how "1x1" and "axa" split says what the pattern takes x for."""
    split = tokenizer.pre_tokenizer.pre_tokenize_str

    def kind(x):
        letters, numbers = len(split(f"a{x}a")), len(split(f"1{x}1"))
        if letters == 1:
            return "letter"
        if numbers == 1:
            return "number"
        # "!x!" is one piece unless x is white space.
        return "other" if len(split(f"!{x}!")) == 1 else "space"

    ranges = []
    for code in range(0x110000):
        if 0xD800 <= code < 0xE000 or unicodedata.category(chr(code)) == "Cn":
            continue
        name = kind(chr(code))
        if name == "other":
            continue
        if ranges and ranges[-1][0] == name and ranges[-1][2] == code - 1:
            ranges[-1][2] = code
        else:
            ranges.append([name, code, code])
    return ranges


def make(folder):
    tokenizer = build()
    tokenizer.save(str(folder / "tokenizer.json"), pretty=False)
    old = json.loads((folder / "tokenizer.json").read_text())
    old["model"]["merges"] = [" ".join(pair) for pair in old["model"]["merges"]]
    (folder / "tokenizer-merges-as-strings.json").write_text(json.dumps(old, ensure_ascii=False))
    reread = Tokenizer.from_file(str(folder / "tokenizer-merges-as-strings.json"))

    generator = random.Random(7)
    alphabet = "ab é\n'1.東🙂 s\t\u00a0"
    texts = TEXTS + ["".join(generator.choices(alphabet, k=generator.randrange(1, 60)))
                     for _ in range(150)]
    rows = []
    for text in texts:
        ids = tokenizer.encode(text, add_special_tokens=False).ids
        assert ids == reread.encode(text, add_special_tokens=False).ids
        rows.append({"text": text, "ids": ids,
                     "decoded": tokenizer.decode(ids, skip_special_tokens=False),
                     "withoutSpecials": tokenizer.decode(ids, skip_special_tokens=True)})
    size = tokenizer.get_vocab_size()
    decodes = []
    for _ in range(150):
        ids = [generator.randrange(size) for _ in range(generator.randrange(1, 30))]
        decodes.append({"ids": ids, "decoded": tokenizer.decode(ids, skip_special_tokens=False)})
    (folder / "expected.json").write_text(json.dumps(
        {"tokenizers": tokenizers.__version__, "unicode": unicodedata.unidata_version,
         "python": sys.version.split()[0], "texts": rows, "decodes": decodes,
         "classes": classes(tokenizer)}, ensure_ascii=False) + "\n")
    fixtures_tokenizer_families.make(folder / "families")
