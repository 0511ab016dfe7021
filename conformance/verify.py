#!/usr/bin/env python3
"""Recomputes every vector of ghmm.json and sfp.json from docs/spec.md and docs/spec-sfp.md alone and says which categories pass.

Usage: python3 conformance/verify.py [file ...]. The files are the two beside this script unless some are given, - for standard input.
Needs Python 3.8 or newer and nothing else. Exits with 1 if a vector fails.
"""

import json
import sys
from pathlib import Path

sys.dont_write_bytecode = True

from reference import combine, inference, information, named, presentation, process, sampling, sfp_answers
from reference.errors import SpecError

FOLDER = Path(__file__).resolve().parent


def made(p):
    return {"process": p.written()}


def word_probability(i):
    word = i["word"] * i.get("repeat", 1)
    return {
        "probability": process.word_probability(i["process"], word),
        "logProbability": process.log_word_probability(i["process"], word),
    }


def minimal(i):
    p = process.minimal(i["process"])
    return {"rank": p.dim, "probabilities": [process.word_probability(p, word) for word in i["words"]]}


def limits(i, *names):
    return {name: i[name] for name in names if name in i}


def presented(i):
    p = presentation.Presentation(i["process"], **limits(i, "maxStates", "maxDepth"))
    classes = p.classes()
    return {
        "count": len(p.states),
        "complete": p.complete,
        "states": p.states,
        "depth": p.depth,
        "transitions": p.transitions,
        "recurrent": sum(map(len, classes)),
        "classes": classes,
    }


def quantity(name, method):
    def answer(i):
        chain = information.Chain(i["process"], **limits(i, "unit", "maxStates", "maxDepth"))
        return {name: getattr(chain, method)()}

    return answer


def blocks(i):
    return information.block_entropies(i["process"], i["maxLength"], i.get("unit", "bits"))


def loss(i):
    return {"loss": information.block_entropies(i["process"], i["length"], i.get("unit", "nats"))["conditional"]}


def created(i):
    p = process.create(**i)
    return {"initial": p.initial, "normalizer": p.normalizer}


def keys(i):
    if "seed" in i:
        return {"key": sampling.key_of_seed(i["seed"])}
    if "data" in i:
        return {"key": sampling.key_of_data(i["key"], i["data"])}
    return {"keys": [sampling.key_of_data(i["key"], n) for n in range(i["count"])]}


def draws(i):
    bits = [sampling.draw(i["key"], n) for n in range(i["count"])]
    return {
        "bits": bits,
        "uniform": [sampling.uniform(u) for u in bits],
        "normal": [sampling.normal(u) for u in bits],
    }


ANSWERS = {
    "D1": created,
    "D2": lambda i: {"certificate": process.create("ghmm", **i).certificate},
    "D3": word_probability,
    "D4": lambda i: {"belief": process.beliefs_along(i["process"], i["word"])[-1]},
    "D5": lambda i: {"belief": process.update(i["process"], i["belief"], i["token"])},
    "D6": lambda i: {"distribution": process.next_token(i["process"], i["belief"])},
    "D7": lambda i: {"state": process.stationary_state(i["operators"], i["normalizer"])},
    "D8": lambda i: made(process.change_basis(i["process"], i["basis"])),
    "D9": lambda i: process.ranks(i["process"]),
    "D10": minimal,
    "D11": lambda i: process.equivalence(i["first"], i["second"]),
    "D12": lambda i: {"index": combine.joint_index(**i)},
    "D13": lambda i: made(combine.tensor_product(**i)),
    "D14": lambda i: made(combine.chain(**i)),
    "D15": lambda i: made(combine.conditional(**i)),
    "D16": lambda i: made(combine.shared_randomness(**i)),
    "D17": lambda i: made(combine.shared_alphabet(i["first"], **i["second"])),
    "D18": lambda i: made(combine.mixture(**i)),
    "D19": lambda i: made(combine.with_noise(**i)),
    "D20": lambda i: made(combine.token_map(i["process"], i["map"])),
    "D21": lambda i: made(combine.boundary_tokens(**i)),
    "D22": lambda i: made(named.NAMED[i["name"]](**i["parameters"])),
    "D23": lambda i: presentation.tree(**i),
    "D24": presented,
    "D25": presented,
    "D26": lambda i: {"entropy": information.entropy(**i)},
    "D27": blocks,
    "D28": loss,
    "D29": quantity("entropyRate", "entropy_rate"),
    "D30": quantity("excessEntropy", "excess_entropy"),
    "D31": quantity("transientInformation", "transient_information"),
    "D32": quantity("statisticalComplexity", "statistical_complexity"),
    "D33": quantity("crypticity", "crypticity"),
    "D34": lambda i: {"synchronizationInformation": information.synchronization_information(**i)},
    "D35": lambda i: information.sandwich(**i),
    "D36": lambda i: made(inference.states_that_emit(**i)),
    "D37": lambda i: inference.smooth(**i),
    "D38": lambda i: {"distributions": inference.tokens_given_both_sides(**i)},
    "D39": lambda i: inference.most_likely_path(**i),
    "D40": lambda i: {"transitions": inference.expected_transitions(**i)},
    "D41": lambda i: {"block": sampling.block(**i)},
    "D42": keys,
    "D43": draws,
    "D44": lambda i: sampling.sample_hmm(**i),
    "D45": lambda i: sampling.sample_by_beliefs(**i),
    "D46": lambda i: {"states": sampling.sample_paths(**i)},
    **sfp_answers.ANSWERS,
}

#: Fields of an input that name a process of the table, or lists of such names.
PROCESS_FIELDS = {"process", "first", "second", "factors", "variants", "pairs", "components"}


def resolve(value, table):
    if isinstance(value, str):
        return table[value]
    if isinstance(value, list):
        return [resolve(item, table) for item in value]
    if isinstance(value, dict):
        return {k: resolve(v, table) if k in PROCESS_FIELDS else v for k, v in value.items()}
    return value


def mismatch(actual, expected, tolerance, path="expected"):
    """Where the two differ, or None: |a - b| <= absolute + relative |b|; fields that are not expected are ignored."""
    if isinstance(expected, dict):
        if not isinstance(actual, dict):
            return f"{path} is {actual}"
        pairs = [(actual.get(name), value, f"{path}.{name}") for name, value in expected.items()]
    elif isinstance(expected, list):
        if not isinstance(actual, list) or len(actual) != len(expected):
            return f"{path} is {actual}"
        pairs = [(a, b, f"{path}[{n}]") for n, (a, b) in enumerate(zip(actual, expected))]
    elif isinstance(expected, (int, float)) and not isinstance(expected, bool):
        number = isinstance(actual, (int, float)) and not isinstance(actual, bool)
        limit = tolerance["absolute"] + tolerance["relative"] * abs(expected)
        return None if number and abs(actual - expected) <= limit else f"{path} is {actual} instead of {expected}"
    else:
        return None if actual == expected else f"{path} is {actual} instead of {expected}"
    return next((found for a, b, name in pairs if (found := mismatch(a, b, tolerance, name))), None)


def check(vector, table):
    """None if the vector passes, otherwise what is wrong."""
    expected = vector["expected"]
    try:
        actual = ANSWERS[vector["definition"]](resolve(vector["input"], table))
    except SpecError as error:
        actual = {"error": str(error), **error.fields}
    if "error" in actual and "error" not in expected:
        return f"{actual['error']}"
    return mismatch(actual, expected, vector.get("tolerance", {"absolute": 0, "relative": 0}))


def verify(path):
    """Prints what fails and how many vectors of each category pass; returns whether all do."""
    data = json.loads(sys.stdin.read() if path == "-" else Path(path).read_text(encoding="utf-8"))
    table = {
        key: process.Process(p["operators"], p["initial"], p["normalizer"], p["certificate"])
        for key, p in data["processes"].items()
    }
    passed, failed = {}, {}
    for vector in data["vectors"]:
        wrong = check(vector, table)
        counts = failed if wrong else passed
        counts[vector["category"]] = counts.get(vector["category"], 0) + 1
        if wrong:
            print(f"FAIL {vector['id']}: {wrong}")
    for category in dict.fromkeys(v["category"] for v in data["vectors"]):
        good, bad = passed.get(category, 0), failed.get(category, 0)
        print(f"{category}: {good} of {good + bad} vectors pass")
    return not failed


def main(arguments):
    paths = arguments or [str(FOLDER / name) for name in ("ghmm.json", "sfp.json")]
    return 0 if all([verify(path) for path in paths]) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
