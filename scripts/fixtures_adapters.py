"""Adapters in every form that PEFT writes, for the base model of Tests/Fixtures/models, each with
the logits that PEFT gives for the folder as it lies there.

    NAME/adapter_config.json, NAME/adapter_model.safetensors    as PEFT saves them
    expected.json            base model, sequence of ids, and per name: shape of every A and B
    expected.safetensors     logits.NAME, [tokens, vocabulary]

`old-names` has the keys of early PEFT files (".default." before ".weight", no prefix), which today's
PEFT does not read: its logits are those of the same numbers under today's names.
"""

import json
import shutil

import peft
import torch
import transformers
from safetensors.torch import load_file, save_file
from transformers import AutoModelForCausalLM

from fixtures_models import LINEARS, randomize, sort_target_modules

BASE = "llama-gqa-untied"


def variants():
    """Name, settings, data type."""
    f32 = torch.float32
    yield "patterns", f32, dict(
        r=4, lora_alpha=8, target_modules=["q_proj", "o_proj", "up_proj"], use_rslora=True,
        rank_pattern={"q_proj": 2, r"model\.layers\.1\.mlp\.up_proj": 6},
        alpha_pattern={"^model.layers.0.self_attn.o_proj": 3, "(up|gate)_proj": 5})
    yield "regex", f32, dict(
        r=3, lora_alpha=6,
        target_modules=r".*?layers\.[01]\.(?:self_attn\.(q|v)_proj|mlp\.down_proj)")
    yield "all-linear", f32, dict(r=2, lora_alpha=5, target_modules="all-linear")
    yield "paths", f32, dict(
        r=2, lora_alpha=4, layers_to_transform=[1],
        target_modules=["model.layers.0.self_attn.k_proj", "mlp.gate_proj", "v_proj"])
    yield "excluded", f32, dict(
        r=2, lora_alpha=4, target_modules=LINEARS,
        exclude_modules=["o_proj", "layers.0.mlp.up_proj"])
    yield "bf16", torch.bfloat16, dict(r=4, lora_alpha=8, target_modules=["k_proj", "down_proj"])
    yield "f16", torch.float16, dict(r=4, lora_alpha=8, target_modules=["v_proj", "gate_proj"])


def base_model(folder):
    return AutoModelForCausalLM.from_pretrained(
        folder, dtype=torch.float32, attn_implementation="eager").eval()


def save(folder, base, dtype, settings, generator):
    model = peft.get_peft_model(
        base_model(base), peft.LoraConfig(task_type="CAUSAL_LM", **settings))
    randomize([(n, p) for n, p in model.named_parameters() if p.requires_grad], generator, 0.15)
    model.peft_config["default"].base_model_name_or_path = "base"
    model.save_pretrained(folder)
    (folder / "README.md").unlink(missing_ok=True)
    config = folder / "adapter_config.json"
    if isinstance(json.loads(config.read_text())["target_modules"], list):
        sort_target_modules(config)
    if excluded := json.loads(config.read_text())["exclude_modules"]:
        changed = json.loads(config.read_text()) | {"exclude_modules": sorted(excluded)}
        config.write_text(json.dumps(changed, indent=2) + "\n")
    path = folder / "adapter_model.safetensors"
    tensors = {k: v.to(dtype) for k, v in load_file(path).items()}
    save_file(tensors, path, metadata={"format": "pt"})


def logits(folder, base, ids):
    model = peft.PeftModel.from_pretrained(base_model(base), folder).eval()
    with torch.no_grad():
        return model(input_ids=torch.tensor([ids])).logits[0].clone()


def rename(source, target):
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(source, target)
    tensors = load_file(source / "adapter_model.safetensors")
    renamed = {k.removeprefix("base_model.model.").replace(".weight", ".default.weight"): v
               for k, v in tensors.items()}
    save_file(renamed, target / "adapter_model.safetensors", metadata={"format": "pt"})


def make(folder):
    torch.set_num_threads(1)
    base = folder.parent / "models" / BASE
    generator = torch.Generator().manual_seed(11)
    ids = torch.randint(0, 71, (9,), generator=generator).tolist()
    tensors, shapes = {}, {}
    for name, dtype, settings in variants():
        shutil.rmtree(folder / name, ignore_errors=True)
        save(folder / name, base, dtype, settings, generator)
        tensors[f"logits.{name}"] = logits(folder / name, base, ids)
    rename(folder / "excluded", folder / "old-names")
    tensors["logits.old-names"] = tensors["logits.excluded"].clone()
    for name in [n.removeprefix("logits.") for n in tensors]:
        saved = load_file(folder / name / "adapter_model.safetensors")
        shapes[name] = {k: list(v.shape) for k, v in sorted(saved.items())}
    save_file(tensors, folder / "expected.safetensors")
    (folder / "expected.json").write_text(json.dumps({
        "torch": torch.__version__, "transformers": transformers.__version__,
        "peft": peft.__version__, "base": BASE, "sequence": ids, "shapes": shapes}) + "\n")
