"""Singular values, and eigenvalues of Hermitian matrices, by Jacobi rotations."""

from math import hypot, sqrt

from .linear import dot, transpose


def singular_values(matrix):
    """One-sided Jacobi: rotates columns in pairs until they are orthogonal. Returns (u, s, v), the largest value first."""
    wide = len(matrix) < len(matrix[0])
    columns = [list(row) for row in matrix] if wide else transpose(matrix)
    n = len(columns)
    rotation = [[float(i == j) for j in range(n)] for i in range(n)]
    size = sum(x * x for column in columns for x in column)
    for _ in range(60):
        changed = False
        for i in range(n):
            for j in range(i + 1, n):
                a, b = dot(columns[i], columns[i]), dot(columns[j], columns[j])
                c = dot(columns[i], columns[j])
                if abs(c) <= 1e-16 * sqrt(a * b) or abs(c) <= 1e-32 * size:
                    continue
                changed = True
                zeta = (b - a) / (2 * c)
                t = (1 if zeta >= 0 else -1) / (abs(zeta) + hypot(1, zeta))
                cosine = 1 / hypot(1, t)
                sine = cosine * t
                for pair in (columns, rotation):
                    p, q = pair[i], pair[j]
                    pair[i] = [cosine * x - sine * y for x, y in zip(p, q)]
                    pair[j] = [sine * x + cosine * y for x, y in zip(p, q)]
        if not changed:
            break
    order = sorted(range(n), key=lambda k: -dot(columns[k], columns[k]))
    values = [sqrt(dot(columns[k], columns[k])) for k in order]
    units = [[x / value if value > 0 else 0.0 for x in columns[k]] for k, value in zip(order, values)]
    others = [rotation[k] for k in order]
    return (others, values, units) if wide else (units, values, others)


def doubled(real, imaginary=None):
    """The real symmetric matrix [[re, -im], [im, re]] of a Hermitian one: every eigenvalue, and singular value, twice."""
    if imaginary is None:
        return real
    top = [list(p) + [-x for x in q] for p, q in zip(real, imaginary)]
    return top + [list(q) + list(p) for p, q in zip(real, imaginary)]


def symmetric_eigen(matrix):
    """Cyclic Jacobi: the eigenvalues, the largest first, and a unit eigenvector of each."""
    m = [list(row) for row in matrix]
    n = len(m)
    vectors = [[float(i == j) for j in range(n)] for i in range(n)]
    size = sum(x * x for row in m for x in row)
    for _ in range(100):
        if sum(m[i][j] ** 2 for i in range(n) for j in range(n) if i != j) <= 1e-34 * size:
            break
        for p in range(n):
            for q in range(p + 1, n):
                if m[p][q] == 0:
                    continue
                zeta = (m[q][q] - m[p][p]) / (2 * m[p][q])
                t = (1 if zeta >= 0 else -1) / (abs(zeta) + hypot(1, zeta))
                c = 1 / hypot(1, t)
                s = c * t
                for k in range(n):
                    x, y = m[k][p], m[k][q]
                    m[k][p], m[k][q] = c * x - s * y, s * x + c * y
                for k in range(n):
                    x, y = m[p][k], m[q][k]
                    m[p][k], m[q][k] = c * x - s * y, s * x + c * y
                for row in vectors:
                    x, y = row[p], row[q]
                    row[p], row[q] = c * x - s * y, s * x + c * y
    order = sorted(range(n), key=lambda k: -m[k][k])
    return [m[k][k] for k in order], [[row[k] for row in vectors] for k in order]


def eigenvalues(real, imaginary=None):
    """Of a Hermitian matrix, the largest first."""
    values = symmetric_eigen(doubled(real, imaginary))[0]
    return values if imaginary is None else values[::2]
