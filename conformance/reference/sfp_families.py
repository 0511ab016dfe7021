"""D56 to D62: families of semi-factored processes."""

from fractions import Fraction
from itertools import product
from math import log

from .combine import check_weights
from .errors import InvalidArgumentError, ShapeError, ZeroProbabilityError
from .named import mess3
from .process import IMPOSSIBLE, Process, stationary_state
from .sfp_structure import Partition, check_range

PERSONAS = {
    "factored": ([0.2, 0.2], [[0.25] * 3, [0.75] * 3]),
    "semi": ([0.2, 0.8], [[0.25] * 3, [0.75] * 3]),
    "semi-s": ([0.2, 0.8], [[0.1, 0.25, 0.4], [0.6, 0.75, 0.9]]),
}


def family(operators, initial, dimensions, blocks, sectors=None):
    process = Process(operators, initial, [1.0] * len(initial), "hmm")
    partition = Partition(dimensions, blocks, sectors)
    return {"process": process.written(), "dimensions": dimensions, "states": partition.states}


def zeros(d):
    return [[0.0] * d for _ in range(d)]


def phase_locked(kappa=0.0, alpha=0.0):
    check_range(kappa, 0, 1)
    check_range(alpha, 0, 1)

    def bit(u, a):
        return 0.5 if a == 2 else float(u == a)

    operators = []
    for u, y in product(range(2), repeat=2):
        t = zeros(9)
        for a, c in product(range(3), repeat=2):
            e = bit(u, a) * bit(y, c)
            if a == c == 2:
                e = (1 + kappa) / 4 if u == y else (1 - kappa) / 4
            t[3 * a + c][3 * ((a + 1) % 3) + (c + 1) % 3] = e
        operators.append(t)
    initial = [(1 + 2 * alpha) / 9 if a == c else (1 - alpha) / 9 for a, c in product(range(3), repeat=2)]
    blocks = [[((c + k) % 3, c) for c in range(3)] for k in range(3)]
    return family(operators, initial, [3, 3], blocks)


def between(first, last, n):
    return [first + (last - first) * i / (n - 1) for i in range(n)]


def persona_z1r(variant="semi", personas=None, random=None, marked=None, weights=None, leak=0.0):
    given = next((x for x in (random, marked, weights) if x is not None), None)
    n = personas or (len(given) if given is not None else 2)
    ends, rows = PERSONAS[variant]
    random = between(*ends, n) if random is None else random
    if marked is None:
        marked = [list(row) for row in zip(*[between(rows[0][s], rows[1][s], n) for s in range(3)])]
    weights = [1 / n] * n if weights is None else weights
    if len(random) != n or len(marked) != n or len(weights) != n or any(len(row) != 3 for row in marked):
        raise ShapeError()
    for p in [leak, *random, *(q for row in marked for q in row)]:
        check_range(p, 0, 1)
    check_weights(weights)
    operators = []
    for u, y in product(range(2), repeat=2):
        t = zeros(3 * n)
        for i, s, j in product(range(n), range(3), range(n)):
            mark = marked[i][s] if u else 1 - marked[i][s]
            capability = float(y == s) if s < 2 else random[i] if y else 1 - random[i]
            moves = (1 - leak) * (i == j) + leak / n if s == 2 else float(i == j)
            t[3 * i + s][3 * j + (s + 1) % 3] = mark * capability * moves
        operators.append(t)
    sectors = [[[i] for i in range(n)], [[0, 1, 2]]]
    return family(operators, [x / 3 for x in weights for _ in range(3)], [n, 3], "sectors", sectors)


def persona_mess3(theta=0.0, delta=0.5, personas=None, marks=None, weights=None, x=0.15, a=0.6):
    for value in (theta, delta):
        check_range(value, 0, 1)
    given = next((v for v in (marks, weights) if v is not None), None)
    n = personas or (len(given) if given is not None else 2)
    marks = between(-1, 1, n) if marks is None else marks
    weights = [1 / n] * n if weights is None else weights
    if len(marks) != n or len(weights) != n:
        raise ShapeError()
    for m in marks:
        check_range(m, -1, 1)
    check_weights(weights)
    capability = mess3(x, a).operators
    operators = []
    for u, y in product(range(2), range(3)):
        t = zeros(3 * n)
        for i, s, to in product(range(n), range(3), range(3)):
            one = 0.5 + delta / 2 * marks[i] * (1 - theta + theta * (1, 0, -1)[s])
            t[3 * i + s][3 * i + to] = (one if u else 1 - one) * capability[y][s][to]
        operators.append(t)
    sectors = [[[i] for i in range(n)], [[0, 1, 2]]]
    return family(operators, [w / 3 for w in weights for _ in range(3)], [n, 3], "sectors", sectors)


def static_labels(alpha=0.0, first=(0.1, 0.9), second=(0.25, 0.75)):
    n, m = len(first), len(second)
    if n < 2 or m < 2:
        raise ShapeError()
    for p in [alpha, *first, *second]:
        check_range(p, 0, 1)
    labels = list(product(range(n), range(m)))
    operators = []
    for u, y in product(range(2), repeat=2):
        t = zeros(n * m)
        for s, (i, j) in enumerate(labels):
            t[s][s] = (first[i] if u else 1 - first[i]) * (second[j] if y else 1 - second[j])
        operators.append(t)
    initial = []
    for i, j in labels:
        common = max(Fraction(0), min(Fraction(i + 1, n), Fraction(j + 1, m)) - max(Fraction(i, n), Fraction(j, m)))
        initial.append((1 - alpha) / (n * m) + alpha * float(common))
    return family(operators, initial, [n, m], "cells")


class Contexts:
    """The parameters of D61, and the law of the contexts."""

    def __init__(self, contexts, alpha, epsilon, chain=None, initialContext=None):
        check_range(alpha, 0, 1)
        check_range(epsilon, 0, 0.5)
        self.count, self.alpha, self.epsilon, self.chain = contexts, alpha, epsilon, chain
        self.initial = [1 / contexts] * contexts
        if chain is not None:
            if len(chain) != contexts or any(len(row) != contexts for row in chain):
                raise ShapeError()
            for row in chain:
                check_weights(row)
            self.initial = initialContext or stationary_state([chain], [1.0] * contexts)

    def following(self, context):
        return self.initial if self.chain is None else self.chain[context]


def context_personas(**parameters):
    law = Contexts(**parameters)
    k, assignments = law.count, 2**law.count
    register = 1 if law.chain is None else k
    operators = []
    for context, u in product(range(k), range(2)):
        t = zeros(assignments * register)
        for i in range(assignments):
            p = 1 - law.epsilon if (i >> context) & 1 == u else law.epsilon
            if law.chain is None:
                t[i][i] = p / k
            else:
                for to in range(k):
                    t[i * k + context][i * k + to] = p * law.chain[context][to]
        operators.append(t)
    prior = [
        law.alpha / assignments + ((1 - law.alpha) / 2 if i in (0, assignments - 1) else 0) for i in range(assignments)
    ]
    initial = prior if law.chain is None else [p * c for p in prior for c in law.initial]
    sectors = [[[i] for i in range(assignments)], [list(range(register))]]
    return family(operators, initial, [assignments, register], "sectors", sectors)


def context_posterior(word, **parameters):
    """From the three hypotheses in exact rational numbers: all bits 0, all bits 1, independent bits."""
    law = Contexts(**parameters)
    k, eps, alpha = law.count, Fraction(law.epsilon), Fraction(law.alpha)

    def written(u, bit):
        return 1 - eps if u == bit else eps

    def weights(zero, one):
        """Joint weight of each hypothesis and the word; zero and one are the likelihoods of a context's tokens."""
        all_zero, all_one, free = (1 - alpha) / 2, (1 - alpha) / 2, alpha
        for a, b in zip(zero, one):
            all_zero, all_one, free = all_zero * a, all_one * b, free * (a + b) / 2
        return [all_zero, all_one, free]

    zero, one = [Fraction(1)] * k, [Fraction(1)] * k
    contexts, before = law.initial, Fraction(1)
    probabilities = []
    for position, token in enumerate(word):
        if not (isinstance(token, int) and 0 <= token < 2 * k):
            raise InvalidArgumentError()
        context, u = divmod(token, 2)
        zero[context] *= written(u, 0)
        one[context] *= written(u, 1)
        now = sum(weights(zero, one))
        p = contexts[context] * float(now / before)
        if p <= IMPOSSIBLE:
            raise ZeroProbabilityError(position=position, token=token)
        probabilities.append(p)
        contexts, before = law.following(context), now
    joint = weights(zero, one)
    hypotheses = [x / before for x in joint]
    bits = [hypotheses[1] + (hypotheses[2] * b / (a + b) if hypotheses[2] else 0) for a, b in zip(zero, one)]
    following = [
        law_k * float(written(u, 1) * bit + written(u, 0) * (1 - bit))
        for law_k, bit in zip(contexts, bits)
        for u in range(2)
    ]
    return {
        "misaligned": [float(x) for x in bits],
        "hypotheses": [float(x) for x in hypotheses],
        "probabilities": probabilities,
        "logLikelihood": sum(map(log, probabilities)),
        "nextToken": following,
    }
