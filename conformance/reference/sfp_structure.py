"""D47 to D50: tensor structures and partitions."""

from functools import reduce
from itertools import product

from .combine import joint_index
from .errors import InvalidArgumentError, ShapeError
from .process import IMPOSSIBLE


def check_range(x, low, high):
    if not (isinstance(x, (int, float)) and low <= x <= high):
        raise InvalidArgumentError()


def check_index(x, count):
    if not (isinstance(x, int) and 0 <= x < count):
        raise InvalidArgumentError()


def check_states(dimensions, states):
    if len(dimensions) < 2 or size_of(dimensions) != states:
        raise ShapeError()


def size_of(dimensions):
    return reduce(lambda x, y: x * y, dimensions, 1)


def joint_states(dimensions):
    """All tuples of factor states in the order of their joint index."""
    return list(product(*[range(d) for d in dimensions]))


def structure_index(dimensions, states):
    if len(dimensions) < 2 or len(states) != len(dimensions):
        raise ShapeError()
    for state, d in zip(states, dimensions):
        check_index(state, d)
    return joint_index(states, dimensions)


def factor_states(dimensions, index):
    check_index(index, size_of(dimensions))
    return list(joint_states(dimensions)[index])


def ones(dimensions, normalizers=None):
    return normalizers or [[1.0] * d for d in dimensions]


def contracted(dimensions, belief, vectors):
    """Sums over the factors that have a vector; the others are kept."""
    kept = [d for d, vector in zip(dimensions, vectors) if vector is None]
    out = [0.0] * size_of(kept)
    for weight, states in zip(belief, joint_states(dimensions)):
        at = 0
        for state, d, vector in zip(states, dimensions, vectors):
            if vector is None:
                at = at * d + state
            else:
                weight *= vector[state]
        out[at] += weight
    return out


def marginal(dimensions, belief, keep, normalizers=None):
    check_states(dimensions, len(belief))
    w = ones(dimensions, normalizers)
    return contracted(dimensions, belief, [None if n in keep else w[n] for n in range(len(dimensions))])


def marginals(dimensions, belief, normalizers=None):
    return [marginal(dimensions, belief, [n], normalizers) for n in range(len(dimensions))]


def conditional_belief(dimensions, belief, given, normalizers=None):
    check_states(dimensions, len(belief))
    if None not in given:
        raise InvalidArgumentError()
    for state, d in zip(given, dimensions):
        if state is not None:
            check_index(state, d)
    w = ones(dimensions, normalizers)
    units = [None if s is None else [float(i == s) for i in range(d)] for s, d in zip(given, dimensions)]
    part = contracted(dimensions, belief, units)
    weight = contracted(dimensions, belief, [v if u is None else u for u, v in zip(units, w)])[0]
    if abs(weight) <= IMPOSSIBLE:
        raise InvalidArgumentError()
    return [x / weight for x in part]


class Partition:
    """D50."""

    def __init__(self, dimensions, blocks, sectors=None, **_):
        sectors = sectors or [[[s] for s in range(d)] for d in dimensions]
        for parts, d in zip(sectors, dimensions):
            if sorted(s for part in parts for s in part) != list(range(d)) or not all(parts):
                raise InvalidArgumentError()
        counts = [len(parts) for parts in sectors]
        cells = joint_states(counts)
        if blocks == "sectors":
            blocks = [[c for c in cells if c[0] == i] for i in range(counts[0])]
        elif blocks == "cells":
            blocks = [[c] for c in cells]
        self.cells = [[tuple(c) for c in block] for block in blocks]
        if len(blocks) < 2 or not all(blocks) or sorted(c for b in self.cells for c in b) != cells:
            raise InvalidArgumentError()
        sector_of = [{s: i for i, part in enumerate(parts) for s in part} for parts in sectors]
        block_of_cell = {c: beta for beta, block in enumerate(self.cells) for c in block}
        states = joint_states(dimensions)
        self.dimensions = dimensions
        self.block_of = [block_of_cell[tuple(f[s] for f, s in zip(sector_of, joint))] for joint in states]
        self.states = [[s for s, b in enumerate(self.block_of) if b == beta] for beta in range(len(blocks))]
        self.conserved = [
            n
            for n in range(len(dimensions))
            if any(
                block_of_cell[c] != block_of_cell[c[:n] + (i,) + c[n + 1 :]] for c in cells for i in range(counts[n])
            )
        ]
        if len(self.conserved) == 1:
            self.kind = "sector"
        else:
            self.kind = "cell" if len(blocks) == len(cells) else "graph"

    def written(self):
        return {"kind": self.kind, "conserved": self.conserved, "states": self.states}
