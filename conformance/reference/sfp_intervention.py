"""D85 to D88: linear changes of beliefs."""

from functools import reduce
from math import exp

from .errors import InvalidArgumentError, NotNormalizedError, ShapeError
from .linear import add, dot, identity, kronecker, kronecker_vector, rank, row_times, times_column
from .process import TOLERANCE
from .sfp_structure import check_index, check_range, check_states, ones


def applied(matrix, belief, normalizer):
    after = row_times(belief, matrix)
    weight = dot(after, normalizer)
    if abs(weight) <= 1e-12 * max(map(abs, after)):
        raise InvalidArgumentError()
    return {
        "matrix": matrix,
        "rank": rank(matrix),
        "changeRank": rank(add(matrix, identity(len(matrix)), -1.0)),
        "belief": [x / weight for x in after],
    }


def on_factor(dimensions, n, operator):
    return reduce(kronecker, [operator if m == n else identity(d) for m, d in enumerate(dimensions)])


def reset_factor(dimensions, belief, factor, to, normalizers=None):
    check_states(dimensions, len(belief))
    check_index(factor, len(dimensions))
    w = ones(dimensions, normalizers)
    own = w[factor]
    if isinstance(to, list):
        if len(to) != len(own):
            raise ShapeError()
        if abs(dot(to, own) - 1) > TOLERANCE:
            raise NotNormalizedError()
    else:
        check_index(to, len(own))
        if own[to] == 0:
            raise InvalidArgumentError()
        to = [1 / own[to] if s == to else 0.0 for s in range(len(own))]
    matrix = on_factor(dimensions, factor, [[x * y for y in to] for x in own])
    return applied(matrix, belief, reduce(kronecker_vector, w))


def flip_factor(dimensions, belief, factor, map=None, normalizers=None):
    check_states(dimensions, len(belief))
    check_index(factor, len(dimensions))
    w = ones(dimensions, normalizers)
    d = dimensions[factor]
    if map is None:
        if d != 2:
            raise InvalidArgumentError()
        map = [1, 0]
    if len(map) != d:
        raise ShapeError()
    if isinstance(map[0], int):
        if sorted(map) != list(range(d)):
            raise InvalidArgumentError()
        map = [[float(j == image) for j in range(d)] for image in map]
    if any(abs(x - y) > TOLERANCE for x, y in zip(times_column(map, w[factor]), w[factor])):
        raise NotNormalizedError()
    return applied(on_factor(dimensions, factor, map), belief, reduce(kronecker_vector, w))


def diagonal(values):
    return [[x if i == j else 0.0 for j in range(len(values))] for i, x in enumerate(values)]


def project(made, belief, block):
    check_index(block, len(made.partition.states))
    matrix = diagonal([float(beta == block) for beta in made.partition.block_of])
    return applied(matrix, belief, made.process.normalizer)


def shift_logits(made, belief, shift):
    if len(shift) != len(made.partition.states):
        raise ShapeError()
    for x in shift:
        check_range(x, -300, 300)
    prior = [w * exp(x) for w, x in zip(made.weights(made.process.initial), shift)]
    matrix = diagonal([exp(shift[beta]) for beta in made.partition.block_of])
    return {
        "weights": [x / sum(prior) for x in prior],
        **applied(matrix, belief, made.process.normalizer),
    }
