"""Small tokenizers in the configurations of published models, and what they make of hostile texts.

`families/NAME.json` is a tokenizer.json; `families/expected.json` has the texts and, by name, ids
(no special tokens added) and decoded texts with and without specials (null: the text itself), and
arbitrary ids with their texts.
"""

import copy
import json
import random

from tokenizers import (AddedToken, Regex, Tokenizer, decoders, models, normalizers,
                        pre_tokenizers, processors, trainers)

QWEN = (r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*"
        r"|\s*[\r\n]+|\s+(?!\S)|\s+")
LLAMA3 = QWEN.replace(r"|\p{N}|", r"|\p{N}{1,3}|")
CORPUS = [
    "The quiet river bends around the old mill, and the miller's dog sleeps in its shade.",
    "She didn't say that we'd have 12 apples; she said they're worth 3.50 each, I'll buy 120.",
    "def total(prices):\n    result = 0\n    for price in prices:\n        result += price\n",
    "Où est la bibliothèque? Straße, naïve café, señor; 東京は大きい。 Привет, мир!  🙂🙃",
    "WE'RE HERE, DON'T SHOUT 1234567 times\r\n\r\n\tand\tthen   some    more\n\n\n",
]
TEXTS = [
    "", " ", "  ", "   ", "\n", " \n ", "\r\n", "\t", "a", " a", "a ", "  a", "a  ", "a  b", "▁", " ▁a",
    "▁▁", "a▁b ▁ c", "a   b\n\n  c\t\td  ", "x \n\n y\r\n\r\n  z \r\n", "  \n  \n  if x:\n\n",
    "The miller's dog DOESN'T sleep; they'LL'VE known, I'D say, it'ſ 'sure' 'S 's ''s 'ſ",
    "1234567890 12 3.14159 ١٢٣ ⅷ ½ x² 1a2b 12,345", "9" * 40, "naïve café Straße e\u0301 \u00e9",
    "東京は大きい。カタカナ 漢字", "Привет, мир! \u00a0non\u00a0breaking\u2003em \u200bzero\u0085next\u3000wide",
    "👩‍👩‍👧‍👦 🙂🙃 \U0001f1e9\U0001f1ea 👍🏽", "\x00\x01\x7f\ufeff\ufffd\U0010ffff", "tabs\tand\r\nlines\r",
    "Å \u212b A\u030a \u1e9b\u0323 \u0041\u0323\u0302 a\u0302\u0323 q\u0307\u0323 \u0344 \u0958 \u2126 \ufa1e\uf900",
    "\u1112\u1161\u11ab\u1100\u1173\u11af 한글 \uac00\u11a8 \u1161\u1100", "\u0301\u0327leading marks",
    "\U00011938 \U00011935\U00011930 \u09c7\u09be \U000105d2\u0307", "\u1680\u180e\u2028\u2029\u202f\u205f\ufeff a",
    "<|end|>", "a<|end|>b", " <|end|> ", "<|<|end|>|>", "<|end|><|end|>  <|end|> \n<|user", "x<s>y</s> <s> z",
    "<s><s> a </s>", "LEFT a LEFT  LEFT\n\tLEFTb", "a RIGHT  b\u3000RIGHT\u2003\u0085c RIGHT\n", "RIGHT \nx LEFT RIGHT  LEFT",
    "word a word. words sword word_ word\u0301 (word) wordé 1word", "NORM a NORM NORMaNORM  NORM", " NORM",
    "e\u0301NORM\u0301 caf\u00e9tok cafe\u0301tok", "BOTH  BOTH x  BOTH\t", "!!! ... --- ???a!b !c  !d\n!e\n\n",
    "hello<|end|>\n<|end|> hello  <|end|>▁hello", "the the  the   the", "<0x0A><0x41> <unk>", "a" * 70, "ab" * 40 + " " * 19 + "x",
    "don’t “quote” – dash… ﬁ ǅ ⅓ ª", "\u00a0a\u00a01\u00a0!\u00a0\n", " \u00a0 a", "a\u2028\u2029b\u000b\u000cc\u0085d",
]


def added(tokenizer):
    tokenizer.add_special_tokens(["<|end|>", AddedToken("LEFT", lstrip=True, normalized=False),
                                  AddedToken("NORM", normalized=True, special=True)])
    tokenizer.add_tokens([
        AddedToken("RIGHT", rstrip=True, normalized=False), AddedToken("word", single_word=True),
        AddedToken("BOTH", lstrip=True, rstrip=True), AddedToken("cafétok", normalized=True),
        AddedToken("\n\n\n", normalized=False)])


def byte_level(corpus, size, pre, normalizer=None):
    tokenizer = Tokenizer(models.BPE())
    if normalizer:
        tokenizer.normalizer = normalizer
    tokenizer.pre_tokenizer = pre
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.train_from_iterator(corpus, trainers.BpeTrainer(
        vocab_size=size, show_progress=False, special_tokens=[],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet()))
    return tokenizer


def split(pattern):
    return pre_tokenizers.Sequence([
        pre_tokenizers.Split(Regex(pattern), "isolated"),
        pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)])


def changed(tokenizer, change):
    """The tokenizer after a change of its JSON, for what training does not make."""
    content = json.loads(tokenizer.to_str())
    change(content)
    return Tokenizer.from_str(json.dumps(content))


def characters(corpus, size, normalizer, pre, decoder, fallback=True, fuse=True,
               split_words=True):
    """A vocabulary of SentencePiece's kind: `<unk>`, bytes, frequent characters, merges."""
    trained = Tokenizer(models.BPE(unk_token="<unk>", fuse_unk=fuse, byte_fallback=fallback))
    trained.normalizer = normalizers.Replace(" ", "▁")
    if split_words:
        trained.pre_tokenizer = pre_tokenizers.Split("▁", "merged_with_next")
    # Rare characters are left to the fallback.
    trained.train_from_iterator(corpus, trainers.BpeTrainer(
        vocab_size=size, show_progress=False, special_tokens=["<unk>", "<s>", "</s>"],
        limit_alphabet=60, initial_alphabet=["▁", "é", "東"]))

    def change(content):
        vocab = content["model"]["vocab"]
        if fallback:
            for byte in range(256):
                vocab[f"<0x{byte:02X}>"] = len(vocab)
        content["normalizer"] = json.loads(normalizer) if normalizer else None
        content["pre_tokenizer"] = json.loads(pre) if pre else None
        content["decoder"] = json.loads(decoder)
    return changed(trained, change)


LEGACY = json.dumps({"type": "Sequence", "normalizers": [
    {"type": "Prepend", "prepend": "▁"},
    {"type": "Replace", "pattern": {"String": " "}, "content": "▁"}]})
LLAMA_DECODER = json.dumps({"type": "Sequence", "decoders": [
    {"type": "Replace", "pattern": {"String": "▁"}, "content": " "}, {"type": "ByteFallback"},
    {"type": "Fuse"}, {"type": "Strip", "content": " ", "start": 1, "stop": 0}]})


def metaspace(scheme, split_words):
    return json.dumps({"type": "Metaspace", "replacement": "▁", "prepend_scheme": scheme,
                       "split": split_words})


def template(tokenizer):
    ids = {token: tokenizer.token_to_id(token) for token in ["<s>", "</s>"]}
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", special_tokens=list(ids.items()))


def families(corpus, size):
    """Tokenizers by name, trained on `corpus` to about `size` tokens each."""
    byte = pre_tokenizers.ByteLevel
    digits = pre_tokenizers.Digits
    result = {
        "qwen2": byte_level(corpus, size, split(QWEN), normalizers.NFC()),
        "llama3": byte_level(corpus, size, split(LLAMA3)),
        "smollm": byte_level(corpus, size, pre_tokenizers.Sequence([
            digits(individual_digits=True), byte(add_prefix_space=False)])),
        "gpt2-prefix": byte_level(corpus, size, byte(add_prefix_space=True)),
        "digits-split": byte_level(corpus, size, pre_tokenizers.Sequence([
            digits(individual_digits=False), split(QWEN)])),
        "llama2": characters(corpus, size, LEGACY, None, LLAMA_DECODER),
        "llama2-joined": characters(
            corpus, size, LEGACY, None, LLAMA_DECODER, split_words=False),
        "mistral": characters(corpus, size, None, metaspace("first", False), LLAMA_DECODER),
        "metaspace-always": characters(
            corpus, size, None, metaspace("always", True), metaspace("always", True),
            fallback=False),
        "metaspace-never": characters(
            corpus, size, None, metaspace("never", True), metaspace("never", True),
            fallback=False, fuse=False),
    }

    # Words that are tokens, though no merge makes them; and merges as strings.
    def ignore_merges(content):
        model = content["model"]
        model["ignore_merges"] = True
        for word in ["Ġapples", "Ġquiet", "Ã©", "<|end|>"]:
            model["vocab"].setdefault(word, len(model["vocab"]))
        model["merges"] = [" ".join(pair) for pair in model["merges"]]
    result["llama3"] = changed(result["llama3"], ignore_merges)

    # Bytes that its training did not see have no token.
    def missing_bytes(content):
        vocab = content["model"]["vocab"]
        for byte_text in ["ÿ", "þ", "Ā", "ð"]:
            if not any(byte_text in part for pair in content["model"]["merges"] for part in pair):
                vocab.pop(byte_text)
        content["model"]["vocab"] = {t: i for i, t in enumerate(sorted(vocab, key=vocab.get))}
    result["smollm"] = changed(result["smollm"], missing_bytes)
    for name, tokenizer in result.items():
        added(tokenizer)
        if name in ("llama2", "mistral"):
            template(tokenizer)
    return result


def texts():
    generator = random.Random(11)
    pieces = ["a", "b", " ", " ", "é", "e\u0301", "\n", "'s", "'", "1", "23", ".", "東", "🙂", "\t", "\u00a0", "▁", "the",
              "<|end|>", "LEFT", "RIGHT", "word", "NORM", "BOTH", "<s>", "\r\n", "\u0323", "ﷺ", "X", "!"]
    return TEXTS + ["".join(generator.choices(pieces, k=generator.randrange(1, 16)))
                    for _ in range(60)]


def make(folder):
    folder.mkdir(exist_ok=True)
    generator = random.Random(5)
    rows = texts()
    expected = {"texts": rows, "tokenizers": {}}
    for name, tokenizer in families(CORPUS * 4, 340).items():
        (folder / f"{name}.json").write_text(json.dumps(
            json.loads(tokenizer.to_str()), ensure_ascii=False, separators=(",", ":")))
        ids = [tokenizer.encode(text, add_special_tokens=False).ids for text in rows]

        def decoded(skip):
            result = [tokenizer.decode(row, skip_special_tokens=skip) for row in ids]
            return [None if text == row else text for text, row in zip(result, rows)]
        size = max(tokenizer.get_vocab(with_added_tokens=True).values()) + 1
        known = set(tokenizer.get_vocab(with_added_tokens=True).values())
        draws = [[i for i in generator.choices(range(size), k=generator.randrange(1, 9)) if i in known]
                 for _ in range(40)]
        whole = tokenizer.encode("a").ids
        bare = tokenizer.encode("a", add_special_tokens=False).ids
        at = next(i for i in range(len(whole)) if whole[i:i + len(bare)] == bare)
        expected["tokenizers"][name] = {
            "ids": ids, "decoded": decoded(False), "withoutSpecials": decoded(True),
            "prefix": whole[:at], "suffix": whole[at + len(bare):],
            "draws": draws,
            "drawn": [tokenizer.decode(row, skip_special_tokens=False) for row in draws]}
    (folder / "expected.json").write_text(
        json.dumps(expected, ensure_ascii=False, separators=(",", ":")) + "\n")
