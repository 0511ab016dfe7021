"""D75 to D84: measures and criteria of density matrices and beliefs."""

from math import fsum, inf, log, sqrt

from .errors import InvalidArgumentError, ShapeError, UnsupportedError
from .information import entropy
from .sfp_density import Density, TOLERANCE, check_law, mixture_of, partial_trace, partial_transpose, schmidt, square_root
from .sfp_discovery import realign
from .sfp_linear import doubled, singular_values, symmetric_eigen
from .sfp_structure import check_states, joint_states, size_of

#: Eigenvalues up to this count as zero.
CLIP = 1e-14


def scale_of(unit):
    return 1.0 if unit == "nats" else 1 / log(2)


def von_neumann(rho, unit="bits"):
    return entropy([x for x in rho.spectrum() if x > CLIP], unit)


def renyi(rho, order, unit="bits"):
    order = float(order)
    if not order >= 0:
        raise InvalidArgumentError()
    values = [x for x in rho.spectrum() if x > CLIP]
    if order == 1:
        return entropy(values, unit)
    if order == inf:
        return -log(max(values)) * scale_of(unit)
    return log(sum(x**order for x in values)) / (1 - order) * scale_of(unit)


def purity(rho):
    return fsum(x * x for part in rho.parts for row in part for x in row)


def entropies(rho, orders=(), unit="bits"):
    return {
        "vonNeumann": von_neumann(rho, unit),
        "linear": 1 - purity(rho),
        "renyi": [renyi(rho, order, unit) for order in orders],
    }


def negativity(rho, dimensions, unit="bits"):
    negative = sum(-x for x in partial_transpose(rho, dimensions).spectrum() if x < 0)
    return {"negativity": negative, "logNegativity": log(1 + 2 * negative) * scale_of(unit)}


def sums(belief, dimensions):
    rows = [belief[i : i + dimensions[1]] for i in range(0, len(belief), dimensions[1])]
    return [sum(row) for row in rows], [sum(column) for column in zip(*rows)]


def mutual_information(belief, dimensions, unit="bits"):
    check_states(dimensions, len(belief))
    check_law(belief)
    first, second = sums(belief, dimensions)
    apart = [p * q for p in first for q in second]
    divergence = sum(x * log(x / y) for x, y in zip(belief, apart) if x > 0) * scale_of(unit)
    value = entropy(first, unit) + entropy(second, unit) - entropy(belief, unit)
    return {"information": value, "relativeEntropy": divergence}


def quantum_mutual_information(rho, dimensions, unit="bits"):
    sides = [von_neumann(partial_trace(rho, dimensions, keep), unit) for keep in ("first", "second")]
    return sum(sides) - von_neumann(rho, unit)


def relative_entropy(rho, sigma, unit="bits"):
    if rho.n != sigma.n:
        raise ShapeError()
    # over the doubled matrices every term is counted twice
    zero = [[0.0] * rho.n for _ in range(rho.n)]
    whole = doubled(rho.real, rho.imaginary or zero)
    values, vectors = symmetric_eigen(doubled(sigma.real, sigma.imaginary or zero))
    total, outside = 0.0, 0.0
    for value, v in zip(values, vectors):
        weight = sum(v[i] * sum(x * y for x, y in zip(row, v)) for i, row in enumerate(whole)) / 2
        if value > CLIP:
            total -= weight * log(value)
        else:
            outside += weight
    if outside > TOLERANCE:
        return "Infinity"
    return (total + sum(x * log(x) for x in rho.spectrum() if x > CLIP)) * scale_of(unit)


def concurrence(rho):
    """From the singular values of sqrt(rho)^T (sigma_y (x) sigma_y) sqrt(rho), over complex numbers."""
    if rho.n != 4:
        raise ShapeError()
    imaginary = rho.imaginary or [[0.0] * 4 for _ in range(4)]
    values, vectors = symmetric_eigen(doubled(rho.real, imaginary))
    # eigenvectors (x, y) and (-y, x) of the doubled matrix are the same complex vector: sqrt(rho) from its real blocks
    root = [[0.0] * 8 for _ in range(8)]
    for value, v in zip(values, vectors):
        for i in range(8):
            for j in range(8):
                root[i][j] += sqrt(max(value, 0.0)) * v[i] * v[j]
    half = [[complex(root[i][j], root[i + 4][j]) for j in range(4)] for i in range(4)]
    sign = (-1, 1, 1, -1)
    m = [[sum(sign[k] * half[k][i] * half[3 - k][j] for k in range(4)) for j in range(4)] for i in range(4)]
    found = singular_values(doubled([[z.real for z in row] for row in m], [[z.imag for z in row] for row in m]))[1][::2]
    return min(1.0, max(0.0, found[0] - sum(found[1:])))


def entanglement_of_formation(c, unit="bits"):
    p = (1 - sqrt(1 - c * c)) / 2
    return entropy([p, 1 - p], unit)


def ppt(rho, dimensions):
    return partial_transpose(rho, dimensions).spectrum()[-1]


def ccnr(rho, dimensions):
    parts = [realign(part, dimensions) for part in rho.parts]
    total = sum(singular_values(doubled(*parts))[1])
    return total if rho.imaginary is None else total / 2


def criteria(rho, dimensions):
    p, c = ppt(rho, dimensions), ccnr(rho, dimensions)
    return {"ppt": p, "pptEntangled": p < -TOLERANCE, "ccnr": c, "ccnrEntangled": c > 1 + TOLERANCE}


def coherence(rho, label):
    pairs = [(i, j) for i in range(rho.n) for j in range(rho.n) if label(i) != label(j)]
    return max((abs(part[i][j]) for part in rho.parts for i, j in pairs), default=0.0)


def separability(rho, dimensions):
    """The criteria of D82 in their order."""
    a, c = dimensions
    if ppt(rho, dimensions) < -TOLERANCE:
        return "entangled", "partial-transpose"
    if rho.n <= 6 or 1 in dimensions:
        return "separable", "partial-transpose"
    if ccnr(rho, dimensions) > 1 + TOLERANCE:
        return "entangled", "realignment"
    first, second = [partial_trace(rho, dimensions, keep) for keep in ("first", "second")]

    def entry(m, i, j):
        return complex(m.real[i][j], m.imaginary[i][j] if m.imaginary else 0.0)

    pairs = [(i, j) for i in range(rho.n) for j in range(rho.n)]
    apart = max(
        abs(entry(rho, i, j) - entry(first, i // c, j // c) * entry(second, i % c, j % c)) for i, j in pairs
    )
    if apart <= TOLERANCE:
        return "separable", "product"
    if min(coherence(rho, lambda s: s // c), coherence(rho, lambda s: s % c)) <= TOLERANCE:
        return "separable", "classical"
    if purity(rho) <= 1 / (rho.n - 1):
        return "separable", "purity"
    rank, *local = [sum(x > TOLERANCE for x in m.spectrum()) for m in (rho, first, second)]
    return ("separable", "low-rank") if rank <= max(local) else ("undecided", "none")


def arranged(belief, dimensions, n):
    """The belief with factor n slowest, and the dimensions of the two sides."""
    rest = size_of(dimensions) // dimensions[n]
    out = [0.0] * len(belief)
    for value, states in zip(belief, joint_states(dimensions)):
        at = states[n]
        for m, s in enumerate(states):
            if m != n:
                at = at * dimensions[m] + s
        out[at] = value
    return out, [dimensions[n], rest]


def sector_decomposition(made, belief, unit="bits"):
    partition = made.partition
    if partition.kind != "sector":
        raise UnsupportedError()
    check_law(belief)
    joint, sides = arranged(belief, partition.dimensions, partition.conserved[0])
    parts = []
    for beta, weight in enumerate(made.weights(belief)):
        if weight != 0:
            parts.append((weight, arranged(made.within(belief, beta), partition.dimensions, partition.conserved[0])[0]))

    def mean(of):
        return sum(weight * of(own) for weight, own in parts)

    reduced = []
    for weight, own in parts:
        psi = square_root(own, sides)
        rho = Density(mixture_of([1.0], [psi]))
        reduced.append([[weight * x for x in row] for row in partial_trace(rho, sides, "second").real])
    whole = [[sum(m[i][j] for m in reduced) for j in range(sides[1])] for i in range(sides[1])]
    within = mean(lambda own: schmidt(own, sides, unit=unit)["entropy"])

    def column(own):
        return entropy([max(0.0, x) for x in sums(own, sides)[1]], unit)

    return {
        "entropy": schmidt(joint, sides, unit=unit)["entropy"],
        "within": within,
        "chi": von_neumann(Density(whole), unit) - within,
        "information": mutual_information(joint, sides, unit)["information"],
        "informationWithin": mean(lambda own: mutual_information(own, sides, unit)["information"]),
        "informationLabel": column(joint) - mean(column),
    }


def page_entropy(dimensions, unit="bits"):
    m, n = sorted(dimensions)
    return (sum(1 / k for k in range(n + 1, m * n + 1)) - (m - 1) / (2 * n)) * scale_of(unit)
