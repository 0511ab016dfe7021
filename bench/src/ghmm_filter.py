"""Filtering in NumPy, and in JAX where it can be imported: the contenders of ghmm/filtering.ts.

Reads one JSON request per line: {"process": {"operators": [V][d][d], "initial": [d]}, "tokens": FILE, "count", "length"} prepares
a batch (int32, row-major [count, length]); {"method", "rows"} filters it into arrays that are kept between calls and answers
{"seconds", "beliefs", "probabilities"} of its first rows. Every operator has row sums that add up to one (w = 1). All
methods write [count, length + 1, d], but "columns, states first", which writes [length + 1, d, count], the layout that suits
NumPy best.
"""

import json
import sys
import time

import numpy as np

try:
    import jax

    jax.config.update("jax_enable_x64", True)
    import jax.numpy as jnp
except ImportError:
    jax = None


def by_einsum(b, tokens, operators):
    return np.einsum("ni,nij->nj", b, operators[tokens])


def by_matmul(b, tokens, operators):
    return (b[:, None] @ operators[tokens])[:, 0]


def by_all_tokens(b, tokens, operators):
    n, d = b.shape
    vocabulary = len(operators)
    wide = operators.transpose(1, 0, 2).reshape(d, vocabulary * d)
    return (b @ wide).reshape(n, vocabulary, d)[np.arange(n), tokens]


def by_masks(b, tokens, operators):
    out = np.empty_like(b)
    for token, operator in enumerate(operators):
        rows = np.flatnonzero(tokens == token)
        out[rows] = b[rows] @ operator
    return out


STEPS = {"einsum": by_einsum, "matmul": by_matmul, "all tokens": by_all_tokens, "masks": by_masks}


def filter_rows(batch, step):
    b = np.tile(batch["initial"], (batch["count"], 1))
    batch["beliefs"][:, 0] = b
    for t in range(batch["length"]):
        u = step(b, batch["tokens"][:, t], batch["operators"])
        p = u.sum(axis=1)
        b = u / p[:, None]
        batch["beliefs"][:, t + 1] = b
        batch["probabilities"][:, t] = p


def columns(operators):
    """Source states and entries by token of each target state, without the entries that are zero for every token."""
    d = operators.shape[1]
    return [
        [(i, np.ascontiguousarray(operators[:, i, j])) for i in range(d) if operators[:, i, j].any()] for j in range(d)
    ]


def step_columns(b, tokens, entries, scratch, out):
    for j, terms in enumerate(entries):
        out[j] = 0
        for k, (i, entry) in enumerate(terms):
            target = out[j] if k == 0 else scratch
            np.take(entry, tokens, out=target, mode="clip")
            target *= b[i]
            if k > 0:
                out[j] += scratch


def filter_columns(batch):
    count = batch["count"]
    entries = columns(batch["operators"])
    b = np.repeat(batch["initial"][:, None], count, axis=1)
    u, scratch = np.empty_like(b), np.empty(count)
    by_time = np.ascontiguousarray(batch["tokens"].T)
    batch["beliefs"][:, 0] = batch["initial"]
    for t in range(batch["length"]):
        step_columns(b, by_time[t], entries, scratch, u)
        p = u.sum(axis=0)
        u /= p
        batch["beliefs"][:, t + 1] = u.T
        batch["probabilities"][:, t] = p
        b, u = u, b


def filter_states_first(batch):
    entries = columns(batch["operators"])
    scratch = np.empty(batch["count"])
    by_time = np.ascontiguousarray(batch["tokens"].T)
    beliefs, probabilities = batch["beliefs_first"], batch["probabilities_first"]
    beliefs[0] = batch["initial"][:, None]
    for t in range(batch["length"]):
        step_columns(beliefs[t], by_time[t], entries, scratch, beliefs[t + 1])
        beliefs[t + 1].sum(axis=0, out=probabilities[t])
        beliefs[t + 1] /= probabilities[t]


def compile_jax(batch):
    def one(initial, operators, word):
        def step(b, token):
            u = b @ operators[token]
            p = u.sum()
            return u / p, (u / p, p)

        _, (beliefs, probabilities) = jax.lax.scan(step, initial, word)
        return jnp.concatenate([initial[None], beliefs]), probabilities

    run = jax.jit(jax.vmap(one, in_axes=(None, None, 0)))
    arguments = [jnp.asarray(batch[name]) for name in ("initial", "operators", "tokens")]
    jax.block_until_ready(run(*arguments))
    return run, arguments


def methods():
    known = {name: lambda batch, step=step: filter_rows(batch, step) for name, step in STEPS.items()}
    known["columns"] = filter_columns
    known["columns, states first"] = filter_states_first
    return known


def prepare(request):
    operators = np.asarray(request["process"]["operators"], dtype=np.float64)
    count, length, d = request["count"], request["length"], operators.shape[1]
    return {
        "operators": operators,
        "initial": np.asarray(request["process"]["initial"], dtype=np.float64),
        "tokens": np.fromfile(request["tokens"], dtype=np.int32).reshape(count, length).astype(np.intp),
        "count": count,
        "length": length,
        "beliefs": np.empty((count, length + 1, d)),
        "probabilities": np.empty((count, length)),
        "beliefs_first": np.empty((length + 1, d, count)),
        "probabilities_first": np.empty((length, count)),
    }


def run(batch, method):
    if method == "JAX scan":
        if "jax" not in batch:
            batch["jax"] = compile_jax(batch)
        compiled, arguments = batch["jax"]
        start = time.perf_counter()
        beliefs, probabilities = jax.block_until_ready(compiled(*arguments))
        return time.perf_counter() - start, beliefs, probabilities
    start = time.perf_counter()
    methods()[method](batch)
    seconds = time.perf_counter() - start
    if method == "columns, states first":
        return seconds, batch["beliefs_first"].transpose(2, 0, 1), batch["probabilities_first"].T
    return seconds, batch["beliefs"], batch["probabilities"]


def main():
    names = list(methods()) + (["JAX scan"] if jax else [])
    greeting = {"numpy": np.__version__, "python": sys.version.split()[0], "methods": names}
    print(json.dumps({**greeting, **({"jax": jax.__version__} if jax else {})}), flush=True)
    batch = None
    for line in sys.stdin:
        request = json.loads(line)
        if "process" in request:
            batch = prepare(request)
            print(json.dumps({"ready": True}), flush=True)
            continue
        seconds, beliefs, probabilities = run(batch, request["method"])
        rows = request["rows"]
        found = {"beliefs": np.asarray(beliefs[:rows]).ravel(), "probabilities": np.asarray(probabilities[:rows]).ravel()}
        print(json.dumps({"seconds": seconds, **{k: v.tolist() for k, v in found.items()}}), flush=True)


main()
