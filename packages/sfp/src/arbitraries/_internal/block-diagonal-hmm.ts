import { createHmm, createKey, foldIn, type Process, uniform } from "@semifactor/ghmm";
import type { Partition } from "../../structure/partition.ts";

/** A random HMM whose operators join only states of one block; with `leak`, one entry between two blocks is not zero. */
export function blockDiagonalHmm(blocks: Partition, tokens: number, seed: number, leak = 0): Process {
  const { blockOf } = blocks;
  const stateDim = blockOf.length;
  const exponentials = (index: number, count: number) =>
    Array.from(uniform(foldIn(createKey(seed), index), count), (u) => -Math.log(1 - u) + 1e-3);
  const operators = Array.from({ length: tokens }, () =>
    Array.from({ length: stateDim }, () => new Float64Array(stateDim)),
  );
  for (let row = 0; row < stateDim; row++) {
    const draws = exponentials(row, tokens * stateDim);
    const allowed = draws.map((_, i) => blockOf[row] === blockOf[i % stateDim]);
    const total = draws.reduce((sum, value, i) => sum + (allowed[i] === true ? value : 0), 0);
    draws.forEach((value, i) => {
      const entries = operators[Math.floor(i / stateDim)]?.[row];
      if (entries !== undefined && allowed[i] === true) entries[i % stateDim] = value / total;
    });
  }
  const from = operators[0]?.[0];
  if (from !== undefined && leak > 0) {
    const own = from.findIndex((value) => value > leak);
    const other = blockOf.findIndex((block) => block !== blockOf[0]);
    from[own] = (from[own] ?? 0) - leak;
    from[other] = leak;
  }
  const start = exponentials(stateDim, stateDim);
  const total = start.reduce((sum, value) => sum + value, 0);
  return createHmm({ operators, initial: start.map((value) => value / total) });
}
