"""Tiny Llama-family models with PyTorch's logits, gradients and ten training losses.

Per model a folder: `config.json` and `model.safetensors` as transformers saves them, adapters as
PEFT saves them (`lora-*/adapter_config.json`, `adapter_model.safetensors`: where training starts),
`expected.json` (ids, masks, losses, learning rates, norms; "notes" says what each means) and
`expected.safetensors`:

    logits.S                          [tokens, vocabulary] of sequence S, untrained model
    gradient.NAME                     d(mean loss)/d(weight NAME of the checkpoint)
    full.logits.S                     after the ten full-training steps
    LORA.end.KEY                      adapter tensor KEY (PEFT's name) after ten steps
    LORA.start_logits.S               with the starting adapter
    LORA.merged_logits.S              of the model that PEFT's merge_and_unload gives at the end
"""

import json
import shutil

import peft
import torch
import transformers
from safetensors.torch import save_file
from transformers import LlamaConfig, Qwen2Config, Qwen3Config
from transformers import LlamaForCausalLM, Qwen2ForCausalLM, Qwen3ForCausalLM

STEPS, WARMUP, RATE, CLIP, DECAY = 10, 3, 1e-3, 1.0, 0.01
LINEARS = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"]

NOTES = {
    "trained": "trained[s][t] says whether token t of sequence s is a target; it is predicted from "
    "the logits at t-1, so trained[s][0] is false",
    "loss": "mean of -ln p(target) over all trained targets of all sequences, in nats",
    "learningRates": "step from 0: rate*(step+1)/warmup for step < warmup, then "
    "rate*(steps-step)/(steps-warmup)",
    "optimizer": "AdamW, decoupled decay of ALL trained weights (norms and biases too): "
    "w -= lr*decay*w, then w -= lr * (m/(1-b1^t)) / (sqrt(v/(1-b2^t)) + eps)",
    "gradientNorms": "L2 norm over all trained weights before clipping; gradients are multiplied by "
    "min(1, clip/(norm+1e-6))",
    "losses": "the loss before each step's update; finalLoss is the loss after the last",
}


def models():
    common = dict(num_hidden_layers=2, max_position_embeddings=64, bos_token_id=None,
                  eos_token_id=0, pad_token_id=None, attn_implementation="eager")
    yield "llama-mha-tied", LlamaForCausalLM, LlamaConfig(
        vocab_size=96, hidden_size=32, intermediate_size=64, num_attention_heads=4,
        num_key_value_heads=4, tie_word_embeddings=True, **common)
    yield "llama-gqa-untied", LlamaForCausalLM, LlamaConfig(
        vocab_size=71, hidden_size=48, intermediate_size=80, num_attention_heads=4,
        num_key_value_heads=2, tie_word_embeddings=False, rms_norm_eps=1e-5,
        rope_parameters={"rope_type": "default", "rope_theta": 5000.0}, **common)
    yield "qwen2", Qwen2ForCausalLM, Qwen2Config(
        vocab_size=64, hidden_size=32, intermediate_size=56, num_attention_heads=4,
        num_key_value_heads=2, tie_word_embeddings=True,
        rope_parameters={"rope_type": "default", "rope_theta": 1_000_000.0}, **common)
    yield "qwen3", Qwen3ForCausalLM, Qwen3Config(
        vocab_size=64, hidden_size=32, intermediate_size=48, num_attention_heads=3,
        num_key_value_heads=1, head_dim=16, tie_word_embeddings=False, **common)


def adapters():
    common = dict(r=4, lora_alpha=8, lora_dropout=0.0, bias="none", task_type="CAUSAL_LM")
    yield "lora-all", peft.LoraConfig(target_modules=LINEARS, **common)
    yield "lora-rs", peft.LoraConfig(
        target_modules=["q_proj", "v_proj"], layers_to_transform=[1], use_rslora=True, **common)


def randomize(parameters, generator, scale):
    """Weights far enough from zero that attention is not uniform and biases matter."""
    with torch.no_grad():
        for name, parameter in parameters:
            noise = torch.randn(parameter.shape, generator=generator)
            if name.endswith("norm.weight"):
                parameter.copy_(1 + 0.2 * noise)
            else:
                parameter.copy_(scale * noise)


def batch(vocabulary, generator):
    lengths, firsts = (13, 9), (4, 6)
    ids = [torch.randint(0, vocabulary, (n,), generator=generator) for n in lengths]
    trained = [[t >= first for t in range(n)] for n, first in zip(lengths, firsts)]
    trained[0][7] = False  # a hole: masks need not be one suffix
    padded = torch.nn.utils.rnn.pad_sequence(ids, batch_first=True)
    mask = torch.nn.utils.rnn.pad_sequence([torch.ones_like(i) for i in ids], batch_first=True)
    labels = torch.full_like(padded, -100)
    for s, flags in enumerate(trained):
        for t, flag in enumerate(flags):
            if flag:
                labels[s, t] = ids[s][t]
    return ids, trained, padded, mask, labels


class Task:
    def __init__(self, vocabulary, generator):
        self.ids, self.trained, self.padded, self.mask, self.labels = batch(vocabulary, generator)

    def loss(self, model):
        logits = model(input_ids=self.padded, attention_mask=self.mask).logits[:, :-1]
        return torch.nn.functional.cross_entropy(
            logits.reshape(-1, logits.shape[-1]), self.labels[:, 1:].reshape(-1))

    def logits(self, model, prefix):
        with torch.no_grad():
            out = model(input_ids=self.padded, attention_mask=self.mask).logits
        return {f"{prefix}.{s}": out[s, : len(i)].clone() for s, i in enumerate(self.ids)}

    def train(self, model):
        weights = [p for p in model.parameters() if p.requires_grad]
        optimizer = torch.optim.AdamW(
            weights, lr=RATE, betas=(0.9, 0.999), eps=1e-8, weight_decay=DECAY)
        record = {"losses": [], "learningRates": [], "gradientNorms": []}
        for step in range(STEPS):
            rate = (RATE * (step + 1) / WARMUP if step < WARMUP
                    else RATE * (STEPS - step) / (STEPS - WARMUP))
            for group in optimizer.param_groups:
                group["lr"] = rate
            optimizer.zero_grad()
            loss = self.loss(model)
            loss.backward()
            norm = torch.nn.utils.clip_grad_norm_(weights, CLIP)
            optimizer.step()
            record["losses"].append(loss.item())
            record["learningRates"].append(rate)
            record["gradientNorms"].append(norm.item())
        with torch.no_grad():
            record["finalLoss"] = self.loss(model).item()
        return record


def sort_target_modules(path):
    """PEFT writes a set, whose order changes from run to run."""
    config = json.loads(path.read_text())
    config["target_modules"].sort()
    path.write_text(json.dumps(config, indent=2) + "\n")


def make_model(folder, kind, config, seed):
    shutil.rmtree(folder, ignore_errors=True)
    generator = torch.Generator().manual_seed(seed)
    model = kind(config).float().eval()
    randomize(model.named_parameters(), generator, 0.2)
    model.save_pretrained(folder)
    task = Task(config.vocab_size, generator)
    tensors = task.logits(model, "logits")
    loss = task.loss(model)
    loss.backward()
    for name, parameter in model.named_parameters():
        tensors[f"gradient.{name}"] = parameter.grad.clone()
    expected = {
        "torch": torch.__version__, "transformers": transformers.__version__,
        "peft": peft.__version__, "seed": seed, "notes": NOTES,
        "sequences": [i.tolist() for i in task.ids], "trained": task.trained,
        "loss": loss.item(), "steps": STEPS, "warmup": WARMUP, "rate": RATE, "clip": CLIP,
        "weightDecay": DECAY, "betas": [0.9, 0.999], "epsilon": 1e-8,
        "full": task.train(model), "adapters": {},
    }
    tensors.update(task.logits(model, "full.logits"))
    for name, settings in adapters():
        base = kind.from_pretrained(folder, attn_implementation="eager").float().eval()
        adapted = peft.get_peft_model(base, settings).eval()
        lora = [(n, p) for n, p in adapted.named_parameters() if p.requires_grad]
        randomize(lora, generator, 0.1)
        adapted.peft_config["default"].base_model_name_or_path = "base"
        adapted.save_pretrained(folder / name)
        (folder / name / "README.md").unlink(missing_ok=True)
        sort_target_modules(folder / name / "adapter_config.json")
        tensors.update(task.logits(adapted, f"{name}.start_logits"))
        expected["adapters"][name] = task.train(adapted)
        for key, value in peft.get_peft_model_state_dict(adapted).items():
            tensors[f"{name}.end.{key}"] = value.clone()
        merged = adapted.merge_and_unload()
        tensors.update(task.logits(merged, f"{name}.merged_logits"))
    save_file({k: v.contiguous() for k, v in tensors.items()}, folder / "expected.safetensors")
    (folder / "expected.json").write_text(json.dumps(expected, indent=1) + "\n")
    (folder / "generation_config.json").unlink(missing_ok=True)


def make(folder):
    # These use what is defined above.
    import fixtures_configurations
    import fixtures_parity

    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(True)
    for seed, (name, kind, config) in enumerate(models(), start=1):
        make_model(folder / name, kind, config, seed)
    (folder / "parity").mkdir(exist_ok=True)
    fixtures_parity.make(folder / "parity")
    fixtures_configurations.make(folder)
