"""D1 to D11: processes, words, beliefs, and the process as a whole."""

from itertools import product
from math import isfinite, log

from .errors import (
    InvalidArgumentError,
    NonUniqueStationaryStateError,
    NotNormalizedError,
    ShapeError,
    UnsupportedError,
    ZeroProbabilityError,
)
from .linear import dot, inverse, krylov, multiply, null_space, rank, row_times, solve, times_column, transpose

IMPOSSIBLE = 1e-12
TOLERANCE = 1e-9


class Process:
    """Operators, initial state, normalizer, and the certificate by which it is known to be a process."""

    def __init__(self, operators, initial, normalizer, certificate):
        self.operators = operators
        self.initial = initial
        self.normalizer = normalizer
        self.certificate = certificate
        self.tokens = len(operators)
        self.dim = len(initial)

    def written(self):
        return {"operators": self.operators, "initial": self.initial, "normalizer": self.normalizer}


def net(operators):
    d = len(operators[0])
    return [[sum(t[i][j] for t in operators) for j in range(d)] for i in range(d)]


def minus_identity(matrix):
    return [[x - (i == j) for j, x in enumerate(row)] for i, row in enumerate(matrix)]


def check_shape(operators):
    if not operators or not operators[0]:
        raise ShapeError()
    d = len(operators[0])
    if any(len(t) != d or any(len(row) != d for row in t) for t in operators):
        raise ShapeError()
    if not all(isfinite(x) for t in operators for row in t for x in row):
        raise InvalidArgumentError()
    return d


def stationary_state(operators, normalizer):
    """D7."""
    fixed = null_space(transpose(minus_identity(net(operators))))
    if len(fixed) != 1:
        raise NonUniqueStationaryStateError(dimension=len(fixed))
    norm = dot(fixed[0], normalizer)
    if abs(norm) < 1e-10:
        raise NotNormalizedError()
    return [x / norm for x in fixed[0]]


def create(kind, operators, initial=None, normalizer=None):
    """D1 and D2."""
    d = check_shape(operators)
    total = net(operators)
    ones = [1.0] * d
    rows_are_one = all(abs(sum(row) - 1) <= TOLERANCE for row in total)
    if kind == "hmm":
        if any(x < 0 for t in operators for row in t for x in row):
            raise InvalidArgumentError()
        if not rows_are_one:
            raise NotNormalizedError()
        normalizer = ones
    elif normalizer is None:
        normalizer = ones
        if not rows_are_one:
            fixed = null_space(minus_identity(total))
            if len(fixed) != 1:
                raise NotNormalizedError()
            normalizer = [x * d / sum(fixed[0]) for x in fixed[0]]
    if len(normalizer) != d:
        raise ShapeError()
    largest = max(abs(x) for x in normalizer)
    image = times_column(total, normalizer)
    if largest == 0 or any(abs(a - b) > TOLERANCE * largest for a, b in zip(image, normalizer)):
        raise NotNormalizedError()
    if initial is None:
        initial = stationary_state(operators, normalizer)
    if len(initial) != d:
        raise ShapeError()
    if kind == "hmm" and any(x < -1e-15 for x in initial):
        raise InvalidArgumentError()
    if abs(dot(initial, normalizer) - 1) > TOLERANCE:
        raise NotNormalizedError()
    return Process(operators, initial, normalizer, certify(operators, initial, normalizer))


def certify(operators, initial, normalizer):
    positive = all(x >= 0 for t in operators for row in t for x in row) and all(x >= 0 for x in initial + normalizer)
    if positive:
        return "hmm" if all(x == 1 for x in normalizer) else "cone"
    for length in range(1, 5):
        for word in product(range(len(operators)), repeat=length):
            state = initial
            for x in word:
                state = row_times(state, operators[x])
            if dot(state, normalizer) < -TOLERANCE:
                raise InvalidArgumentError()
    return "unchecked"


def check_token(process, token):
    if not (isinstance(token, int) and 0 <= token < process.tokens):
        raise InvalidArgumentError()


def step(process, belief, token):
    """P(x | b) and U_x(b); (0, None) if the token is impossible."""
    after = row_times(belief, process.operators[token])
    probability = dot(after, process.normalizer)
    if probability <= IMPOSSIBLE:
        return 0.0, None
    return probability, [x / probability for x in after]


def read_belief(process, belief):
    if len(belief) != process.dim:
        raise ShapeError()
    norm = dot(belief, process.normalizer)
    if not (isfinite(norm) and norm > 0):
        raise InvalidArgumentError()
    if process.certificate == "hmm" and any(x < -TOLERANCE * norm for x in belief):
        raise InvalidArgumentError()
    return [x / norm for x in belief]


def walk(process, word):
    """Conditional probabilities and beliefs along a word, up to the first impossible token (probability 0, belief None)."""
    for token in word:
        check_token(process, token)
    belief = read_belief(process, process.initial)
    steps = []
    for token in word:
        probability, belief = step(process, belief, token)
        steps.append((probability, belief))
        if belief is None:
            break
    return steps


def beliefs_along(process, word):
    steps = walk(process, word)
    if steps and steps[-1][1] is None:
        raise ZeroProbabilityError(position=len(steps) - 1, token=word[len(steps) - 1])
    return [read_belief(process, process.initial)] + [belief for _, belief in steps]


def word_probability(process, word):
    result = 1.0
    for probability, _ in walk(process, word):
        result *= probability
    return result


def log_word_probability(process, word):
    steps = walk(process, word)
    if steps and steps[-1][1] is None:
        return "-Infinity"
    return sum(log(probability) for probability, _ in steps)


def next_token(process, belief):
    belief = read_belief(process, belief)
    values = [dot(row_times(belief, t), process.normalizer) for t in process.operators]
    if min(values) < -1e-6:
        raise InvalidArgumentError()
    return [max(0.0, x) for x in values]


def update(process, belief, token):
    check_token(process, token)
    after = step(process, read_belief(process, belief), token)[1]
    if after is None:
        raise ZeroProbabilityError(position=0, token=token)
    return after


def change_basis(process, s):
    if len(s) != process.dim or any(len(row) != process.dim for row in s):
        raise ShapeError()
    back = inverse(s)
    if back is None:
        raise InvalidArgumentError()
    return Process(
        [multiply(multiply(s, t), back) for t in process.operators],
        row_times(process.initial, back),
        times_column(s, process.normalizer),
        process.certificate,
    )


def forward_space(process):
    return krylov(process.initial, process.operators)


def backward_space(process):
    return krylov(process.normalizer, [transpose(t) for t in process.operators])


def ranks(process):
    forward, backward = forward_space(process), backward_space(process)
    pairing = [[dot(f, b) for b in backward] for f in forward]
    return {"forward": len(forward), "backward": len(backward), "rank": rank(pairing)}


def minimal(process):
    """D10: in coordinates of the backward space, then restricted to the span of the beliefs there."""
    for own in (True, False):
        basis = backward_space(process) if own else forward_space(process)
        columns = transpose(basis)
        process = Process(
            [multiply(multiply(basis, t), columns) for t in process.operators],
            row_times(process.initial, columns),
            times_column(basis, process.normalizer),
            "unchecked",
        )
    return process


def equivalence(first, second):
    """D11, with all words in the order of their length, up to the length that suffices."""
    if first.tokens != second.tokens:
        raise InvalidArgumentError()
    level = [((), first.initial, second.initial)]
    seen = []
    for _ in range(first.dim + second.dim):
        following = []
        for word, a, b in level:
            for x in range(first.tokens):
                after = (word + (x,), row_times(a, first.operators[x]), row_times(b, second.operators[x]))
                p, q = dot(after[1], first.normalizer), dot(after[2], second.normalizer)
                if abs(p - q) > 1e-9:
                    return {"equivalent": False, "word": list(after[0]), "probabilities": [p, q]}
                following.append(after)
        # words whose states depend on those of earlier words lead to nothing new
        level = []
        for after in following:
            state = after[1] + after[2]
            size = max(map(abs, state))
            if size > 1e-13 and rank(seen + [[x / size for x in state]], 1e-9) > len(seen):
                seen.append([x / size for x in state])
                level.append(after)
    return {"equivalent": True, "intertwiner": intertwiner(first, second)}


def intertwiner(first, second):
    """S with T1 S = S T2, w1 = S w2: from futures T^h w of both, as many as there are dimensions; None if not both are minimal."""
    d = first.dim
    if second.dim != d or ranks(first)["rank"] < d:
        return None
    columns, level = [], [(first.normalizer, second.normalizer)]
    while len(columns) < d:
        following = []
        for a, b in level:
            if rank([c[0] for c in columns] + [a], 1e-9) > len(columns):
                columns.append((a, b))
                following += [
                    (times_column(t, a), times_column(u, b)) for t, u in zip(first.operators, second.operators)
                ]
        level = following
    # S B2 = B1, transposed
    return transpose(solve([c[1] for c in columns], [c[0] for c in columns]))


def require_hmm(process):
    if process.certificate != "hmm":
        raise UnsupportedError()
