"""D22: named processes."""

from math import cos, exp, log, sin

from .errors import InvalidArgumentError
from .process import create


def check(condition):
    if not condition:
        raise InvalidArgumentError()


def entries(d, tokens, moves):
    """Operators from a list of (token, from, to, probability)."""
    operators = [[[0.0] * d for _ in range(d)] for _ in range(tokens)]
    for x, s, t, p in moves:
        operators[x][s][t] = p
    return operators


def coin(p):
    check(0 <= p <= 1)
    return create("hmm", [[[p]], [[1 - p]]])


def golden_mean(p):
    check(0 <= p <= 1)
    return create("hmm", entries(2, 2, [(0, 0, 0, 1 - p), (1, 0, 1, p), (0, 1, 0, 1.0)]), [1 / (1 + p), p / (1 + p)])


def even_ones(p):
    check(0 <= p <= 1)
    return create("hmm", entries(2, 2, [(0, 0, 0, 1 - p), (1, 0, 1, p), (1, 1, 0, 1.0)]), [1 / (1 + p), p / (1 + p)])


def zero_one_random(p):
    check(0 <= p <= 1)
    return create("hmm", entries(3, 2, [(0, 0, 1, 1.0), (1, 1, 2, 1.0), (0, 2, 0, 1 - p), (1, 2, 0, p)]), [1 / 3] * 3)


RRXOR_STATES = "S01TF"


def rrxor_operators(p1, p2):
    q1, q2 = 1 - p1, 1 - p2
    moves = ["0S0", "1S1", "00F", "10T", "01T", "11F", "1TS", "0FS"]
    values = [p1, q1, p2, q2, p2, q2, 1.0, 1.0]
    at = RRXOR_STATES.index
    return entries(5, 2, [(int(m[0]), at(m[1]), at(m[2]), v) for m, v in zip(moves, values)])


def rrxor(p1, p2):
    check(0 <= p1 <= 1 and 0 <= p2 <= 1)
    q = p1 * (1 - p2) + (1 - p1) * p2
    return create("hmm", rrxor_operators(p1, p2), [x / 3 for x in (1, p1, 1 - p1, q, 1 - q)])


def leaky_rrxor(p1, p2, epsilon):
    check(0 <= p1 <= 1 and 0 <= p2 <= 1 and 0 <= epsilon <= 1)
    if epsilon == 0:
        return rrxor(p1, p2)
    operators = rrxor_operators(p1, p2)
    return create("hmm", [[[(1 - epsilon) * x + epsilon / 10 for x in row] for row in t] for t in operators])


def mess3(x, a):
    check(0 <= x <= 0.5 and 0 <= a <= 1)
    three = range(3)
    return create(
        "hmm",
        [
            [[(a if z == j else (1 - a) / 2) * (1 - 2 * x if i == j else x) for j in three] for i in three]
            for z in three
        ],
        [1 / 3] * 3,
    )


def simple_nonunifilar(p, q):
    check(0 <= p <= 1 and 0 <= q <= 1 and p + q > 0)
    operators = entries(2, 2, [(0, 0, 0, 1 - p), (0, 0, 1, p), (0, 1, 1, 1 - q), (1, 1, 0, q)])
    return create("hmm", operators, [q / (p + q), p / (p + q)])


def matching_parentheses(openProbabilities):
    opens = list(openProbabilities)
    check(opens[0] == 1 and all(0 < o <= 1 for o in opens))
    opens.append(0.0)
    n = len(opens)
    moves = [(0, k, k + 1, opens[k]) for k in range(n - 1)] + [(1, k, k - 1, 1 - opens[k]) for k in range(1, n)]
    return create("hmm", entries(n, 2, moves))


def mr_name(p, q):
    check(0 <= p <= 1 and 0 <= q <= 1 and p + q <= 1 + 1e-15)
    rows = [[0, 0, 0, 1.0], [q, 1 - p - q, p, 0], [q, p, 1 - p - q, 0], [0, 0.5, 0.5, 0]]
    moves = [(t, s, t, value) for s, row in enumerate(rows) for t, value in enumerate(row)]
    return create("hmm", entries(4, 4, moves), [x / (2 + 4 * q) for x in (2 * q, 1, 1, 2 * q)])


def days_of_week():
    moves = []
    for today in range(7):
        tomorrow, yesterday = (today + 1) % 7, (today + 6) % 7
        moves += [(day, today, day, (5 if day == tomorrow else 1) / 15) for day in range(7)]
        moves += [(7, today, tomorrow, 1 / 15), (8, today, yesterday, 1 / 15)]
        moves += [(9, today, day, 1 / 30) for day in (5, 6)] + [(10, today, day, 1 / 75) for day in range(5)]
    return create("hmm", entries(7, 11, moves))


def tom_quantum(alpha, beta):
    check(abs(alpha) <= 1e6 and abs(beta) <= 1e6 and (alpha, beta) != (0, 0))
    n = alpha**2 + beta**2
    c, m, o = 0.25, (alpha**2 - beta**2) / (4 * n), alpha * beta / (2 * n)
    z = [[[c, 0, s * o], [0, m, 0], [s * o, 0, c]] for s in (1, -1)]
    x = [[[c, s * o, 0], [s * o, c, 0], [0, 0, m]] for s in (1, -1)]
    return create("ghmm", z + x, [1.0, 0.0, 0.0], [1.0, 0.0, 0.0])


def fanizza(alpha, **others):
    lam = others["lambda"]
    check(abs(alpha) <= 1e6 and 0 <= lam <= 0.5)
    c, s = cos(alpha), sin(alpha)
    size = 1 - 2 * lam * c + lam * lam
    a, b = (1 - lam * c + lam * s) / size, (1 - lam * c - lam * s) / size
    r = [1 - (2 / (1 - lam) - a - b) / 4, 1 / (2 * (1 - lam)), -a / 4, -b / 4]
    v = [1, 1 - lam, 1 + lam * (s - c), 1 - lam * (s + c)]
    turn = [[0, 0, 0, 0], [0, lam, 0, 0], [0, 0, lam * c, -lam * s], [0, 0, lam * s, lam * c]]
    return create("ghmm", [[[p * q for q in r] for p in v], turn], None, [1.0] * 4)


def post_quantum(logAlpha, beta):
    alpha = exp(logAlpha)
    check(0 < logAlpha <= 20 and 0 < beta < 1 and alpha + beta != 2)
    l, k = log(alpha * beta), alpha + beta - 2
    u = 1 + abs(k) + abs(l) + abs(k * l)
    for _ in range(200):
        u -= ((u * u + l) * (u - k) - k * u) / (3 * u * u - 2 * k * u + l - k)
    dilations = [[[v, 0, 0], [0, 1, 0], [0, log(v), 1]] for v in (alpha, beta)]
    operators = [[[1, -1, -1], [1, -1, -1], [0, 0, 0]]] + dilations
    operators = [[[x / (2 + u) for x in row] for row in t] for t in operators]
    return create("ghmm", operators, None, [1 + u + l / u, 1.0, l / u])


NAMED = {
    "coin": coin,
    "goldenMean": golden_mean,
    "evenOnes": even_ones,
    "zeroOneRandom": zero_one_random,
    "rrxor": rrxor,
    "leakyRrxor": leaky_rrxor,
    "mess3": mess3,
    "simpleNonunifilar": simple_nonunifilar,
    "matchingParentheses": matching_parentheses,
    "mrName": mr_name,
    "daysOfWeek": days_of_week,
    "tomQuantum": tom_quantum,
    "fanizza": fanizza,
    "postQuantum": post_quantum,
}
