"""Logits of the tiny models of published-checkpoint.ts by Hugging Face transformers, in float64.

Reads {name: {"config": {...}, "shapes": {tensor: shape}}} on stdin, writes the content of published-logits.json.
"""
import json
import sys

import torch
import transformers

TOKENS = [3, 10, 0, 7, 7, 1, 5, 2]


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


logits = {}
for label, model in json.load(sys.stdin).items():
    config = transformers.AutoConfig.for_model(**model["config"])
    config._attn_implementation = "eager"
    network = transformers.AutoModelForCausalLM.from_config(config).double().eval()
    state = {}
    for k, name in enumerate(sorted(model["shapes"])):
        shape = model["shapes"][name]
        values = torch.tensor(hashed(k, torch.Size(shape).numel()), dtype=torch.float64)
        center = 1.0 if gain(name) and model["config"]["model_type"] != "gemma2" else 0.0
        # Rounded to float32, as the files hold them.
        state[name] = (center + values).float().double().reshape(shape)
    result = network.load_state_dict(state, strict=False)
    assert not result.unexpected_keys, result
    assert all(name == "lm_head.weight" for name in result.missing_keys), result
    network.tie_weights()
    # Rotary angles stay float32 within transformers, so these logits are good to about 1e-6.
    with torch.no_grad():
        logits[label] = network(torch.tensor([TOKENS])).logits[0].tolist()
versions = {"torch": torch.__version__, "transformers": transformers.__version__}
json.dump({"versions": versions, "tokens": TOKENS, "logits": logits}, sys.stdout)
