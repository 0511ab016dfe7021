import { ShapeError } from "@semifactor/ghmm";
import { checkList } from "@semifactor/ghmm/internal";
import { checkFinite, checkInteger, checkLength } from "../../_internal/checks.ts";
import type { Dimensions } from "../../entanglement/density-matrix.ts";

/** Throws unless the operator is a finite `[d, d]` with `d = dA * dC`, both at least one. */
export function checkOperator(source: string, operator: ArrayLike<number>, dimensions: Dimensions): void {
  checkList(source, "operator", operator);
  checkList(source, "dimensions", dimensions);
  checkLength(source, "dimensions", dimensions, 2);
  const [dA, dC] = dimensions;
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
