import { vectorTimesMatrix } from "../../numeric/matrix.ts";
import type { OperatorStorage } from "./operator-storage.ts";

/** Every entry of every operator, one row-major `[d, d]` matrix per token. */
export function denseStorage(operators: readonly Float64Array[], stateDim: number): OperatorStorage {
  const copies = operators.map((operator) => operator.slice());
  const at = (token: number): Float64Array => copies[token] ?? new Float64Array(stateDim * stateDim);
  return {
    description: { kind: "dense" },
    apply: (belief, token, out) => vectorTimesMatrix(belief, at(token), stateDim, out),
    operator: (token) => at(token).slice(),
  };
}
