"""Measures of density matrices in QuTiP: the other side of sfp/measures.ts.

Reads one JSON request per line: {"states": {NAME: {"dimensions": [dA, dC], "re", "im"}}} prepares the states (re and im row-major, as
lists); {"measure", "state", "second", "calls"} computes a measure `calls` times and answers {"seconds", "value"}: seconds of one call,
and the value as a list, complex numbers as real and imaginary parts in turn. Logarithms are to base 2.
"""

import json
import sys
import time

import numpy as np
import qutip


def negativity_of(rho, logarithmic=False):
    # the default method takes the root of a matrix, which keeps half of the digits
    return qutip.negativity(rho, 1, method="eigenvalues", logarithmic=logarithmic)


MEASURES = {
    "vonNeumannEntropy": lambda rho, _: qutip.entropy_vn(rho, 2),
    "linearEntropy": lambda rho, _: qutip.entropy_linear(rho),
    "negativity": lambda rho, _: negativity_of(rho),
    "logNegativity": lambda rho, _: negativity_of(rho, True),
    "quantumMutualInformation": lambda rho, _: qutip.entropy_mutual(rho, [0], [1], 2),
    "relativeEntropy": lambda rho, sigma: qutip.entropy_relative(rho, sigma, 2),
    "partialTrace": lambda rho, _: rho.ptrace([1]),
    "partialTranspose": lambda rho, _: qutip.partial_transpose(rho, [0, 1]),
    "concurrence": lambda rho, _: qutip.concurrence(rho),
}


def read_state(state):
    dimensions = state["dimensions"]
    size = dimensions[0] * dimensions[1]
    matrix = (np.array(state["re"]) + 1j * np.array(state["im"])).reshape(size, size)
    return qutip.Qobj(matrix, dims=[dimensions, dimensions])


def entries(value):
    flat = np.atleast_1d(value.full() if isinstance(value, qutip.Qobj) else value).ravel()
    if np.iscomplexobj(flat) and isinstance(value, qutip.Qobj):
        return np.stack([flat.real, flat.imag], axis=1).ravel().tolist()
    return np.real(flat).tolist()


def main():
    versions = {"python": sys.version.split()[0], "numpy": np.__version__, "qutip": qutip.__version__}
    print(json.dumps({**versions, "measures": list(MEASURES)}), flush=True)
    states = {}
    for line in sys.stdin:
        request = json.loads(line)
        if "states" in request:
            states = {name: read_state(state) for name, state in request["states"].items()}
            print(json.dumps({"ready": len(states)}), flush=True)
            continue
        measure = MEASURES[request["measure"]]
        first, second = states[request["state"]], states.get(request.get("second"))
        start = time.perf_counter()
        for _ in range(request["calls"]):
            value = measure(first, second)
        seconds = (time.perf_counter() - start) / request["calls"]
        print(json.dumps({"seconds": seconds, "value": entries(value)}), flush=True)


main()
