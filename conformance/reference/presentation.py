"""D23 to D25: mixed states."""

from .errors import InvalidArgumentError
from .linear import dot
from .process import backward_space, read_belief, step


def tree(process, depth, probabilityThreshold=0.0):
    if not isinstance(depth, int) or depth < 0:
        raise InvalidArgumentError()
    level = [([], 1.0, read_belief(process, process.initial))]
    nodes, levels = list(level), [1]
    cut_nodes, cut_probability = 0, 0.0
    for _ in range(depth):
        following = []
        for word, probability, belief in level:
            for x in range(process.tokens):
                conditional, after = step(process, belief, x)
                if after is None:
                    continue
                joint = probability * conditional
                if joint < probabilityThreshold:
                    cut_nodes += 1
                    cut_probability += joint
                else:
                    following.append((word + [x], joint, after))
        level = following
        if not level:
            break
        nodes += level
        levels.append(len(level))
    return {
        "levels": levels,
        "words": [node[0] for node in nodes],
        "probabilities": [node[1] for node in nodes],
        "beliefs": [node[2] for node in nodes],
        "cut": {"nodes": cut_nodes, "probability": cut_probability},
    }


class Presentation:
    """D24, by comparing every new state with all known ones."""

    def __init__(self, process, maxStates=4096, maxDepth=None, tolerance=1e-8):
        basis = backward_space(process)
        whole = len(basis) == process.dim

        def coordinates(belief):
            return belief if whole else [dot(belief, unit) for unit in basis]

        start = read_belief(process, process.initial)
        self.process = process
        self.states, self.depth, self.transitions = [start], [0], []
        points = [coordinates(start)]
        self.expanded = 0
        while self.expanded < len(self.states):
            source = self.expanded
            if maxDepth is not None and self.depth[source] >= maxDepth:
                break
            size, moves = len(self.states), len(self.transitions)
            for x in range(process.tokens):
                probability, after = step(process, self.states[source], x)
                if after is None:
                    continue
                point = coordinates(after)
                distances = [max(abs(a - b) for a, b in zip(point, known)) for known in points]
                target = min(range(len(points)), key=distances.__getitem__)
                if distances[target] > tolerance:
                    target = len(points)
                    points.append(point)
                    self.states.append(after)
                    self.depth.append(self.depth[source] + 1)
                self.transitions.append([source, x, target, probability])
            if len(self.states) > maxStates:
                del self.states[size:], self.depth[size:], points[size:], self.transitions[moves:]
                break
            self.expanded += 1
        self.complete = self.expanded == len(self.states)

    def classes(self):
        """D25, by the sets of states that each state reaches."""
        n = len(self.states)
        following = [set() for _ in range(n)]
        for source, _, target, _ in self.transitions:
            following[source].add(target)
        reach = []
        for i in range(n):
            seen, todo = {i}, [i]
            while todo:
                for j in following[todo.pop()] - seen:
                    seen.add(j)
                    todo.append(j)
            reach.append(seen)
        found, done = [], set()
        for i in range(n):
            if i in done or not all(j < self.expanded and i in reach[j] for j in reach[i]):
                continue
            found.append(sorted(reach[i]))
            done |= reach[i]
        return found
