"""D12 to D21: processes made of processes."""

from functools import reduce
from itertools import product

from .errors import InvalidArgumentError, NotNormalizedError, ShapeError
from .linear import add, kronecker, kronecker_vector, times_column
from .process import IMPOSSIBLE, TOLERANCE, Process, net


def joint_index(indices, sizes):
    return reduce(lambda index, pair: index * pair[1] + pair[0], zip(indices, sizes), 0)


def scaled(matrix, factor):
    return [[factor * x for x in row] for row in matrix]


def zeros(rows, columns):
    return [[0.0] * columns for _ in range(rows)]


def joint(operators, factors):
    return Process(
        operators,
        reduce(kronecker_vector, [f.initial for f in factors]),
        reduce(kronecker_vector, [f.normalizer for f in factors]),
        "unchecked",
    )


def tensor_product(factors):
    words = product(*[f.operators for f in factors])
    return joint([reduce(kronecker, word) for word in words], factors)


def check_variants(variants):
    first = variants[0]
    for other in variants:
        if (other.dim, other.tokens) != (first.dim, first.tokens) or other.normalizer != first.normalizer:
            raise InvalidArgumentError()


def check_choice(choice, count, variants):
    if len(choice) != count:
        raise ShapeError()
    if not all(isinstance(k, int) and 0 <= k < variants for k in choice):
        raise InvalidArgumentError()


def chain(first, variants, control=None):
    check_variants(variants)
    control = list(range(first.tokens)) if control is None else control
    check_choice(control, first.tokens, len(variants))
    operators = [
        kronecker(a, c) for u, a in enumerate(first.operators) for c in variants[control[u]].operators
    ]
    return joint(operators, [first, variants[0]])


def recombined(factor, e, k, u):
    """D A_k^u: the rows of the moving variant with the probabilities of the emitting one."""
    w = factor[0].normalizer
    moving = factor[k].operators[u]
    own, wanted = times_column(moving, w), times_column(factor[e].operators[u], w)
    rows = []
    for row, p, q in zip(moving, own, wanted):
        if abs(p - q) <= TOLERANCE:
            rows.append(row)
        elif abs(p) <= IMPOSSIBLE:
            raise InvalidArgumentError()
        else:
            rows.append([x * q / p for x in row])
    return rows


def conditional(factors):
    variants = [f["variants"] for f in factors]
    sizes = [v[0].tokens for v in variants]
    operators = []
    for x, word in enumerate(product(*map(range, sizes))):
        parts = []
        for n, f in enumerate(factors):
            emission = f.get("emission", 0)
            e = emission if isinstance(emission, int) else emission[joint_index(word[:n], sizes[:n])]
            parts.append(recombined(variants[n], e, f["transition"][x], word[n]))
        operators.append(reduce(kronecker, parts))
    return joint(operators, [v[0] for v in variants])


def shared_randomness(weights, pairs):
    check_weights(weights)
    a, c = pairs[0]
    operators = []
    for u, y in product(range(a.tokens), range(c.tokens)):
        parts = [scaled(kronecker(p.operators[u], q.operators[y]), k) for k, (p, q) in zip(weights, pairs)]
        operators.append(reduce(add, parts))
    return joint(operators, [a, c])


def shared_alphabet(first, operators, initial):
    second = Process(operators, initial, [1.0] * len(initial), "unchecked")
    if first.tokens != second.tokens:
        raise ShapeError()
    made = joint([kronecker(a, c) for a, c in zip(first.operators, second.operators)], [first, second])
    image = times_column(net(made.operators), made.normalizer)
    if any(abs(x - y) > TOLERANCE for x, y in zip(image, made.normalizer)):
        raise NotNormalizedError()
    return made


def check_weights(weights):
    if any(not 0 <= p <= 1 for p in weights):
        raise InvalidArgumentError()
    if abs(sum(weights) - 1) > TOLERANCE:
        raise NotNormalizedError()


def mixture(components, weights):
    check_weights(weights)
    d = sum(c.dim for c in components)
    operators = [zeros(d, d) for _ in range(components[0].tokens)]
    offset = 0
    for c in components:
        for x, t in enumerate(c.operators):
            for s, row in enumerate(t):
                operators[x][offset + s][offset : offset + c.dim] = row
        offset += c.dim
    initial = [p * x for p, c in zip(weights, components) for x in c.initial]
    return Process(operators, initial, [x for c in components for x in c.normalizer], "unchecked")


def with_noise(process, epsilon=None, channel=None):
    v = process.tokens
    if channel is None:
        if not 0 <= epsilon <= 1:
            raise InvalidArgumentError()
        channel = [[(1 - epsilon) * (i == j) + epsilon / v for j in range(v)] for i in range(v)]
    if len(channel) != v or any(len(row) != v for row in channel):
        raise ShapeError()
    for row in channel:
        check_weights(row)
    operators = [
        reduce(add, [scaled(t, channel[sent][read]) for sent, t in enumerate(process.operators)]) for read in range(v)
    ]
    return Process(operators, process.initial, process.normalizer, process.certificate)


def token_map(process, images):
    if len(images) != process.tokens:
        raise ShapeError()
    if sorted(set(images)) != list(range(max(images) + 1)):
        raise InvalidArgumentError()
    operators = [
        reduce(add, [t for x, t in enumerate(process.operators) if images[x] == z]) for z in range(max(images) + 1)
    ]
    return Process(operators, process.initial, process.normalizer, process.certificate)


def boundary_tokens(process, bos=False, eos=False, pad=False, stop=None, length=None):
    if stop is not None and not 0 < stop <= 1:
        raise InvalidArgumentError()
    own, first = process.dim, int(bos)
    copies = 1 if length is None else length + 1
    d = first + copies * own + int(eos)
    operators = [zeros(d, d) for _ in range(process.tokens + int(bos) + int(eos) + int(pad))]
    keep = 1 if stop is None else 1 - stop
    for x, t in enumerate(process.operators):
        moves = [(0, 0)] if length is None else [(n, n + 1) for n in range(length)]
        for source, target in moves:
            for s, row in enumerate(t):
                at = first + target * own
                operators[x][first + source * own + s][at : at + own] = [keep * value for value in row]
    if bos:
        operators[process.tokens][0][1 : 1 + own] = process.initial
    if eos:
        start = first + (copies - 1) * own
        for s, value in enumerate(process.normalizer):
            operators[process.tokens + first][start + s][d - 1] = value * (1 if stop is None else stop)
        operators[-1][d - 1][d - 1] = 1.0
    initial = [0.0] * d
    if bos:
        initial[0] = 1.0
    else:
        initial[:own] = process.initial
    normalizer = [1.0] * first + process.normalizer * copies + [1.0] * int(eos)
    return Process(operators, initial, normalizer, "unchecked")
