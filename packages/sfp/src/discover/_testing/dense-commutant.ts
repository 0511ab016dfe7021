import { type Process, singularValueDecomposition } from "@semifactor/ghmm";

/**
 * Dimension of `{X : X T^x = T^x X}` by the null space of all `d^2` unknowns at once: the oracle of the structured solver.
 * Row `(a, b)` of the equations of a token is `sum_c X[a, c] T[c, b] - T[a, c] X[c, b]`.
 */
export function denseCommutantDimension(process: Process, tolerance = 1e-8): number {
  const d = process.stateDim;
  const equations: Float64Array[] = [];
  process.alphabet.forEach((_, token) => {
    const operator = process.operator(token);
    for (let a = 0; a < d; a++) {
      for (let b = 0; b < d; b++) {
        const row = new Float64Array(d * d);
        for (let c = 0; c < d; c++) {
          row[a * d + c] = (row[a * d + c] ?? 0) + (operator[c * d + b] ?? 0);
          row[c * d + b] = (row[c * d + b] ?? 0) - (operator[a * d + c] ?? 0);
        }
        equations.push(row);
      }
    }
  });
  const { values } = singularValueDecomposition(
    equations.flatMap((row) => [...row]),
    [equations.length, d * d],
  );
  return values.filter((value) => value <= tolerance * Math.max(1, values[0] ?? 0)).length;
}
