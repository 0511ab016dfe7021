import { expect } from "vitest";
import { wordProbability } from "../../belief/probability.ts";
import { wordsUpTo } from "../../equivalence/_testing/words.ts";
import { dot, vectorTimesMatrix } from "../../numeric/matrix.ts";
import type { Process } from "../../process/process.ts";
import { mess3 } from "../../processes/mess3.ts";

/** `eta M_1 ... M_L w` for a list of matrices. */
export function along(initial: Float64Array, matrices: readonly Float64Array[], normalizer: Float64Array): number {
  let state = initial;
  for (const matrix of matrices) {
    const next = new Float64Array(state.length);
    vectorTimesMatrix(state, matrix, state.length, next);
    state = next;
  }
  return dot(state, normalizer);
}

/** Compares the probability of every word of up to `length` tokens with its definition. */
export function expectLaw(
  process: Process,
  length: number,
  probability: (word: readonly number[]) => number,
  tolerance = 1e-12,
): void {
  for (const word of wordsUpTo(process.alphabet.length, length)) {
    const difference = Math.abs(wordProbability(process, word) - probability(word));
    if (!(difference < tolerance)) expect({ word, difference }).toEqual({ word, difference: 0 });
  }
}

/** A process certified by a cone other than the orthant: an HMM in stretched coordinates. */
export function coneProcess(): Process {
  const base = mess3({ x: 0.15, a: 0.6 });
  const scale = [1, 2, 4];
  const at = (s: number): number => scale[s] ?? 1;
  const vector = (values: Float64Array, power: number) => values.map((value, s) => value * at(s) ** power);
  const operator = (token: number) =>
    base.operator(token).map((value, i) => (value * at(Math.floor(i / 3))) / at(i % 3));
  const initial = vector(base.initial, -1);
  const normalizer = vector(base.normalizer, 1);
  const rays = [0, 1, 2].map((s) => Float64Array.from({ length: 3 }, (_, i) => (i === s ? 1 : 0)));
  return {
    alphabet: base.alphabet,
    stateDim: 3,
    initial,
    normalizer,
    certificate: { kind: "cone", rays },
    operator,
    step(belief, token, out) {
      const next = new Float64Array(3);
      vectorTimesMatrix(belief, operator(token), 3, next);
      const probability = dot(next, normalizer);
      if (!(probability > 1e-12)) return 0;
      out.set(next.map((value) => value / probability));
      return probability;
    },
  };
}

/** The same process with another certificate. */
export const certified = (process: Process, certificate: Process["certificate"]): Process => ({
  ...process,
  certificate,
});
