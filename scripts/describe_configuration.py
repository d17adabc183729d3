"""What transformers makes of config.json files: prints one JSON line for each folder given.

The model is built, with random weights, so that the values are those of its parts and not only of
the configuration. Used by `fixtures_configurations.py` and by tests that read a file written here.
"""

import json
import os
import sys

os.environ.setdefault("HF_HUB_OFFLINE", "1")

from transformers import AutoConfig, AutoModelForCausalLM


def describe(folder):
    config = AutoConfig.from_pretrained(folder)
    model = AutoModelForCausalLM.from_config(config, attn_implementation="eager")
    attention = [layer.self_attn for layer in model.model.layers]
    if config.model_type == "mistral":  # the window is the whole model's
        windows = [config.sliding_window] * len(attention)
    else:
        windows = [getattr(part, "sliding_window", None) for part in attention]
    head_size = attention[0].head_dim
    end = config.eos_token_id
    return {
        "headSize": head_size,
        "keyValueHeadCount": attention[0].k_proj.out_features // head_size,
        "queryKeyValueBias": attention[0].q_proj.bias is not None,
        "queryKeyNorm": hasattr(attention[0], "q_norm"),
        "frequencies": model.model.rotary_emb.inv_freq.tolist(),
        "windows": windows,
        "maximumPositionCount": config.max_position_embeddings,
        "normEpsilon": model.model.norm.variance_epsilon,
        "tied": model.lm_head.weight is model.model.embed_tokens.weight,
        "begin": config.bos_token_id,
        "end": end if isinstance(end, list) else [] if end is None else [end],
        "pad": config.pad_token_id,
        "tensors": {name: list(value.shape) for name, value in model.state_dict().items()
                    if not (name == "lm_head.weight" and config.tie_word_embeddings)},
    }


if __name__ == "__main__":
    for folder in sys.argv[1:]:
        print(json.dumps(describe(folder)))
