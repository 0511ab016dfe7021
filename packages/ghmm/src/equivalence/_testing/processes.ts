import { createGhmm, createHmm } from "../../process/create.ts";
import type { Process } from "../../process/process.ts";

/** RRXOR(1/2, 1/2), states S, 0, 1, T, F: two random bits, then their exclusive or. */
export function rrxor(): Process {
  const operator = (entries: readonly (readonly [number, number, number])[]) => {
    const matrix = Array.from({ length: 5 }, () => new Float64Array(5));
    for (const [from, to, p] of entries) matrix[from]?.fill(p, to, to + 1);
    return matrix;
  };
  const zero = operator([
    [0, 1, 0.5],
    [1, 4, 0.5],
    [2, 3, 0.5],
    [4, 0, 1],
  ]);
  const one = operator([
    [0, 2, 0.5],
    [1, 3, 0.5],
    [2, 4, 0.5],
    [3, 0, 1],
  ]);
  return createHmm({ operators: [zero, one] });
}

/** The process of Fanizza et al. that no finite HMM generates, from the formulas of THEORY 1.4. */
export function fanizza(alpha: number, lambda: number): Process {
  const [c, s] = [Math.cos(alpha), Math.sin(alpha)];
  const scale = 1 - 2 * lambda * c + lambda ** 2;
  const [a, b] = [(1 - lambda * c + lambda * s) / scale, (1 - lambda * c - lambda * s) / scale];
  const start = [1 - (2 / (1 - lambda) - a - b) / 4, 1 / (2 * (1 - lambda)), -a / 4, -b / 4];
  const weights = [1, 1 - lambda, 1 + lambda * (s - c), 1 - lambda * (s + c)];
  return createGhmm({
    operators: [
      weights.map((weight) => start.map((value) => weight * value)),
      [
        [0, 0, 0, 0],
        [0, lambda, 0, 0],
        [0, 0, lambda * c, -lambda * s],
        [0, 0, lambda * s, lambda * c],
      ],
    ],
  });
}

/** All words of up to `length` tokens, shorter first, then in the order of tokens. */
export function wordsUpTo(tokens: number, length: number): readonly (readonly number[])[] {
  const levels: (readonly number[])[][] = [[[]]];
  for (let t = 0; t < length; t++) {
    levels.push((levels[t] ?? []).flatMap((word) => Array.from({ length: tokens }, (_, token) => [...word, token])));
  }
  return levels.flat();
}
