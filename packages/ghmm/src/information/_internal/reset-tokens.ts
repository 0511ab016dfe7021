import { dot } from "../../numeric/matrix.ts";
import type { Process } from "../../process/process.ts";

/** Size of an entry, relative to the largest of its operator, that is rounding. */
const ROUNDING = 1e-13;

/**
 * The tokens whose operator has rank one, `T^x = u v`, each with the belief `v / (v w)` that follows it whatever was before.
 */
export function resetTokens(process: Process): ReadonlyMap<number, Float64Array> {
  const d = process.stateDim;
  const resets = new Map<number, Float64Array>();
  process.alphabet.forEach((_, token) => {
    const operator = process.operator(token);
    let largest = 0;
    for (let at = 0; at < d * d; at++) if (Math.abs(operator[at] ?? 0) > Math.abs(operator[largest] ?? 0)) largest = at;
    const pivot = operator[largest] ?? 0;
    if (pivot === 0) return;
    const [row, column] = [Math.floor(largest / d), largest % d];
    const v = operator.slice(row * d, (row + 1) * d);
    for (let at = 0; at < d * d; at++) {
      const expected = ((operator[Math.floor(at / d) * d + column] ?? 0) / pivot) * (v[at % d] ?? 0);
      if (Math.abs((operator[at] ?? 0) - expected) > ROUNDING * Math.abs(pivot)) return;
    }
    const norm = dot(v, process.normalizer);
    if (Math.abs(norm) > ROUNDING * Math.abs(pivot))
      resets.set(
        token,
        v.map((value) => value / norm),
      );
  });
  return resets;
}
