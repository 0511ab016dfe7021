import { kronecker } from "../../numeric/matrix.ts";
import type { Process } from "../process.ts";
import type { OperatorStorage } from "./operator-storage.ts";

/** The tokens of the factors, big-endian, that a joint token stands for. */
export function factorTokens(sizes: readonly number[], token: number, out: Uint32Array): void {
  for (let n = sizes.length - 1, rest = token; n >= 0; n--) {
    const size = sizes[n] ?? 1;
    out[n] = rest % size;
    rest = Math.floor(rest / size);
  }
}

/** Writes `in` with index `[before, d, after]`, its middle index multiplied by a row-major `[d, d]` matrix, to `out`. */
function multiplyMode(
  input: Float64Array,
  matrix: Float64Array,
  [before, d, after]: readonly [number, number, number],
  out: Float64Array,
): void {
  out.fill(0);
  for (let l = 0; l < before; l++) {
    for (let i = 0; i < d; i++) {
      const from = (l * d + i) * after;
      for (let j = 0; j < d; j++) {
        const weight = matrix[i * d + j] ?? 0;
        if (weight === 0) continue;
        const to = (l * d + j) * after;
        for (let r = 0; r < after; r++) out[to + r] = (out[to + r] ?? 0) + weight * (input[from + r] ?? 0);
      }
    }
  }
}

/** Tensor products of the operators of the factors: `O(d sum_n d_n)` for one application, where `d` is the product of the `d_n`. */
export function kroneckerStorage(factors: readonly Process[]): OperatorStorage {
  const dimensions = factors.map(({ stateDim }) => stateDim);
  const sizes = factors.map(({ alphabet }) => alphabet.length);
  const operators = factors.map((factor) => factor.alphabet.map((_, token) => factor.operator(token)));
  const stateDim = dimensions.reduce((product, d) => product * d, 1);
  const scratch = [new Float64Array(stateDim), new Float64Array(stateDim)] as const;
  const tokens = new Uint32Array(factors.length);
  const before = dimensions.map((_, n) => dimensions.slice(0, n).reduce((product, d) => product * d, 1));
  return {
    description: { kind: "kronecker", factors: Object.freeze([...factors]) },
    apply(belief, token, out) {
      factorTokens(sizes, token, tokens);
      let [from, to] = scratch;
      for (let s = 0; s < stateDim; s++) from[s] = belief[s] ?? 0;
      dimensions.forEach((d, n) => {
        const matrix = operators[n]?.[tokens[n] ?? 0];
        if (matrix === undefined) return;
        multiplyMode(from, matrix, [before[n] ?? 1, d, stateDim / ((before[n] ?? 1) * d)], to);
        [from, to] = [to, from];
      });
      out.set(from);
    },
    operator(token) {
      factorTokens(sizes, token, tokens);
      let product: Float64Array = Float64Array.of(1);
      let size = 1;
      dimensions.forEach((d, n) => {
        product = kronecker(product, size, operators[n]?.[tokens[n] ?? 0] ?? new Float64Array(d * d), d);
        size *= d;
      });
      return product;
    },
  };
}
