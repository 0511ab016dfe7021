"""JAX contender of `pnpm bench train-step` and `pnpm bench gpu`: one jitted function per step, AdamW by hand.

Reads one JSON object per line: first the problem (weights, batches, optimizer), then {"steps": N}; answers each with one JSON line.
"""

import json
import os
import sys
import time

problem = json.loads(sys.stdin.readline())
if problem["device"] == "cpu":
    os.environ["JAX_PLATFORMS"] = "cpu"
    if problem["threads"] == 1:
        os.environ["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"

import jax
import jax.numpy as jnp

config, options = problem["config"], problem["optimizer"]
d, heads, eps = config["dModel"], config["nHeads"], config["layerNormEpsilon"]


def layer_norm(x, p, name):
    mean = x.mean(-1, keepdims=True)
    variance = ((x - mean) ** 2).mean(-1, keepdims=True)
    return (x - mean) * jax.lax.rsqrt(variance + eps) * p[name + ".w"] + p[name + ".b"]


def loss_of(p, tokens, targets):
    batch, length = tokens.shape
    x = p["embed.W_E"][tokens] + p["pos_embed.W_pos"][:length]
    mask = jnp.tril(jnp.ones((length, length), bool))
    for i in range(config["nLayers"]):
        b = f"blocks.{i}."
        n = layer_norm(x, p, b + "ln1")
        q, k, v = (
            (n @ p[f"{b}attn.W_{s}"] + p[f"{b}attn.b_{s}"]).reshape(batch, length, heads, d // heads).transpose(0, 2, 1, 3)
            for s in "QKV"
        )
        scores = jnp.where(mask, q @ k.transpose(0, 1, 3, 2) / jnp.sqrt(d // heads), -jnp.inf)
        mixed = (jax.nn.softmax(scores) @ v).transpose(0, 2, 1, 3).reshape(batch, length, d)
        x = x + mixed @ p[b + "attn.W_O"] + p[b + "attn.b_O"]
        n = layer_norm(x, p, b + "ln2")
        hidden = jax.nn.gelu(n @ p[b + "mlp.W_in"] + p[b + "mlp.b_in"], approximate=False)
        x = x + hidden @ p[b + "mlp.W_out"] + p[b + "mlp.b_out"]
    logits = layer_norm(x, p, "ln_final") @ p["unembed.W_U"] + p["unembed.b_U"]
    return -jnp.take_along_axis(jax.nn.log_softmax(logits), targets[..., None], -1).mean()


decay = {w["name"]: options["weightDecay"] if w["decay"] else 0.0 for w in problem["weights"]}


@jax.jit
def step(p, m, v, t, tokens, targets):
    loss, g = jax.value_and_grad(loss_of)(p, tokens, targets)
    b1, b2, lr = options["beta1"], options["beta2"], options["learningRate"]
    m = {k: b1 * m[k] + (1 - b1) * g[k] for k in p}
    v = {k: b2 * v[k] + (1 - b2) * g[k] ** 2 for k in p}
    c1, c2 = 1 - b1**t, 1 - b2**t
    p = {k: p[k] * (1 - lr * decay[k]) - lr * (m[k] / c1) / (jnp.sqrt(v[k] / c2) + options["epsilon"]) for k in p}
    return p, m, v, loss


def run(steps):
    p = {w["name"]: jnp.array(w["data"], jnp.float32).reshape(w["shape"]) for w in problem["weights"]}
    m = {k: jnp.zeros_like(x) for k, x in p.items()}
    v = {k: jnp.zeros_like(x) for k, x in p.items()}
    losses, milliseconds = [], []
    for t in range(steps):
        tokens = jnp.array(problem["batches"][t]).reshape(problem["batchSize"], problem["length"] + 1)
        start = time.perf_counter()
        p, m, v, loss = step(p, m, v, jnp.float32(t + 1), tokens[:, :-1], tokens[:, 1:])
        losses.append(float(loss))
        milliseconds.append((time.perf_counter() - start) * 1000)
    return {"losses": losses, "milliseconds": milliseconds}


def main():
    print(json.dumps({"version": f"JAX {jax.__version__} jit ({jax.devices()[0].device_kind})"}), flush=True)
    for line in sys.stdin:
        print(json.dumps(run(json.loads(line)["steps"])), flush=True)


main()
