import { createGhmm, createHmm } from "../../process/create.ts";
import type { Process } from "../../process/process.ts";

const zeros = (d: number): number[][] => Array.from({ length: d }, () => new Array<number>(d).fill(0));

/** RRXOR of THEORY table 1.4, states S, 0, 1, T, F. */
export function randomRandomXor(p1: number, p2: number): Process {
  const operators = [zeros(5), zeros(5)];
  const steps: readonly (readonly [token: number, from: number, to: number, probability: number])[] = [
    [0, 0, 1, p1],
    [1, 0, 2, 1 - p1],
    [0, 1, 4, p2],
    [1, 1, 3, 1 - p2],
    [0, 2, 3, p2],
    [1, 2, 4, 1 - p2],
    [1, 3, 0, 1],
    [0, 4, 0, 1],
  ];
  for (const [token, from, to, probability] of steps) {
    const row = operators[token]?.[from];
    if (row !== undefined) row[to] = probability;
  }
  return createHmm({ operators });
}

/** Bloch walk of THEORY table 1.4 in the basis (trace, x, z), tokens z+, z-, x+, x-. */
export function blochWalk(alpha: number, beta: number): Process {
  const g2 = 1 / (4 * (alpha * alpha + beta * beta));
  const m = (alpha * alpha - beta * beta) * g2;
  const o = 2 * alpha * beta * g2;
  const c = 1 / 4;
  const along = [o, -o];
  return createGhmm({
    operators: [
      ...along.map((s) => [
        [c, 0, s],
        [0, m, 0],
        [s, 0, c],
      ]),
      ...along.map((s) => [
        [c, s, 0],
        [s, c, 0],
        [0, 0, m],
      ]),
    ],
    initial: [1, 0, 0],
    normalizer: [1, 0, 0],
  });
}

/** Fanizza's process of THEORY table 1.4. */
export function fanizzaProcess(alpha: number, lambda: number): Process {
  const [c, s] = [Math.cos(alpha), Math.sin(alpha)];
  const denominator = 1 - 2 * lambda * c + lambda * lambda;
  const a = (1 - lambda * c + lambda * s) / denominator;
  const b = (1 - lambda * c - lambda * s) / denominator;
  const reset = [1 - (2 / (1 - lambda) - a - b) / 4, 1 / (2 * (1 - lambda)), -a / 4, -b / 4];
  const out = [1, 1 - lambda, 1 + lambda * (s - c), 1 - lambda * (s + c)];
  return createGhmm({
    operators: [
      out.map((value) => reset.map((entry) => value * entry)),
      [
        [0, 0, 0, 0],
        [0, lambda, 0, 0],
        [0, 0, lambda * c, -lambda * s],
        [0, 0, lambda * s, lambda * c],
      ],
    ],
    normalizer: [1, 1, 1, 1],
  });
}

/** The post-quantum process of THEORY table 1.4. */
export function postQuantumProcess(logAlpha: number, beta: number): Process {
  const reset = [1, 1, 0].map((value) => [value, -value, -value]);
  const shear = (v: number) => [
    [v, 0, 0],
    [0, 1, 0],
    [0, Math.log(v), 1],
  ];
  const unscaled = [reset, shear(Math.exp(logAlpha)), shear(beta)];
  const net = [0, 1, 2].map((i) => [0, 1, 2].map((j) => unscaled.reduce((sum, t) => sum + (t[i]?.[j] ?? 0), 0)));
  // The largest eigenvalue by the power method, and its eigenvector.
  let vector = [1, 1, 1];
  let radius = 1;
  for (let i = 0; i < 2000; i++) {
    const image = net.map((row) => row.reduce((sum, value, j) => sum + value * (vector[j] ?? 0), 0));
    radius = Math.max(...image.map(Math.abs));
    vector = image.map((value) => value / radius);
  }
  return createGhmm({
    operators: unscaled.map((t) => t.map((row) => row.map((value) => value / radius))),
    normalizer: vector,
  });
}

/**
 * A process whose beliefs move by the affine maps `b -> b M_x`, chosen independently with probabilities `weights[x]`: its tokens
 * are those of a die, and its beliefs fill the attractor of the maps.
 */
export function affineProcess(maps: readonly (readonly (readonly number[])[])[], weights: readonly number[]): Process {
  return createHmm({
    operators: maps.map((map, x) => map.map((row) => row.map((value) => value * (weights[x] ?? 0)))),
  });
}

/** Beliefs in Cantor's set of middle thirds: `b0 -> b0 / 3` with probability `p`, `b0 -> (b0 + 2) / 3` otherwise. */
export function cantorProcess(p: number): Process {
  const maps = [
    [
      [1 / 3, 2 / 3],
      [0, 1],
    ],
    [
      [1, 0],
      [2 / 3, 1 / 3],
    ],
  ];
  return affineProcess(maps, [p, 1 - p]);
}

/** Beliefs in Sierpinski's triangle: every token moves them half-way to its own corner. */
export function sierpinskiProcess(): Process {
  const corners = [0, 1, 2];
  const maps = corners.map((x) => corners.map((i) => corners.map((j) => (i === j ? 0.5 : 0) + (j === x ? 0.5 : 0))));
  return affineProcess(maps, [1 / 3, 1 / 3, 1 / 3]);
}

/** The same words with every state cloned: a dimension `2 d` of which half is redundant. */
export function cloneStates(process: Process): Process {
  const divide = (row: Float64Array): number[] => {
    const kept = row.map((value, s) => (value * (1 + s)) / (2 + s));
    return [...kept, ...row.map((value, s) => value - (kept[s] ?? 0))];
  };
  const d = process.stateDim;
  return createGhmm({
    operators: process.alphabet.map((_, x) => {
      const operator = process.operator(x);
      const rows = Array.from({ length: d }, (_, s) => divide(operator.subarray(s * d, (s + 1) * d)));
      return [...rows, ...rows];
    }),
    initial: divide(process.initial),
    normalizer: [...process.normalizer, ...process.normalizer],
  });
}
