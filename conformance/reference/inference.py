"""D36 to D40: hidden states."""

from math import inf, log

from .errors import NotNormalizedError, ShapeError
from .linear import dot, row_times, times_column
from .process import TOLERANCE, Process, beliefs_along, log_word_probability, require_hmm


def check_distribution(values):
    if abs(sum(values) - 1) > TOLERANCE:
        raise NotNormalizedError()


def states_that_emit(initial, transition, emission):
    k = len(transition)
    if len(emission) != k or len(initial) != k:
        raise ShapeError()
    rows = transition + [initial]
    for row in rows + emission:
        check_distribution(row)
    operators = [
        [[row[z] * emission[z][x] for z in range(k)] + [0.0] for row in rows] for x in range(len(emission[0]))
    ]
    return Process(operators, [0.0] * k + [1.0], [1.0] * (k + 1), "hmm")


def backward(process, word):
    """T^{x_{t+1}} ... T^{x_L} w for t = 0 .. L, each scaled to a largest entry of 1."""
    column = process.normalizer
    columns = [column]
    for x in reversed(word):
        column = times_column(process.operators[x], column)
        largest = max(map(abs, column)) or 1.0
        column = [value / largest for value in column]
        columns.append(column)
    return columns[::-1]


def normalized(values):
    total = sum(values)
    return [value / total for value in values]


def smooth(process, word):
    require_hmm(process)
    beliefs, columns = beliefs_along(process, word), backward(process, word)
    posteriors = [normalized([b * c for b, c in zip(*both)]) for both in zip(beliefs, columns)]
    pairs = []
    for t, x in enumerate(word):
        joint = [
            [beliefs[t][s] * p * columns[t + 1][to] for to, p in enumerate(row)]
            for s, row in enumerate(process.operators[x])
        ]
        total = sum(map(sum, joint))
        pairs.append([[p / total for p in row] for row in joint])
    return {"posteriors": posteriors, "logLikelihood": log_word_probability(process, word), "pairs": pairs}


def tokens_given_both_sides(process, word):
    beliefs, columns = beliefs_along(process, word), backward(process, word)
    return [
        normalized([max(0.0, dot(row_times(beliefs[t], m), columns[t + 1])) for m in process.operators])
        for t in range(len(word))
    ]


def most_likely_path(process, word):
    require_hmm(process)
    beliefs_along(process, word)
    best = [log(p) if p > 0 else -inf for p in process.initial]
    back = []
    for x in word:
        value, choice = [], []
        for to in range(process.dim):
            scores = [
                best[s] + log(row[to]) if row[to] > 0 else -inf for s, row in enumerate(process.operators[x])
            ]
            choice.append(scores.index(max(scores)))
            value.append(max(scores))
        best = value
        back.append(choice)
    states = [best.index(max(best))]
    for choice in reversed(back):
        states.insert(0, choice[states[0]])
    return {"states": states, "logProbability": max(best)}


def expected_transitions(process, sequences):
    d = process.dim
    counts = [[[0.0] * d for _ in range(d)] for _ in range(process.tokens)]
    for word in sequences:
        for x, joint in zip(word, smooth(process, word)["pairs"]):
            counts[x] = [[a + b for a, b in zip(*rows)] for rows in zip(counts[x], joint)]
    return counts
