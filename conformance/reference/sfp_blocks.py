"""D51 to D55: semi-factored processes and their blocks."""

from functools import reduce
from math import log

from .errors import InvalidArgumentError, NotBlockInvariantError, NotNormalizedError, ShapeError, ZeroProbabilityError
from .information import cesaro_projector
from .linear import dot, kronecker_vector, row_times, solve
from .process import IMPOSSIBLE, TOLERANCE, check_token, net
from .sfp_linear import singular_values
from .sfp_structure import Partition, check_index, check_states, joint_states, ones, size_of


def number(x):
    """A number, or the string that stands for an infinite one."""
    if x in (float("inf"), -float("inf")):
        return "Infinity" if x > 0 else "-Infinity"
    return x


def defect(process, partition):
    b = partition.block_of
    d = process.dim
    return max(abs(t[i][j]) if b[i] != b[j] else 0.0 for t in process.operators for i in range(d) for j in range(d))


def realigned_block(operator, dimensions, n, states):
    """The operator on a rectangle of states, one row for each pair of states of factor n."""
    own = sorted({joint_states(dimensions)[s][n] for s in states})
    by_rest = {}
    for s in states:
        joint = joint_states(dimensions)[s]
        by_rest.setdefault(joint[:n] + joint[n + 1 :], {})[joint[n]] = s
    return [[operator[p[a]][q[b]] for p in by_rest.values() for q in by_rest.values()] for a in own for b in own]


def is_strong(process, partition):
    joint = joint_states(partition.dimensions)
    for states in partition.states:
        sides = [{joint[s][n] for s in states} for n in range(len(partition.dimensions))]
        if size_of([len(side) for side in sides]) != len(states):
            return False
        for n in range(len(sides)):
            for t in process.operators:
                values = singular_values(realigned_block(t, partition.dimensions, n, states))[1]
                if len(values) > 1 and values[1] > TOLERANCE:
                    return False
    return True


class SemiFactored:
    """D51, with what D53 to D55 need."""

    def __init__(self, process, dimensions, blocks, sectors=None, normalizers=None, tolerance=1e-9, **_):
        check_states(dimensions, process.dim)
        w = reduce(kronecker_vector, ones(dimensions, normalizers))
        if any(abs(x - y) > TOLERANCE for x, y in zip(w, process.normalizer)):
            raise NotNormalizedError()
        self.process = process
        self.partition = Partition(dimensions, blocks, sectors)
        self.defect = defect(process, self.partition)
        if self.defect > tolerance:
            raise NotBlockInvariantError()
        self.floor = 0.0 if process.certificate == "hmm" else IMPOSSIBLE

    def weights(self, belief):
        if len(belief) != self.process.dim:
            raise ShapeError()
        out = [0.0] * len(self.partition.states)
        for beta, b, w in zip(self.partition.block_of, belief, self.process.normalizer):
            out[beta] += b * w
        return out

    def within(self, belief, block):
        check_index(block, len(self.partition.states))
        weight = self.weights(belief)[block]
        if weight == 0:
            raise InvalidArgumentError()
        return [b / weight if beta == block else 0.0 for b, beta in zip(belief, self.partition.block_of)]

    def step(self, belief, token):
        """Of a belief inside a block: its prediction, and the belief after; (0, None) where the token is impossible."""
        check_token(self.process, token)
        after = row_times(belief, self.process.operators[token])
        p = dot(after, self.process.normalizer)
        return (p, [x / p for x in after]) if abs(p) > self.floor else (0.0, None)

    def start(self):
        weights = self.weights(self.process.initial)
        inside = [
            self.within(self.process.initial, beta) if weight != 0 else None for beta, weight in enumerate(weights)
        ]
        return weights, inside


def zeroed(beliefs, d):
    return [sum(parts) for parts in zip(*[b or [0.0] * d for b in beliefs])]


def filter_blocks(made, word):
    weights, inside = made.start()
    d = made.process.dim
    out = {"weights": [weights], "probabilities": [], "likelihoods": [], "beliefs": [zeroed(inside, d)]}
    for position, token in enumerate(word):
        check_token(made.process, token)
        steps = [(0.0, None) if b is None else made.step(b, token) for b in inside]
        likelihood = [p for p, _ in steps]
        total = dot(weights, likelihood)
        if total <= IMPOSSIBLE:
            raise ZeroProbabilityError(position=position, token=token)
        weights = [x * p / total for x, p in zip(weights, likelihood)]
        inside = [b for _, b in steps]
        out["weights"].append(weights)
        out["probabilities"].append(total)
        out["likelihoods"].append(likelihood)
        out["beliefs"].append(zeroed(inside, d))
    return out


def log_odds(made, word, pair, unit="bits"):
    first, second = pair
    weights, inside = made.start()
    for beta in pair:
        check_index(beta, len(weights))
    if first == second or weights[first] <= 0 or weights[second] <= 0:
        raise InvalidArgumentError()
    scale = 1.0 if unit == "nats" else 1 / log(2)
    odds = log(weights[first]) - log(weights[second])
    out = [odds * scale]
    a, b = inside[first], inside[second]
    for position, token in enumerate(word):
        p, a = (0.0, None) if a is None else made.step(a, token)
        q, b = (0.0, None) if b is None else made.step(b, token)
        if p == 0 and q == 0:
            raise ZeroProbabilityError(position=position, token=token)
        odds = float("inf") if q == 0 else -float("inf") if p == 0 else odds + log(p) - log(q)
        out.append(odds * scale)
    return {"logOdds": [number(x) for x in out]}


def closed_classes(matrix):
    """Sets of states that reach each other and no others."""
    n = len(matrix)
    reach = [{i} for i in range(n)]
    for _ in range(n):
        reach = [seen | {k for j in seen for k in range(n) if matrix[j][k] > 0} for seen in reach]
    return sorted({tuple(sorted(seen)) for i, seen in enumerate(reach) if all(i in reach[j] for j in seen)})


def steps_before_leaving(matrix, initial, classes):
    """How many steps are spent in each state that is left for good: m = eta + m T on these states."""
    passing = [s for s in range(len(matrix)) if all(s not in one for one in classes)]
    counts = [0.0] * len(matrix)
    if passing:
        system = [[float(i == j) - matrix[j][i] for j in passing] for i in passing]
        for s, (steps,) in zip(passing, solve(system, [[initial[s]] for s in passing])):
            counts[s] = steps
    return counts


def leakage(process, dimensions, blocks, sectors=None, start=None):
    check_states(dimensions, process.dim)
    partition = Partition(dimensions, blocks, sectors)
    is_hmm = process.certificate == "hmm"
    start = start or ("stationary" if is_hmm else "initial")
    if start == "stationary" and not is_hmm:
        raise InvalidArgumentError()
    total = net(process.operators)
    belief = spare = process.initial
    if start == "stationary":
        classes = closed_classes(total)
        belief = row_times(process.initial, cesaro_projector(total, classes))
        spare = steps_before_leaving(total, process.initial, classes)
    w, count = process.normalizer, len(partition.states)
    weights, flow, entries = [], [], []
    for states in partition.states:
        own = next(
            b for b in (belief, spare, w) if abs(sum(b[s] * w[s] for s in states)) > 1e-12
        )
        weights.append(sum(belief[s] * w[s] for s in states))
        mass = sum(own[s] * w[s] for s in states)
        inside = [x / mass if s in states else 0.0 for s, x in enumerate(own)]
        after = [x * y for x, y in zip(row_times(inside, total), w)]
        flow.append([sum(after[s] for s in other) for other in partition.states])
        entries.append(
            [max(abs(t[i][j]) for t in process.operators for i in states for j in other) for other in partition.states]
        )
    leaving = [sum(flow[i][j] for j in range(count) if j != i) for i in range(count)]
    return {
        "defect": defect(process, partition),
        "entries": entries,
        "flow": flow,
        "weights": weights,
        "residence": [number(1 / x if x > 0 else float("inf")) for x in leaving],
    }
