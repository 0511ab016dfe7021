"""The tiny models of published-checkpoint.ts in Python: the same configurations, shapes and hashed weights."""
import json
import pathlib

import torch
import transformers

MODELS = json.loads((pathlib.Path(__file__).parent / "published-models.json").read_text())
TOKENS = [3, 10, 0, 7, 7, 1, 5, 2]


def hashed(tensor, count):
    """Entries of the tensor with this index among the sorted names, uniform in [-1/2, 1/2)."""
    values = []
    for i in range(count):
        h = ((i + 1) * 0x9E3779B1 + (tensor + 1) * 0x85EBCA6B) & 0xFFFFFFFF
        h = ((h ^ (h >> 15)) * 0x2C1B3C6D) & 0xFFFFFFFF
        h = ((h ^ (h >> 12)) * 0x297A2D39) & 0xFFFFFFFF
        values.append((h ^ (h >> 15)) / 2**32 - 0.5)
    return values


def is_gain(name):
    return name.endswith("norm.weight") or name.split(".")[-2].startswith("ln_") and name.endswith(".weight")


def hashed_state(shapes, gains_around_one):
    """Tensors of these shapes in float64, rounded to float32 as the files hold them."""
    state = {}
    for k, name in enumerate(sorted(shapes)):
        values = torch.tensor(hashed(k, torch.Size(shapes[name]).numel()), dtype=torch.float64)
        center = 1.0 if gains_around_one and is_gain(name) else 0.0
        state[name] = (center + values).float().double().reshape(shapes[name])
    return state


def network(label):
    """One of the models, in evaluation mode."""
    model = MODELS[label]
    config = transformers.AutoConfig.for_model(**model["config"])
    config._attn_implementation = "eager"
    built = transformers.AutoModelForCausalLM.from_config(config).double().eval()
    result = built.load_state_dict(hashed_state(model["shapes"], config.model_type != "gemma2"), strict=False)
    assert not result.unexpected_keys, result
    assert all(name == "lm_head.weight" for name in result.missing_keys), result
    built.tie_weights()
    return built


def logits(model):
    """Logits on TOKENS; rotary angles stay float32 within transformers, so they are good to about 1e-6."""
    with torch.no_grad():
        rows = model(torch.tensor([TOKENS])).logits[0].tolist()
    return [[round(x, 8) for x in row] for row in rows]
