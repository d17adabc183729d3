"""config.json files of both generations of names, with what transformers makes of each.

`configurations.json`: {"cases": [{"name", "config": the file's text, "expected": see
describe_configuration.py}]}.
"""

import json
import tempfile

import transformers

from describe_configuration import describe

TINY = {"vocab_size": 40, "hidden_size": 32, "intermediate_size": 24, "num_hidden_layers": 3,
        "num_attention_heads": 4, "num_key_value_heads": 2}
LLAMA3 = {"factor": 8.0, "low_freq_factor": 1.0, "high_freq_factor": 4.0,
          "original_max_position_embeddings": 64}
MISSING = object()


def cases():
    def case(name, family, **members):
        config = {"model_type": family, **TINY, **members}
        return name, {key: value for key, value in config.items() if value is not MISSING}

    # Family defaults where keys are missing, explicit nulls.
    yield case("llama, few keys", "llama")
    yield case("llama, no key-value heads", "llama", num_key_value_heads=MISSING)
    yield case("llama, a tiny vocabulary", "llama", eos_token_id=None, bos_token_id=None)
    yield case("llama, own head size", "llama", head_dim=6, tie_word_embeddings=True,
               rms_norm_eps=1e-5, pad_token_id=3, eos_token_id=[5, 7, 9])
    wide = {"num_attention_heads": 32, "hidden_size": 64, "num_key_value_heads": MISSING}
    yield case("mistral, few keys", "mistral", **wide)
    yield case("qwen2, few keys", "qwen2", **wide)
    yield case("qwen3, few keys", "qwen3", **{**wide, "head_dim": 4})
    yield case("qwen3, no head size", "qwen3")
    for family in ("llama", "qwen2", "qwen3"):  # transformers 5 refuses it for mistral
        yield case(f"{family}, null key-value heads", family, num_key_value_heads=None)
    yield case("qwen2, a bias key", "qwen2", attention_bias=True)
    yield case("mistral, a bias key", "mistral", attention_bias=True, mlp_bias=True)

    # RoPE in every form.
    long = {"head_dim": 16, "max_position_embeddings": 512}
    yield case("rope: old base", "llama", rope_theta=5000.0, rope_scaling=None)
    yield case("rope: new base", "qwen2",
               rope_parameters={"rope_type": "default", "rope_theta": 1e6})
    yield case("rope: old default with a base", "llama", rope_theta=700,
               rope_scaling={"type": "default"})
    yield case("rope: an empty scaling", "llama", rope_scaling={},
               rope_parameters={"rope_type": "default", "rope_theta": 900.0})
    yield case("rope: scaling without base beats parameters", "llama",
               rope_scaling={"rope_type": "default"},
               rope_parameters={"rope_type": "default", "rope_theta": 900.0})
    yield case("rope: rope_type before type", "llama",
               rope_scaling={"type": "linear", "rope_type": "default", "factor": 2.0})
    yield case("rope: llama3, old names", "llama", **long, rope_theta=10000.0,
               rope_scaling={"rope_type": "llama3", **LLAMA3})
    yield case("rope: llama3, oldest name", "llama", **long, rope_theta=500000.0,
               rope_scaling={"type": "llama3", **LLAMA3})
    yield case("rope: llama3, new names", "llama", **long,
               rope_parameters={"rope_type": "llama3", "rope_theta": 10000.0, **LLAMA3})
    yield case("rope: llama3 in mistral, other numbers", "mistral", **long, rope_theta=300.0,
               rope_scaling={"rope_type": "llama3", "factor": 32, "low_freq_factor": 2,
                             "high_freq_factor": 3.5, "original_max_position_embeddings": 100})
    short = {key: value for key, value in LLAMA3.items() if key[0] != "o"}
    yield case("rope: llama3 without its length", "llama", head_dim=16,
               max_position_embeddings=128, rope_scaling={"rope_type": "llama3", **short})
    yield case("rope: llama3 with its length outside", "llama", **long,
               original_max_position_embeddings=32,
               rope_scaling={"rope_type": "llama3", **LLAMA3})

    # Windows.
    yield case("window: mistral's own", "mistral", sliding_window=8)
    yield case("window: mistral's default", "mistral")
    yield case("window: none in mistral", "mistral", sliding_window=None)
    yield case("window: a key that mistral does not know", "mistral", sliding_window=8,
               use_sliding_window=False)
    yield case("window: qwen2 without use", "qwen2", sliding_window=8, max_window_layers=0)
    yield case("window: qwen2 from a block on", "qwen2", use_sliding_window=True,
               sliding_window=8, max_window_layers=1)
    yield case("window: qwen2 everywhere", "qwen2", use_sliding_window=True, sliding_window=8,
               max_window_layers=0)
    yield case("window: qwen2 beyond the last block", "qwen2", use_sliding_window=True,
               sliding_window=8)
    yield case("window: qwen2's default size", "qwen2", use_sliding_window=True,
               max_window_layers=2)
    yield case("window: qwen2 with null", "qwen2", use_sliding_window=True, sliding_window=None,
               max_window_layers=0)
    mixed = ["sliding_attention", "full_attention", "sliding_attention"]
    yield case("window: qwen2 by type", "qwen2", use_sliding_window=True, sliding_window=8,
               max_window_layers=3, layer_types=mixed)
    yield case("window: qwen3 by type", "qwen3", use_sliding_window=True, sliding_window=1,
               layer_types=mixed)
    yield case("window: qwen3, all full", "qwen3", use_sliding_window=True, sliding_window=8,
               max_window_layers=0, layer_types=["full_attention"] * 3)


def make(folder):
    transformers.logging.set_verbosity_error()
    rows = []
    for name, config in cases():
        with tempfile.TemporaryDirectory() as path:
            with open(f"{path}/config.json", "w") as file:
                json.dump(config, file)
            rows.append({"name": name, "config": json.dumps(config), "expected": describe(path)})
    text = ",\n".join(json.dumps(row, separators=(",", ":")) for row in rows)
    (folder / "configurations.json").write_text(
        f'{{"transformers":"{transformers.__version__}","cases":[\n{text}\n]}}\n')
