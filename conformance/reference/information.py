"""D26 to D35: entropies, and closed forms of a finite presentation."""

from math import log

from .errors import InvalidArgumentError, UnsupportedError
from .linear import add, dot, identity, inverse, multiply, null_space, row_times, times_column, transpose
from .presentation import Presentation, tree
from .process import Process, minus_identity, next_token, require_hmm


def entropy(distribution, unit="bits"):
    if any(p < 0 for p in distribution):
        raise InvalidArgumentError()
    nats = -sum(p * log(p) for p in distribution if p > 0)
    return nats / log(2) if unit == "bits" else nats


def block_entropies(process, length, unit="bits"):
    """From the probabilities of all words."""
    made = tree(process, length)
    blocks, at = [], 0
    for size in made["levels"]:
        blocks.append(entropy(made["probabilities"][at : at + size], unit))
        at += size
    return {"blockEntropy": blocks, "conditional": [b - a for a, b in zip(blocks, blocks[1:])]}


def transition_matrix(presentation):
    n = len(presentation.states)
    w = [[0.0] * n for _ in range(n)]
    for source, _, target, probability in presentation.transitions:
        w[source][target] += probability
    return w


def cesaro_projector(w, classes):
    """P1: where every state ends, and the stationary distribution there."""
    n = len(w)
    projector = [[0.0] * n for _ in range(n)]
    recurrent = {i for members in classes for i in members}
    transient = [i for i in range(n) if i not in recurrent]
    wandering = [[(i == j) - w[i][j] for j in transient] for i in transient]
    visits = inverse(wandering) if transient else []
    for members in classes:
        block = [[w[i][j] for j in members] for i in members]
        [pi] = null_space(transpose(minus_identity(block)))
        pi = [x / sum(pi) for x in pi]
        enter = [sum(w[i][j] for j in members) for i in transient]
        ends = dict(zip(transient, times_column(visits, enter) if transient else []))
        for i in range(n):
            share = 1.0 if i in members else ends.get(i, 0.0)
            for j, p in zip(members, pi):
                projector[i][j] = share * p
    return projector


class Chain:
    """What D29 to D34 are made of, in bits."""

    def __init__(self, process, unit="bits", **limits):
        presentation = Presentation(process, **limits)
        if not presentation.complete:
            raise UnsupportedError()
        self.unit, self.states = unit, presentation.states
        w = transition_matrix(presentation)
        n = len(w)
        p1 = cesaro_projector(w, presentation.classes())
        resolvent = inverse(add(add(identity(n), w, -1.0), p1))
        self.drazin = add(resolvent, p1, -1.0)
        self.weights = p1[0]
        self.token_entropy = [entropy(next_token(process, b), unit) for b in self.states]

    def entropy_rate(self):
        return dot(self.weights, self.token_entropy)

    def excess_entropy(self):
        return dot(self.drazin[0], self.token_entropy)

    def transient_information(self):
        return dot(row_times(self.drazin[0], self.drazin), self.token_entropy)

    def statistical_complexity(self):
        return entropy([max(0.0, p) for p in self.weights], self.unit)

    def crypticity(self):
        return self.statistical_complexity() - self.excess_entropy()

    def synchronization_information(self):
        return dot(self.drazin[0], [entropy([max(0.0, p) for p in b], self.unit) for b in self.states])


def check_causal_states(process):
    """An HMM, unifilar, without two states that give all words the same probabilities."""
    require_hmm(process)
    if any(sum(p > 0 for p in row) > 1 for t in process.operators for row in t):
        raise UnsupportedError()
    d = process.dim
    futures = [[1.0] for _ in range(d)]
    level = [process.normalizer]
    for _ in range(d):
        level = [times_column(t, column) for column in level for t in process.operators]
        futures = [old + [column[s] for column in level] for s, old in enumerate(futures)]
        if len(level) > 2000:
            break
    for a in range(d):
        for b in range(a):
            if all(abs(x - y) < 1e-10 for x, y in zip(futures[a], futures[b])):
                raise UnsupportedError()


def synchronization_information(process, unit="bits"):
    check_causal_states(process)
    return Chain(process, unit).synchronization_information()


def sandwich(process, length):
    """The lower side as the mean over first states of h(L) from there."""
    require_hmm(process)
    upper = block_entropies(process, length)["conditional"][length - 1]
    lower = 0.0
    for s, p in enumerate(process.initial):
        if p > 0:
            start = [float(s == i) for i in range(process.dim)]
            known = Process(process.operators, start, process.normalizer, "hmm")
            lower += p * block_entropies(known, length)["conditional"][length - 1]
    return {"lower": lower, "upper": upper}
