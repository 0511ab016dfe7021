"""HMM sampling in NumPy, vectorised over sequences: the contender of sampling.ts.

Reads one JSON request per line. {"name", "process": {"states", "initial": [d], "rows": [d][V * d]}} prepares a process whose
row s lists P(token, next state | s), token-major; {"name", "count", "length", "seed", "method", "tokens"} samples from it and
answers {"seconds", "frequencies"}.

"searchsorted" finds the outcomes of one step of all sequences with one binary search in the concatenated cumulative rows, each
shifted by the number of its state. "compare" gathers the thresholds of every sequence and counts those at or below the draw.
"""

import json
import sys
import time

import numpy as np


def tables(process):
    initial = np.cumsum(np.asarray(process["initial"], dtype=np.float64))
    rows = np.asarray(process["rows"], dtype=np.float64)
    states = process["states"]
    cumulative = np.cumsum(rows, axis=1)
    cumulative /= cumulative[:, -1:]
    outcome = np.arange(rows.shape[1])
    kept = rows > 0
    width = kept.sum(axis=1).max()
    thresholds = np.full((states, width), 1.0)
    tokens = np.zeros((states, width), dtype=np.int32)
    following = np.zeros((states, width), dtype=np.int64)
    for s in range(states):
        n = kept[s].sum()
        thresholds[s, :n] = cumulative[s, kept[s]]
        thresholds[s, n - 1] = 1.0
        tokens[s, :n] = outcome[kept[s]] // states
        following[s, :n] = outcome[kept[s]] % states
    return initial / initial[-1], thresholds, tokens, following


def sample(process, count, length, seed, method):
    initial, thresholds, tokens, following = process
    states, width = thresholds.shape
    shifted = (thresholds + np.arange(states)[:, None]).ravel()
    flat_tokens = tokens.ravel()
    flat_following = following.ravel()
    rng = np.random.default_rng(seed)
    out = np.empty((length, count), dtype=np.int32)
    state = np.searchsorted(initial, rng.random(count), side="right")
    inner = thresholds[:, :-1]
    for t in range(length):
        u = rng.random(count)
        if method == "searchsorted":
            index = np.searchsorted(shifted, state + u, side="right")
        else:
            index = state * width + (inner[state] <= u[:, None]).sum(axis=1)
        np.take(flat_tokens, index, out=out[t])
        state = flat_following[index]
    return out.T


def main():
    prepared = {}
    print(json.dumps({"numpy": np.__version__, "python": sys.version.split()[0]}), flush=True)
    for line in sys.stdin:
        request = json.loads(line)
        if "process" in request:
            prepared[request["name"]] = tables(request["process"])
            print(json.dumps({"ready": request["name"]}), flush=True)
            continue
        start = time.perf_counter()
        drawn = sample(
            prepared[request["name"]], request["count"], request["length"], request["seed"], request["method"]
        )
        seconds = time.perf_counter() - start
        frequencies = np.bincount(drawn.ravel(), minlength=request["tokens"]) / drawn.size
        print(json.dumps({"seconds": seconds, "frequencies": frequencies.tolist()}), flush=True)


main()
