"""D63 to D68: what operators and tokens say about structure."""

from functools import reduce
from math import log

from .combine import check_weights, tensor_product, token_map
from .errors import InvalidArgumentError, ShapeError, UnsupportedError
from .information import entropy
from .linear import add, dot, identity, multiply, null_space, row_times, solve
from .presentation import tree
from .process import equivalence, minimal, next_token, ranks, stationary_state
from .sfp_linear import singular_values
from .sfp_structure import check_states

SMALL = 1e-7


def largest(matrix):
    return max((abs(x) for row in matrix for x in row), default=0.0)


def commutant(operators):
    """A basis of the matrices X with X T = T X for all operators: a null space of d^2 unknowns."""
    d = len(operators[0])
    equations = []
    for t in operators:
        for i in range(d):
            for j in range(d):
                row = [0.0] * (d * d)
                for k in range(d):
                    row[i * d + k] += t[k][j]
                    row[k * d + j] -= t[i][k]
                if any(row):
                    equations.append(row)
    found = null_space(equations or [[0.0] * (d * d)], 1e-10)
    return [[v[i * d : (i + 1) * d] for i in range(d)] for v in found]


def roots(coefficients):
    """Of the polynomial x^n - sum c_k x^k, by simultaneous iteration (Durand and Kerner)."""
    n = len(coefficients)

    def value(x):
        return x**n - sum(c * x**k for k, c in enumerate(coefficients))

    radius = 1 + max(map(abs, coefficients))
    points = [radius * (0.4 + 0.9j) ** k for k in range(n)]
    for _ in range(2000):
        moved = []
        for i, x in enumerate(points):
            others = reduce(lambda p, y: p * (x - y), points[:i] + points[i + 1 :], 1)
            moved.append(x - value(x) / others)
        done = max(abs(x - y) for x, y in zip(points, moved)) <= 1e-15 * radius
        points = moved
        if done:
            break
    return points


def minimal_polynomial(matrix):
    """Coefficients c with X^n = sum_k c_k X^k for the smallest such n."""
    flat = [[x for row in identity(len(matrix)) for x in row]]
    power = identity(len(matrix))
    while True:
        power = multiply(power, matrix)
        target = [x for row in power for x in row]
        gram = [[dot(a, b) for b in flat] for a in flat]
        found = solve(gram, [[dot(a, target)] for a in flat])
        c = [x[0] for x in found]
        left = [t - sum(ck * a[i] for ck, a in zip(c, flat)) for i, t in enumerate(target)]
        if max(map(abs, left)) <= SMALL * max(1.0, max(map(abs, target))):
            return c
        flat.append(target)


def generic(elements, seed):
    """A combination of the elements, scaled to a largest entry of 1 after its trace is taken out."""
    d = len(elements[0])
    x = [[0.0] * d for _ in range(d)]
    for k, element in enumerate(elements):
        x = add(x, element, ((seed * (k + 2) * (k + 3) + 7 * k) % 101) / 50 - 1)
    mean = sum(x[i][i] for i in range(d)) / d
    x = add(x, identity(d), -mean)
    size = largest(x)
    return [[value / size for value in row] for row in x] if size > 0 else x


def projectors(elements):
    """Spectral projectors of a generic element whose eigenvalues are real."""
    d = len(elements[0])
    if len(elements) == 1:
        return [identity(d)]
    best = []
    for seed in range(1, 60):
        x = generic(elements, seed)
        if largest(x) < SMALL:
            continue
        values = roots(minimal_polynomial(x))
        apart = min(abs(a - b) for i, a in enumerate(values) for b in values[:i]) if len(values) > 1 else 1.0
        if any(abs(v.imag) > 1e-9 for v in values) or apart < 0.02:
            continue
        if len(values) > len(best):
            best, chosen = [v.real for v in values], x
    out = []
    for value in best:
        p = identity(d)
        for other in best:
            if other != value:
                shifted = add(chosen, identity(d), -other)
                p = [[y / (value - other) for y in row] for row in multiply(p, shifted)]
        out.append(p)
    return out


def find_blocks(process):
    elements = commutant(process.operators)
    found = projectors(elements)
    groups = []
    for p in found:
        for group in groups:
            if any(largest(multiply(multiply(group[0], x), p)) > SMALL for x in elements):
                group.append(p)
                break
        else:
            groups.append([p])
    d = process.dim
    out = [
        {
            "copies": len(group),
            "dimension": round(sum(group[0][i][i] for i in range(d))),
            "weight": sum(dot(row_times(process.initial, p), process.normalizer) for p in group),
        }
        for group in groups
    ]
    return {"commutantDimension": len(elements), "groups": sorted(out, key=lambda g: -g["weight"])}


def realign(matrix, dimensions):
    """R[(a, a'), (c, c')] = M[(a, c), (a', c')]."""
    a, c = dimensions
    return [
        [matrix[i * c + k][j * c + l] for k in range(c) for l in range(c)] for i in range(a) for j in range(a)
    ]


def operator_schmidt(operator, dimensions, unit="bits"):
    check_states(dimensions, len(operator))
    values = singular_values(realign(operator, dimensions))[1]
    norm = sum(v * v for v in values) ** 0.5 or 1.0
    coefficients = [v / norm for v in values]
    return {
        "coefficients": coefficients,
        "singularValues": values,
        "rank": sum(v > 1e-10 * values[0] for v in values),
        "entropy": entropy([c * c for c in coefficients], unit),
    }


def nearest_kronecker(operator, dimensions):
    check_states(dimensions, len(operator))
    u, values, v = singular_values(realign(operator, dimensions))
    share = values[0] ** 0.5 * (1 if sum(u[0]) >= 0 else -1)
    residual = sum(x * x for x in values[1:]) ** 0.5
    norm = sum(x * x for x in values) ** 0.5
    a, c = dimensions
    return {
        "firstFactor": [[share * x for x in u[0][i * a : (i + 1) * a]] for i in range(a)],
        "secondFactor": [[share * x for x in v[0][i * c : (i + 1) * c]] for i in range(c)],
        "residual": residual,
        "relativeResidual": residual / norm if norm else 0.0,
    }


def operator_factorization(process, dimensions, distribution="initial", unit="bits"):
    check_states(dimensions, process.dim)
    if distribution == "initial":
        law = next_token(process, process.initial)
    elif distribution == "stationary":
        law = next_token(process, stationary_state(process.operators, process.normalizer))
    else:
        check_weights(distribution)
        law = distribution
    parts = [operator_schmidt(t, dimensions, unit) for t in process.operators]
    mean = sum(p * part["entropy"] for p, part in zip(law, parts))
    most = 2 * log(min(dimensions)) / (1.0 if unit == "nats" else log(2))
    return {
        "meanEntropy": mean,
        "maxRank": max(part["rank"] for part in parts),
        "fbar": 1 - mean / most if most else 1.0,
    }


def check_sizes(process, sizes):
    if len(sizes) != 2 or sizes[0] * sizes[1] != process.tokens:
        raise ShapeError()


def tensor_tokens(process, sizes):
    check_sizes(process, sizes)
    n = sizes[1]
    first = minimal(token_map(process, [x // n for x in range(process.tokens)]))
    second = minimal(token_map(process, [x % n for x in range(process.tokens)]))
    joint = ranks(process)["rank"]
    # both sides in their smallest form, so that few words are to be compared
    found = equivalence(minimal(process), tensor_product([first, second]))
    if found["equivalent"]:
        if joint != first.dim * second.dim:
            raise UnsupportedError()
        return {"factored": True, "ranks": [first.dim, second.dim, joint]}
    word, probabilities = found["word"], found["probabilities"]
    return {
        "factored": False,
        "ranks": [first.dim, second.dim, joint],
        "word": word,
        "probabilities": probabilities,
    }


def token_information(process, sizes, length, unit="bits"):
    check_sizes(process, sizes)
    if not length >= 1:
        raise InvalidArgumentError()
    made = tree(process, length)
    information = [0.0] * (length + 1)
    laws = [({}, {}, {}) for _ in range(length + 1)]
    for word, p in zip(made["words"], made["probabilities"]):
        parts = (tuple(x // sizes[1] for x in word), tuple(x % sizes[1] for x in word), tuple(word))
        for law, key in zip(laws[len(word)], parts):
            law[key] = law.get(key, 0.0) + p
    for n in range(1, length + 1):
        u, y, both = [entropy(list(law.values()), unit) for law in laws[n]]
        information[n] = max(0.0, u + y - both)
    return {"information": information, "rate": information[length] - information[length - 1]}
