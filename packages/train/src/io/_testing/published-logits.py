"""Writes published-logits.json: logits of the tiny models by Hugging Face transformers, in float64."""
import json
import pathlib

import torch
import transformers
from published_models import MODELS, TOKENS, logits, network

golden = {
    "versions": {"torch": torch.__version__, "transformers": transformers.__version__},
    "tokens": TOKENS,
    "logits": {label: logits(network(label)) for label in MODELS},
}
(pathlib.Path(__file__).parent / "published-logits.json").write_text(json.dumps(golden, indent=1) + "\n")
