"""D41 to D46: random numbers and samples."""

from math import floor
from statistics import NormalDist

from .errors import InvalidArgumentError
from .process import beliefs_along, next_token, read_belief, require_hmm, step

MASK = 0xFFFFFFFF


def rotate_left(x, bits):
    return ((x << bits) | (x >> (32 - bits))) & MASK


def block(key, counter):
    k = [key[0], key[1], key[0] ^ key[1] ^ 0x1BD11BDA]
    x, y = (counter[0] + k[0]) & MASK, (counter[1] + k[1]) & MASK
    for group in range(1, 6):
        for bits in (13, 15, 26, 6) if group % 2 == 1 else (17, 29, 16, 24):
            x = (x + y) & MASK
            y = rotate_left(y, bits) ^ x
        x = (x + k[group % 3]) & MASK
        y = (y + k[(group + 1) % 3] + group) & MASK
    return [x, y]


def key_of_seed(seed):
    if not isinstance(seed, int) or not 0 <= seed < 2**53:
        raise InvalidArgumentError()
    return [seed >> 32, seed & MASK]


def key_of_data(key, data):
    return block(key, [0, data])


def draw(key, i):
    x, y = block(key, [0, i])
    return x ^ y


def uniform(u):
    return (u >> 9) / 2**23


def normal(u):
    return NormalDist().inv_cdf((u + 0.5) / 2**32)


def words_of_sequence(key, i, count):
    return [block(key, [i, t // 2])[t % 2] for t in range(count)]


def select(outcomes, u):
    """The first outcome whose bound is greater than u; outcomes are (weight, what)."""
    cumulative, sums = 0.0, []
    for weight, _ in outcomes:
        cumulative += weight
        sums.append(cumulative)
    for total, (_, what) in zip(sums, outcomes):
        if floor(total / cumulative * 2**32 + 0.5) > u:
            return what


def sample_hmm(process, key, count, length, firstIndex=0):
    states = range(process.dim)
    start = [(p, s) for s, p in enumerate(process.initial) if p > 0]
    outcomes = [
        [(p, (x, to)) for x, t in enumerate(process.operators) for to, p in enumerate(t[s]) if p > 0] for s in states
    ]
    tokens, paths = [], []
    for i in range(firstIndex, firstIndex + count):
        words = words_of_sequence(key, i, length + 1)
        path, row = [select(start, words[0])], []
        for u in words[1:]:
            x, state = select(outcomes[path[-1]], u)
            row.append(x)
            path.append(state)
        tokens.append(row)
        paths.append(path)
    return {"tokens": tokens, "states": paths}


def sample_by_beliefs(process, key, count, length, firstIndex=0):
    tokens = []
    for i in range(firstIndex, firstIndex + count):
        words = words_of_sequence(key, i, length + 1)
        belief, row = read_belief(process, process.initial), []
        for u in words[1:]:
            weights = [p if p > 1e-12 else 0.0 for p in next_token(process, belief)]
            row.append(first_beyond(weights, u))
            belief = step(process, belief, row[-1])[1]
        tokens.append(row)
    return {"tokens": tokens}


def first_beyond(weights, u):
    """The first index of positive weight whose cumulative weight exceeds (u + 1/2) / 2^32 of the sum."""
    target = (u + 0.5) / 2**32 * sum(weights)
    chosen, cumulative = None, 0.0
    for i, weight in enumerate(weights):
        if weight > 0:
            chosen = i
            cumulative += weight
            if cumulative > target:
                break
    return chosen


def sample_paths(process, word, key, count):
    require_hmm(process)
    beliefs = beliefs_along(process, word)
    paths = []
    for i in range(count):
        own = key_of_data(key, i)
        path = []
        for t in range(len(word), -1, -1):
            weights = beliefs[t]
            if path:
                weights = [b * row[path[0]] for b, row in zip(beliefs[t], process.operators[word[t]])]
            path.insert(0, first_beyond(weights, block(own, [0, t])[0]))
        paths.append(path)
    return paths
