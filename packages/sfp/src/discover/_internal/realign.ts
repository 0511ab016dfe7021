import { ShapeError } from "@semifactor/ghmm";
import { checkFinite, checkInteger } from "../../_internal/checks.ts";

/** Throws unless the operator is a finite `[d, d]` with `d = dA * dC`, both at least one. */
export function checkOperator(source: string, operator: ArrayLike<number>, [dA, dC]: readonly [number, number]): void {
  checkInteger(source, "dimensions[0]", dA, 1, 2 ** 20);
  checkInteger(source, "dimensions[1]", dC, 1, 2 ** 20);
  if (operator.length !== (dA * dC) ** 2) {
    throw new ShapeError({
      source,
      problem: `operator has ${operator.length} entries for dimensions [${dA}, ${dC}]`,
      remedy: `Give the ${dA * dC} x ${dA * dC} operator row by row, or dimensions that multiply to its size`,
    });
  }
  checkFinite(source, "operator", operator);
}

/**
 * The realigned matrix `R[(a, a'), (c, c')] = T[(a, c), (a', c')]` of an operator, row-major `[dA^2, dC^2]`: it has rank one exactly
 * if the operator is a tensor product.
 */
export function realign(operator: ArrayLike<number>, [dA, dC]: readonly [number, number]): Float64Array {
  const d = dA * dC;
  const out = new Float64Array(d * d);
  for (let a = 0, at = 0; a < dA; a++) {
    for (let aTo = 0; aTo < dA; aTo++) {
      for (let c = 0; c < dC; c++) {
        for (let cTo = 0; cTo < dC; cTo++, at++) out[at] = operator[(a * dC + c) * d + aTo * dC + cTo] ?? 0;
      }
    }
  }
  return out;
}
