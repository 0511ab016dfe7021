"""Linear algebra on lists."""

from math import sqrt


def dot(a, b):
    return sum(x * y for x, y in zip(a, b))


def row_times(row, matrix):
    return [sum(row[i] * matrix[i][j] for i in range(len(row))) for j in range(len(matrix[0]))]


def times_column(matrix, column):
    return [dot(row, column) for row in matrix]


def multiply(a, b):
    return [row_times(row, b) for row in a]


def transpose(a):
    return [list(column) for column in zip(*a)]


def identity(n):
    return [[float(i == j) for j in range(n)] for i in range(n)]


def add(a, b, factor=1.0):
    return [[x + factor * y for x, y in zip(p, q)] for p, q in zip(a, b)]


def kronecker(a, b):
    return [[x * y for x in p for y in q] for p in a for q in b]


def kronecker_vector(a, b):
    return [x * y for x in a for y in b]


def reduce_rows(matrix, tolerance):
    """Reduced row echelon form by Gauss-Jordan elimination with complete pivoting by rows; returns it and its pivots."""
    m = [list(row) for row in matrix]
    pivots = []
    row = 0
    scale = max((abs(x) for r in m for x in r), default=0.0) or 1.0
    for column in range(len(m[0])):
        if row == len(m):
            break
        best = max(range(row, len(m)), key=lambda i: abs(m[i][column]))
        if abs(m[best][column]) <= tolerance * scale:
            continue
        m[row], m[best] = m[best], m[row]
        pivot = m[row][column]
        m[row] = [x / pivot for x in m[row]]
        for i in range(len(m)):
            if i != row and m[i][column] != 0:
                factor = m[i][column]
                m[i] = [x - factor * y for x, y in zip(m[i], m[row])]
        pivots.append(column)
        row += 1
    return m, pivots


def null_space(matrix, tolerance=1e-9):
    """A basis of the columns v with matrix v = 0."""
    m, pivots = reduce_rows(matrix, tolerance)
    n = len(matrix[0])
    basis = []
    for free in (c for c in range(n) if c not in pivots):
        v = [0.0] * n
        v[free] = 1.0
        for row, column in enumerate(pivots):
            v[column] = -m[row][free]
        basis.append(v)
    return basis


def rank(matrix, tolerance=1e-10):
    return len(reduce_rows(matrix, tolerance)[1]) if matrix else 0


def solve(a, b):
    """The matrix x with a x = b, or None if a is singular."""
    n = len(a)
    m, pivots = reduce_rows([list(p) + list(q) for p, q in zip(a, b)], 1e-14)
    return [row[n:] for row in m] if pivots == list(range(n)) else None


def inverse(a):
    return solve(a, identity(len(a)))


def krylov(start, maps, tolerance=1e-10):
    """An orthonormal basis of the span of start under the maps, which act from the right on rows."""
    length = sqrt(dot(start, start))
    basis = [[x / length for x in start]]
    norms = [sqrt(sum(x * x for row in m for x in row)) for m in maps]
    for vector in basis:
        for m, norm in zip(maps, norms):
            image = row_times(vector, m)
            for _ in range(2):
                for unit in basis:
                    overlap = dot(unit, image)
                    image = [x - overlap * y for x, y in zip(image, unit)]
            left = sqrt(dot(image, image))
            if left > tolerance * norm and left > 0:
                basis.append([x / left for x in image])
    return basis
