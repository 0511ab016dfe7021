"""D69 to D74: embeddings of beliefs, density matrices and the maps between them."""

from math import sqrt

from .errors import InvalidArgumentError, NotNormalizedError, ShapeError
from .information import entropy
from .sfp_discovery import realign
from .sfp_linear import eigenvalues, singular_values
from .sfp_structure import check_states, joint_states

TOLERANCE = 1e-9


def check_law(law):
    if any(x < -1e-12 for x in law):
        raise InvalidArgumentError()
    if abs(sum(law) - 1) > TOLERANCE:
        raise NotNormalizedError()


def check_unit(state):
    if abs(sum(x * x for x in state) - 1) > TOLERANCE:
        raise NotNormalizedError()


def square_root(belief, dimensions):
    check_states(dimensions, len(belief))
    check_law(belief)
    total = sum(belief)
    return [sqrt(max(x, 0.0) / total) for x in belief]


def amplitude(belief, dimensions):
    check_states(dimensions, len(belief))
    norm = sqrt(sum(x * x for x in belief))
    if norm == 0:
        raise InvalidArgumentError()
    return [x / norm for x in belief]


def embedded(belief, embedding, dimensions=None):
    if embedding == "diagonal":
        check_law(belief)
        return {"density": [[x if i == j else 0.0 for j in range(len(belief))] for i, x in enumerate(belief)]}
    return {"state": square_root(belief, dimensions) if embedding == "sqrt" else amplitude(belief, dimensions)}


def mixture_of(weights, vectors):
    d = len(vectors[0])
    return [[sum(p * v[i] * v[j] for p, v in zip(weights, vectors)) for j in range(d)] for i in range(d)]


def ensemble(weights, states=None, points=None, dimensions=None):
    check_law(weights)
    if states is not None:
        if len(weights) != len(states):
            raise ShapeError()
        for state in states:
            check_unit(state)
        return {"density": mixture_of(weights, states)}
    check_states(dimensions, len(points[0]))
    mean = [sum(p * x for p, x in zip(weights, column)) for column in zip(*points)]
    sigma = mixture_of(weights, [[x - m for x, m in zip(point, mean)] for point in points])
    trace = sum(sigma[i][i] for i in range(len(sigma)))
    return {"density": [[x / trace for x in row] for row in sigma]}


def schmidt(belief, dimensions, embedding="sqrt", unit="bits"):
    state = embedded(belief, embedding, dimensions)["state"]
    width = dimensions[1]
    values = singular_values([state[i : i + width] for i in range(0, len(state), width)])[1]
    return {
        "coefficients": values,
        "rank": sum(v > 1e-10 * values[0] for v in values),
        "entropy": entropy([v * v for v in values], unit),
    }


class Density:
    """A matrix of rows, with or without an imaginary part."""

    def __init__(self, real, imaginary=None, check=True):
        self.parts = [real] if imaginary is None else [real, imaginary]
        self.real, self.imaginary = real, imaginary
        self.n = n = len(real)
        if any(len(row) != n for part in self.parts for row in part):
            raise ShapeError()
        if not check:
            return
        for part, sign in zip(self.parts, (1, -1)):
            if any(abs(part[i][j] - sign * part[j][i]) > TOLERANCE for i in range(n) for j in range(n)):
                raise InvalidArgumentError()
        if abs(sum(real[i][i] for i in range(n)) - 1) > TOLERANCE:
            raise NotNormalizedError()
        if self.spectrum()[-1] < -TOLERANCE:
            raise InvalidArgumentError()

    def spectrum(self):
        return eigenvalues(self.real, self.imaginary)

    def mapped(self, entry):
        """The matrix each part of which is made by `entry`."""
        return Density(*[entry(part) for part in self.parts], check=False)

    def written(self):
        return {"density": self.real, **({} if self.imaginary is None else {"imaginary": self.imaginary})}


def density(i, dimensions=None, check=True):
    if dimensions is not None:
        check_states(dimensions, len(i["density"]))
    return Density(i["density"], i.get("imaginary"), check)


def partial_trace(rho, dimensions, keep):
    a, c = dimensions

    def entry(part):
        if keep == "first":
            return [[sum(part[i * c + k][j * c + k] for k in range(c)) for j in range(a)] for i in range(a)]
        return [[sum(part[k * c + i][k * c + j] for k in range(a)) for j in range(c)] for i in range(c)]

    return rho.mapped(entry)


def partial_transpose(rho, dimensions, side="second"):
    states = joint_states(dimensions)
    c = dimensions[1]

    def entry(part):
        if side == "first":
            return [[part[q[0] * c + p[1]][p[0] * c + q[1]] for q in states] for p in states]
        return [[part[p[0] * c + q[1]][q[0] * c + p[1]] for q in states] for p in states]

    return rho.mapped(entry)


def realigned(rho, dimensions):
    parts = [realign(part, dimensions) for part in rho.parts]
    return {"density": parts[0], **({"imaginary": parts[1]} if len(parts) > 1 else {})}
