import { createHmm } from "../../process/create.ts";
import type { Process } from "../../process/process.ts";

/** The block-diagonal HMM that is the first process with probability `weights[0]`, the second with `weights[1]`, ... for ever. */
export function blockDiagonal(components: readonly Process[], weights: readonly number[]): Process {
  const states = components.reduce((sum, { stateDim }) => sum + stateDim, 0);
  const tokens = Math.max(...components.map(({ alphabet }) => alphabet.length));
  const operators = Array.from({ length: tokens }, () =>
    Array.from({ length: states }, () => new Array<number>(states).fill(0)),
  );
  const initial: number[] = [];
  components.forEach((component, k) => {
    const [start, d] = [initial.length, component.stateDim];
    component.alphabet.forEach((_, x) => {
      component.operator(x).forEach((value, at) => {
        const row = operators[x]?.[start + Math.floor(at / d)];
        if (row !== undefined) row[start + (at % d)] = value;
      });
    });
    for (const value of component.initial) initial.push(value * (weights[k] ?? 0));
  });
  return createHmm({ operators, initial });
}
