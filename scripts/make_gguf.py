"""Makes and checks GGUF files with the gguf package, for tests of Askew's reader and writer.

    make_gguf.py types FOLDER            random blocks of every type: types.gguf, and their numbers in
                                         types.safetensors
    make_gguf.py families FOLDER         random models of check_folders.py's families as folders, and
                                         each beside it as NAME.gguf
    make_gguf.py sentencepiece FOLDER    a vocabulary that SentencePiece learned: sp.gguf, and the ids of
                                         texts in expected.json
    make_gguf.py check FOLDER FILE TYPE  whether FILE is the model in FOLDER; prints what is not
    make_gguf.py adapter FOLDER FILE MODEL
                                         the same for an adapter in FOLDER, PEFT's
"""

import json
import pathlib
import sys

import gguf
import numpy
from gguf import GGMLQuantizationType as Type
from safetensors.numpy import load_file, save_file

LINEARS = {
    "self_attn.q_proj": "attn_q", "self_attn.k_proj": "attn_k", "self_attn.v_proj": "attn_v",
    "self_attn.o_proj": "attn_output", "self_attn.q_norm": "attn_q_norm",
    "self_attn.k_norm": "attn_k_norm", "input_layernorm": "attn_norm",
    "post_attention_layernorm": "ffn_norm", "mlp.gate_proj": "ffn_gate", "mlp.up_proj": "ffn_up",
    "mlp.down_proj": "ffn_down"}
WHOLE = {"model.embed_tokens.weight": "token_embd.weight", "model.norm.weight": "output_norm.weight",
         "lm_head.weight": "output.weight"}
# Where the blocks of a type have numbers of 16 bits: random bits would often be no numbers.
SCALES = {Type.Q4_0: [0], Type.Q4_1: [0, 2], Type.Q5_0: [0], Type.Q5_1: [0, 2], Type.Q8_0: [0],
          Type.Q2_K: [80, 82], Type.Q3_K: [108], Type.Q4_K: [0, 2], Type.Q5_K: [0, 2],
          Type.Q6_K: [208]}


def types(folder):
    random = numpy.random.default_rng(5)
    writer = gguf.GGUFWriter(folder / "types.gguf", "llama")
    expected = {}
    for kind in [Type.F32, Type.F16, Type.BF16, *SCALES]:
        if kind in SCALES:
            elements, size = gguf.GGML_QUANT_SIZES[kind]
            blocks = random.integers(0, 256, (7, 3, size), dtype=numpy.uint8)
            for place in SCALES[kind]:
                halves = random.normal(0, 0.3, (7, 3)).astype(numpy.float16)
                blocks[:, :, place:place + 2] = halves.view(numpy.uint8).reshape(7, 3, 2)
            data = blocks.reshape(7, 3 * size)
        else:
            data = gguf.quantize(random.normal(0, 1, (7, 96)).astype(numpy.float32), kind)
        writer.add_tensor(kind.name, data, raw_dtype=kind)
        expected[kind.name] = numpy.ascontiguousarray(gguf.dequantize(data, kind))
    finish(writer)
    save_file(expected, folder / "types.safetensors")


def finish(writer):
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def permuted(weights, heads):
    """As convert_hf_to_gguf.py of llama.cpp does it for q and k."""
    return (weights.reshape(heads, 2, weights.shape[0] // heads // 2, *weights.shape[1:])
            .swapaxes(1, 2).reshape(weights.shape))


def tensors(folder):
    """What a file has to have, by the names of files."""
    config = json.loads((folder / "config.json").read_text())
    for name, weights in load_file(folder / "model.safetensors").items():
        if name in WHOLE:
            yield WHOLE[name], weights
            continue
        _, _, layer, part = name.split(".", 3)
        part, kind = part.rsplit(".", 1)
        if config["model_type"] in ("llama", "mistral") and part in ("self_attn.q_proj", "self_attn.k_proj"):
            heads = config["num_attention_heads" if "q_proj" in part else "num_key_value_heads"]
            weights = permuted(weights, heads)
        yield f"blk.{layer}.{LINEARS[part]}.{kind}", weights


def add_shape(writer, config):
    head = config.get("head_dim") or config["hidden_size"] // config["num_attention_heads"]
    rope = config["rope_parameters"]
    writer.add_context_length(config["max_position_embeddings"])
    writer.add_embedding_length(config["hidden_size"])
    writer.add_block_count(config["num_hidden_layers"])
    writer.add_feed_forward_length(config["intermediate_size"])
    writer.add_head_count(config["num_attention_heads"])
    writer.add_head_count_kv(config["num_key_value_heads"])
    writer.add_key_length(head)
    writer.add_layer_norm_rms_eps(config["rms_norm_eps"])
    writer.add_rope_freq_base(rope["rope_theta"])
    if config.get("sliding_window"):
        writer.add_sliding_window(config["sliding_window"])
    if rope["rope_type"] != "llama3":
        return
    # As convert_hf_to_gguf.py of llama.cpp does it.
    factors = []
    for frequency in 1 / rope["rope_theta"] ** (numpy.arange(0, head, 2) / head):
        length = 2 * numpy.pi / frequency
        old, low, high = (rope["original_max_position_embeddings"], rope["low_freq_factor"],
                          rope["high_freq_factor"])
        if length < old / high:
            factors.append(1)
        elif length > old / low:
            factors.append(rope["factor"])
        else:
            smooth = (old / length - low) / (high - low)
            factors.append(1 / ((1 - smooth) / rope["factor"] + smooth))
    writer.add_tensor("rope_freqs.weight", numpy.array(factors, dtype=numpy.float32))


def add_tokens(writer, folder, tokenizer, size):
    """A byte-level vocabulary with its merges."""
    data = json.loads((folder / "tokenizer.json").read_text())
    texts = {id: text for text, id in data["model"]["vocab"].items()}
    added = {token["id"]: token["content"] for token in data["added_tokens"]}
    kinds = [3 if id in added else 1 if id in texts else 5 for id in range(size)]
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("llama-bpe" if data["model"]["ignore_merges"] else "qwen2")
    writer.add_token_list([added.get(id) or texts.get(id) or f"[PAD{id}]" for id in range(size)])
    writer.add_token_types(kinds)
    merges = data["model"]["merges"]
    writer.add_token_merges([m if isinstance(m, str) else " ".join(m) for m in merges])
    writer.add_add_bos_token(False)
    writer.add_eos_token_id(tokenizer.eos_token_id)
    if tokenizer.bos_token_id is not None:
        writer.add_bos_token_id(tokenizer.bos_token_id)
    writer.add_chat_template(tokenizer.chat_template)


def families(folder):
    import check_folders

    for name in check_folders.families():
        if name == "llama2":
            continue  # Of SentencePiece's kind, see sentencepiece(); mistral stands for the weights.
        family = check_folders.Family(name, folder)
        place = family.folder / "config.json"
        config = json.loads(place.read_text())
        config["rope_parameters"] = config.get("rope_parameters") or {
            "rope_type": "default", "rope_theta": config["rope_theta"]}
        if name == "llama3":
            # Files do not say it; readers know this one.
            config["rope_parameters"]["original_max_position_embeddings"] = 8192
        place.write_text(json.dumps(config))
        architecture = "llama" if config["model_type"] == "mistral" else config["model_type"]
        writer = gguf.GGUFWriter(folder / f"{name}.gguf", architecture)
        add_shape(writer, config)
        if name == "mistral":
            add_pieces(writer, *trained_pieces(folder))
        else:
            add_tokens(writer, family.folder, family.tokenizer, config["vocab_size"])
        for tensor, weights in tensors(family.folder):
            writer.add_tensor(tensor, numpy.ascontiguousarray(weights))
        finish(writer)


TEXTS = ["The sea is wide and the boat is small.", "What would you do with 1000 coins?",
         "I'd rather not; they've asked 3 times.", "def add(a, b):\n    return a + b\n",
         "Ein schönes Haus, naïve café", "tabs\tand   spaces  ", "  two spaces first", "", " ",
         "unknown 東京 🚀 letters", "aaaaaaaa bbbbbbb ababab", "the the the sea, the sea"]


def trained_pieces(folder):
    import sentencepiece

    corpus = folder / "corpus.txt"
    corpus.write_text("\n".join(text for text in TEXTS if text.strip()) * 3)
    sentencepiece.SentencePieceTrainer.train(
        input=str(corpus), model_prefix=str(folder / "sp"), model_type="bpe", vocab_size=400,
        byte_fallback=True, normalization_rule_name="identity", remove_extra_whitespaces=False,
        add_dummy_prefix=True, allow_whitespace_only_pieces=True, minloglevel=2)
    return (sentencepiece.SentencePieceProcessor(model_file=str(folder / "sp.model")),)


def add_pieces(writer, model):
    count = model.vocab_size()
    kinds = [2 if model.is_unknown(i) else 3 if model.is_control(i) else 6 if model.is_byte(i) else 1
             for i in range(count)]
    writer.add_tokenizer_model("llama")
    writer.add_tokenizer_pre("default")
    writer.add_token_list([model.id_to_piece(i) for i in range(count)])
    writer.add_token_scores([model.get_score(i) for i in range(count)])
    writer.add_token_types(kinds)
    writer.add_bos_token_id(model.bos_id())
    writer.add_eos_token_id(model.eos_id())
    writer.add_unk_token_id(model.unk_id())


def sentencepiece_vocabulary(folder):
    (model,) = trained_pieces(folder)
    random = numpy.random.default_rng(3)
    pieces = "abdehimnorstuw ,.  1\n".replace("  ", " ")
    texts = TEXTS + ["".join(random.choice(list(pieces), 40)) for _ in range(500)]
    # The rest of a model: one block.
    writer = gguf.GGUFWriter(folder / "sp.gguf", "llama")
    add_shape(writer, {
        "max_position_embeddings": 64, "hidden_size": 8, "num_hidden_layers": 1,
        "intermediate_size": 8, "num_attention_heads": 1, "num_key_value_heads": 1,
        "rms_norm_eps": 1e-5, "rope_parameters": {"rope_theta": 1e4, "rope_type": "default"}})
    add_pieces(writer, model)
    def zeros(*shape):
        return numpy.zeros(shape, dtype=numpy.float32)
    writer.add_tensor("token_embd.weight", zeros(model.vocab_size(), 8))
    writer.add_tensor("output_norm.weight", zeros(8))
    for name in ["attn_q", "attn_k", "attn_v", "attn_output", "ffn_gate", "ffn_up", "ffn_down"]:
        writer.add_tensor(f"blk.0.{name}.weight", zeros(8, 8))
    for name in ["attn_norm", "ffn_norm"]:
        writer.add_tensor(f"blk.0.{name}.weight", zeros(8))
    finish(writer)
    expected = [{"text": text, "ids": model.encode(text)} for text in texts]
    (folder / "expected.json").write_text(json.dumps(expected))


def check(folder, file, kind):
    reader = gguf.GGUFReader(file)
    found = {tensor.name: tensor for tensor in reader.tensors}
    problems = []
    for name, weights in tensors(folder):
        tensor = found.pop(name, None)
        weights = weights.astype(numpy.float32)
        elements, _ = gguf.GGML_QUANT_SIZES[Type[kind]]
        expected = (Type.F32 if weights.ndim == 1 else
                    Type[kind] if weights.shape[-1] % elements == 0 else Type.F16)
        if tensor is None or tensor.tensor_type != expected:
            problems.append(f"{name}: {tensor and tensor.tensor_type.name}, not {expected.name}")
            continue
        stored = numpy.asarray(tensor.data).view(numpy.uint8).ravel()
        wanted = gguf.quantize(numpy.ascontiguousarray(weights), expected).view(numpy.uint8).ravel()
        if not numpy.array_equal(stored, wanted):
            problems.append(f"{name}: other bytes than gguf.quantize gives")
    problems += [f"{name} is too much" for name in found if name != "rope_freqs.weight"]
    print(json.dumps(problems))


def check_adapter(folder, file, model):
    """W + alpha / rank * B A has to be the same, in the order of files."""
    reader = gguf.GGUFReader(file)
    found = {tensor.name: tensor.data for tensor in reader.tensors}
    alpha = reader.get_field("adapter.lora.alpha").contents()
    config = json.loads((folder / "adapter_config.json").read_text())
    shape = json.loads((pathlib.Path(model) / "config.json").read_text())
    weights = load_file(folder / "adapter_model.safetensors")
    problems = []
    for name in [name for name in weights if name.endswith("lora_A.weight")]:
        path = name.removeprefix("base_model.model.model.layers.").removesuffix(".lora_A.weight")
        layer, part = path.split(".", 1)
        product = weights[name.replace("lora_A", "lora_B")] @ weights[name]
        product = product * (config["lora_alpha"] / config["r"])
        if part in ("self_attn.q_proj", "self_attn.k_proj") and shape["model_type"] in ("llama", "mistral"):
            product = permuted(product, shape[
                "num_attention_heads" if "q_proj" in part else "num_key_value_heads"])
        base = f"blk.{layer}.{LINEARS[part]}.weight"
        a, b = found.pop(f"{base}.lora_a"), found.pop(f"{base}.lora_b")
        if not numpy.allclose(b @ a * (alpha / b.shape[1]), product, rtol=1e-5, atol=1e-7):
            problems.append(base)
    texts = [reader.get_field(f"{key}.type").contents() for key in ("general", "adapter")]
    if texts != ["adapter", "lora"] or found:
        problems.append(f"{texts}, {list(found)}")
    print(json.dumps(problems))


if __name__ == "__main__":
    command, folder = sys.argv[1], pathlib.Path(sys.argv[2])
    folder.mkdir(parents=True, exist_ok=True)
    if command == "types":
        types(folder)
    elif command == "families":
        families(folder)
    elif command == "sentencepiece":
        sentencepiece_vocabulary(folder)
    elif command == "adapter":
        check_adapter(folder, sys.argv[3], sys.argv[4])
    else:
        check(folder, sys.argv[3], sys.argv[4])
