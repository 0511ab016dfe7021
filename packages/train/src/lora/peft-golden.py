"""Writes peft-golden.json: adapters as PEFT lays them out, and the logits of PEFT's models, in float64."""
import json
import pathlib
import sys
import tempfile

import peft
import safetensors.torch
import torch
import transformers

FOLDER = pathlib.Path(__file__).parent
sys.path.insert(0, str(FOLDER.parent / "io" / "_testing"))
from published_models import TOKENS, hashed_state, logits, network  # noqa: E402

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


golden = {}
for label, (base, options) in CASES.items():
    model = peft.get_peft_model(network(base).float(), peft.LoraConfig(task_type="CAUSAL_LM", **options))
    empty = peft.get_peft_model_state_dict(model, save_embedding_layers=False)
    shapes = {name: list(value.shape) for name, value in empty.items()}
    state = {name: value.float() for name, value in hashed_state(shapes, False).items()}
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
    golden[label] = {"base": base, "config": written, "shapes": shapes, "logits": logits(model.double().eval())}
versions = {module.__name__: module.__version__ for module in (torch, transformers, peft)}
content = {"versions": versions, "tokens": TOKENS, "cases": golden}
(FOLDER / "peft-golden.json").write_text(json.dumps(content, indent=1) + "\n")
