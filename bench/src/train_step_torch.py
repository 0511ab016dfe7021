"""PyTorch contender of `pnpm bench train-step` and `pnpm bench gpu`, in eager mode.

Reads one JSON object per line: first the problem (weights, batches, optimizer), then {"steps": N}; answers each with one JSON line.
"""

import json
import math
import sys
import time

import torch
import torch.nn.functional as F

torch.set_grad_enabled(True)


def layer_norm(x, p, name, eps):
    return F.layer_norm(x, x.shape[-1:], p[name + ".w"], p[name + ".b"], eps)


def loss_of(p, tokens, targets, config):
    batch, length = tokens.shape
    d, heads = config["dModel"], config["nHeads"]
    x = p["embed.W_E"][tokens] + p["pos_embed.W_pos"][:length]
    mask = torch.triu(torch.full((length, length), -math.inf, device=x.device), diagonal=1)
    for i in range(config["nLayers"]):
        b = f"blocks.{i}."
        n = layer_norm(x, p, b + "ln1", config["layerNormEpsilon"])
        q, k, v = (
            (n @ p[f"{b}attn.W_{s}"] + p[f"{b}attn.b_{s}"]).view(batch, length, heads, d // heads).transpose(1, 2)
            for s in "QKV"
        )
        pattern = torch.softmax(q @ k.transpose(-1, -2) / math.sqrt(d // heads) + mask, dim=-1)
        mixed = (pattern @ v).transpose(1, 2).reshape(batch, length, d)
        x = x + mixed @ p[b + "attn.W_O"] + p[b + "attn.b_O"]
        n = layer_norm(x, p, b + "ln2", config["layerNormEpsilon"])
        hidden = F.gelu(n @ p[b + "mlp.W_in"] + p[b + "mlp.b_in"])
        x = x + hidden @ p[b + "mlp.W_out"] + p[b + "mlp.b_out"]
    logits = layer_norm(x, p, "ln_final", config["layerNormEpsilon"]) @ p["unembed.W_U"] + p["unembed.b_U"]
    return F.cross_entropy(logits.view(-1, logits.shape[-1]), targets.reshape(-1))


def run(problem, steps):
    config, options = problem["config"], problem["optimizer"]
    p = {w["name"]: torch.tensor(w["data"], dtype=torch.float32, device=problem["device"]).view(w["shape"]).requires_grad_() for w in problem["weights"]}
    decayed = [p[w["name"]] for w in problem["weights"] if w["decay"]]
    others = [p[w["name"]] for w in problem["weights"] if not w["decay"]]
    optimizer = torch.optim.AdamW(
        [{"params": decayed, "weight_decay": options["weightDecay"]}, {"params": others, "weight_decay": 0.0}],
        lr=options["learningRate"],
        betas=(options["beta1"], options["beta2"]),
        eps=options["epsilon"],
    )
    losses, milliseconds = [], []
    for step in range(steps):
        tokens = torch.tensor(problem["batches"][step], device=problem["device"]).view(problem["batchSize"], problem["length"] + 1)
        start = time.perf_counter()
        loss = loss_of(p, tokens[:, :-1], tokens[:, 1:], config)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
        milliseconds.append((time.perf_counter() - start) * 1000)
    return {"losses": losses, "milliseconds": milliseconds}


def blas():
    """Name of the matrix library that is loaded: PyTorch's speed depends on it."""
    if torch.backends.mkl.is_available():
        return "MKL"
    try:
        with open("/proc/self/maps") as maps:
            loaded = maps.read().lower()
    except OSError:
        return "unknown BLAS"
    for needle, name in (("libmkl", "MKL"), ("openblas", "OpenBLAS"), ("blis", "BLIS"), ("/blas/libblas", "reference BLAS")):
        if needle in loaded:
            return name
    return "built-in BLAS"


def main():
    problem = json.loads(sys.stdin.readline())
    torch.set_num_threads(problem["threads"])
    name = torch.cuda.get_device_name() if problem["device"] == "cuda" else blas()
    print(json.dumps({"version": f"PyTorch {torch.__version__} ({name})"}), flush=True)
    for line in sys.stdin:
        print(json.dumps(run(problem, json.loads(line)["steps"])), flush=True)


main()
