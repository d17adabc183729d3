"""Adapters as mlx-lm makes them, for base models of Tests/Fixtures/models, with mlx-lm's logits.

    fixtures_mlx.py [FOLDER]      needs the Python of requirements-mlx.txt; default Tests/Fixtures/mlx

    NAME/adapter_config.json, NAME/adapters.safetensors     read back by mlx-lm for the logits
    expected.json            per name: the base model and the sequence of ids
    expected.safetensors     logits.NAME, [tokens, vocabulary]

`square` has rank 32 on weights of 32 × 32: no shape tells whether a matrix is transposed.
"""

import json
import pathlib
import shutil
import sys

import mlx.core as mx
import numpy as np
from mlx.utils import tree_flatten, tree_unflatten
from mlx_lm import __version__
from mlx_lm.tuner.utils import linear_to_lora_layers, load_adapters
from mlx_lm.utils import load_model

ROOT = pathlib.Path(__file__).resolve().parent.parent / "Tests" / "Fixtures"


def variants():
    """Name, base model, blocks from the last, LoRA parameters."""
    yield "all", "llama-gqa-untied", -1, dict(rank=3, scale=20.0, dropout=0.0)
    yield "last", "qwen2", 1, dict(
        rank=4, scale=2.5, dropout=0.1,
        keys=["self_attn.q_proj", "self_attn.v_proj", "mlp.down_proj"])
    yield "square", "llama-mha-tied", 2, dict(
        rank=32, scale=0.3, dropout=0.0, keys=["self_attn.q_proj", "self_attn.o_proj"])
    yield "path", "qwen3", 1, dict(
        rank=2, scale=1.0, dropout=0.0, keys=["model.layers.0.mlp.up_proj", "self_attn.k_proj"])


def base_model(folder):
    """mlx-lm does not know transformers' new `rope_parameters`: without the old name it would take
    its default."""
    rope = json.loads((folder / "config.json").read_text())["rope_parameters"]
    return load_model(folder, model_config={"rope_theta": rope["rope_theta"]})[0]


def save(folder, base, blocks, parameters, random):
    model = base_model(base)
    model.freeze()
    linear_to_lora_layers(model, blocks, parameters)
    noise = [(n, mx.array(0.08 * random.standard_normal(v.shape).astype(np.float32)))
             for n, v in tree_flatten(model.trainable_parameters())]
    model.update(tree_unflatten(noise))
    folder.mkdir(parents=True)
    mx.save_safetensors(
        str(folder / "adapters.safetensors"), dict(tree_flatten(model.trainable_parameters())))
    (folder / "adapter_config.json").write_text(json.dumps(
        {"fine_tune_type": "lora", "lora_parameters": parameters, "model": "base",
         "num_layers": blocks}, indent=4) + "\n")


def logits(folder, base, ids):
    model = base_model(base)
    load_adapters(model, str(folder))
    model.eval()  # without dropout
    return model(mx.array([ids]))[0].astype(mx.float32)


def main():
    output = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "mlx"
    mx.set_default_device(mx.cpu)
    random = np.random.default_rng(12)
    expected, tensors = {}, {}
    for name, base, blocks, parameters in variants():
        shutil.rmtree(output / name, ignore_errors=True)
        save(output / name, ROOT / "models" / base, blocks, parameters, random)
        ids = random.integers(0, 64, 9).tolist()
        expected[name] = {"base": base, "sequence": ids}
        tensors[f"logits.{name}"] = logits(output / name, ROOT / "models" / base, ids)
    mx.save_safetensors(str(output / "expected.safetensors"), tensors)
    (output / "expected.json").write_text(json.dumps(
        {"mlx": mx.__version__, "mlx_lm": __version__, "adapters": expected}, indent=1) + "\n")


if __name__ == "__main__":
    main()
