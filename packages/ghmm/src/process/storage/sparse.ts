import type { OperatorStorage } from "./operator-storage.ts";

/** Compressed sparse rows, the rows of all tokens in one array: row `s` of token `x` is row `x * d + s`. */
export function sparseStorage(operators: readonly Float64Array[], stateDim: number): OperatorStorage {
  const rows = operators.length * stateDim;
  const rowStart = new Uint32Array(rows + 1);
  const columns: number[] = [];
  const values: number[] = [];
  operators.forEach((operator, token) => {
    for (let s = 0; s < stateDim; s++) {
      for (let next = 0; next < stateDim; next++) {
        const value = operator[s * stateDim + next] ?? 0;
        if (value === 0) continue;
        columns.push(next);
        values.push(value);
      }
      rowStart[token * stateDim + s + 1] = values.length;
    }
  });
  const column = Uint32Array.from(columns);
  const value = Float64Array.from(values);
  return {
    description: { kind: "sparse", nonZero: values.length },
    apply(belief, token, out) {
      out.fill(0, 0, stateDim);
      for (let s = 0, row = token * stateDim; s < stateDim; s++, row++) {
        const weight = belief[s] ?? 0;
        if (weight === 0) continue;
        const end = rowStart[row + 1] ?? 0;
        for (let k = rowStart[row] ?? 0; k < end; k++) {
          const next = column[k] ?? 0;
          out[next] = (out[next] ?? 0) + weight * (value[k] ?? 0);
        }
      }
    },
    operator(token) {
      const out = new Float64Array(stateDim * stateDim);
      for (let s = 0, row = token * stateDim; s < stateDim; s++, row++) {
        const end = rowStart[row + 1] ?? 0;
        for (let k = rowStart[row] ?? 0; k < end; k++) out[s * stateDim + (column[k] ?? 0)] = value[k] ?? 0;
      }
      return out;
    },
  };
}
