import { wordProbability } from "../../belief/probability.ts";
import { dot, vectorTimesMatrix } from "../../numeric/matrix.ts";
import type { Process } from "../../process/process.ts";

/** Differences of the probabilities of all words of a length; those of `fitted` count as they are, also below zero. */
export function compareWords(
  truth: Process,
  fitted: Process,
  length: number,
): { readonly totalVariation: number; readonly largest: number } {
  let [totalVariation, largest] = [0, 0];
  const operators = fitted.alphabet.map((_, x) => fitted.operator(x));
  const visit = (word: readonly number[], state: Float64Array): void => {
    if (word.length === length) {
      const difference = Math.abs(dot(state, fitted.normalizer) - wordProbability(truth, word));
      totalVariation += difference / 2;
      largest = Math.max(largest, difference);
      return;
    }
    operators.forEach((operator, x) => {
      const next = new Float64Array(state.length);
      vectorTimesMatrix(state, operator, state.length, next);
      visit([...word, x], next);
    });
  };
  visit([], fitted.initial);
  return { totalVariation, largest };
}
