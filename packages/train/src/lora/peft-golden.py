"""Adapters as PEFT writes them, and the logits of PEFT's models, in float64: the content of peft-golden.json.

Reads {name: {"config": {...}, "shapes": {tensor: shape}}} of the tiny models of io/_testing/published-checkpoint.ts on stdin.
"""
import json
import pathlib
import sys
import tempfile

import peft
import safetensors.torch
import torch
import transformers

TOKENS = [3, 10, 0, 7, 7, 1, 5, 2]
CASES = {
    "c_attn of GPT-2": ("gpt2", {"r": 2, "lora_alpha": 3, "target_modules": ["c_attn"], "fan_in_fan_out": True}),
    "ranks and scalings by pattern": (
        "gpt2",
        {
            "r": 3,
            "lora_alpha": 5,
            "target_modules": ["c_attn", "transformer.h.1.mlp.c_proj", "c_fc"],
            "rank_pattern": {"h.1.mlp.c_proj": 1, r"0\.mlp\.c_fc": 2},
            "alpha_pattern": {"c_fc": 7, "transformer.h.1.attn.c_attn": 0.5},
            "fan_in_fan_out": True,
        },
    ),
    "rank-stabilised": (
        "qwen2",
        {"r": 4, "lora_alpha": 3, "use_rslora": True, "target_modules": ["q_proj", "v_proj", "down_proj"]},
    ),
    "every linear layer": ("llama", {"r": 1, "lora_alpha": 2, "target_modules": "all-linear"}),
    "the unembedding and one layer": ("qwen2", {"r": 2, "target_modules": ["lm_head", "model.layers.1.mlp.up_proj"]}),
    "gemma": ("gemma2", {"r": 2, "lora_alpha": 1, "target_modules": ["k_proj", "o_proj", "gate_proj"]}),
}


def hashed(tensor, count):
    values = []
    for i in range(count):
        h = ((i + 1) * 0x9E3779B1 + (tensor + 1) * 0x85EBCA6B) & 0xFFFFFFFF
        h = ((h ^ (h >> 15)) * 0x2C1B3C6D) & 0xFFFFFFFF
        h = ((h ^ (h >> 12)) * 0x297A2D39) & 0xFFFFFFFF
        values.append((h ^ (h >> 15)) / 2**32 - 0.5)
    return values


def gain(name):
    return name.endswith("norm.weight") or name.split(".")[-2].startswith("ln_") and name.endswith(".weight")


def filled(shapes, ones):
    state = {}
    for k, name in enumerate(sorted(shapes)):
        values = torch.tensor(hashed(k, torch.Size(shapes[name]).numel()), dtype=torch.float64)
        state[name] = ((1.0 if ones and gain(name) else 0.0) + values).float().double().reshape(shapes[name])
    return state


tiny = json.load(sys.stdin)
golden = {}
for label, (base, options) in CASES.items():
    config = transformers.AutoConfig.for_model(**tiny[base]["config"])
    config._attn_implementation = "eager"
    network = transformers.AutoModelForCausalLM.from_config(config)
    network.load_state_dict(filled(tiny[base]["shapes"], base != "gemma2"), strict=False)
    network.tie_weights()
    model = peft.get_peft_model(network.eval(), peft.LoraConfig(task_type="CAUSAL_LM", **options))
    shapes = {name: list(value.shape) for name, value in peft.get_peft_model_state_dict(model, save_embedding_layers=False).items()}
    state = {name: value.float() for name, value in filled(shapes, False).items()}
    result = peft.set_peft_model_state_dict(model, state)
    assert not result.unexpected_keys, result
    with tempfile.TemporaryDirectory() as folder:
        model.save_pretrained(folder, save_embedding_layers=False)
        written = json.loads((pathlib.Path(folder) / "adapter_config.json").read_text())
        saved = safetensors.torch.load_file(pathlib.Path(folder) / "adapter_model.safetensors")
        assert {name: list(value.shape) for name, value in saved.items()} == shapes
    # A set in PEFT; sorted so that the file does not change from run to run.
    if isinstance(written["target_modules"], list):
        written["target_modules"].sort()
    with torch.no_grad():
        logits = model.double().eval()(torch.tensor([TOKENS])).logits[0]
    rounded = [[round(x, 8) for x in row] for row in logits.tolist()]
    golden[label] = {"base": base, "config": written, "shapes": shapes, "logits": rounded}
versions = {module.__name__: module.__version__ for module in (torch, transformers, peft)}
json.dump({"versions": versions, "tokens": TOKENS, "cases": golden}, sys.stdout, indent=1)
