import type { Process } from "../../process/process.ts";

/** A hidden path and its joint probability with the word. */
export interface WeightedPath {
  readonly states: readonly number[];
  readonly probability: number;
}

/** All hidden paths `s_0 .. s_L` with `P(s_0 .. s_L, x_1 .. x_L)`, in lexicographic order of the states. */
export function jointTable(process: Process, word: readonly number[]): readonly WeightedPath[] {
  const { stateDim: d } = process;
  let paths: readonly WeightedPath[] = Array.from(process.initial, (probability, s) => ({ states: [s], probability }));
  for (const token of word) {
    const operator = process.operator(token);
    paths = paths.flatMap(({ states, probability }) =>
      Array.from({ length: d }, (_, next) => ({
        states: [...states, next],
        probability: probability * (operator[(states.at(-1) ?? 0) * d + next] ?? 0),
      })),
    );
  }
  return paths;
}

/** Sum of the probabilities of the paths that a condition selects. */
export function mass(
  paths: readonly WeightedPath[],
  condition: (states: readonly number[]) => boolean = () => true,
): number {
  return paths.reduce((sum, { states, probability }) => (condition(states) ? sum + probability : sum), 0);
}
