import { InvalidArgumentError } from "../numeric/errors.ts";
import { dot, vectorTimesMatrix } from "../numeric/matrix.ts";
import type { Certificate } from "./process.ts";
import { TOLERANCE } from "./validate.ts";

const nonNegative = (values: Float64Array): boolean => values.every((value) => value >= 0);

/** What the signs of the parts prove about (G3): `hmm`, `cone` (the positive orthant), or nothing. */
export function certify(
  operators: readonly Float64Array[],
  initial: Float64Array,
  normalizer: Float64Array,
): Certificate {
  if (!operators.every(nonNegative) || !nonNegative(initial) || !nonNegative(normalizer)) return "unchecked";
  return normalizer.every((value) => value === 1) ? "hmm" : "cone";
}

/**
 * Throws at the first word with a negative probability among all words of each length: length one, and then as many lengths
 * as `budget` operator applications allow. Words of probability zero are continued while their state is not zero, since a
 * longer word may have a negative probability. Passing proves nothing about longer words (G3 is undecidable).
 */
export function checkShortWords(
  source: string,
  operators: readonly Float64Array[],
  initial: Float64Array,
  normalizer: Float64Array,
  budget = 4096,
): void {
  const stateDim = initial.length;
  let level: { readonly word: readonly number[]; readonly state: Float64Array }[] = [{ word: [], state: initial }];
  for (let spent = 0; level.length > 0 && (spent === 0 || spent + level.length * operators.length <= budget); ) {
    spent += level.length * operators.length;
    level = level.flatMap(({ word, state }) =>
      operators.flatMap((operator, token) => {
        const next = new Float64Array(stateDim);
        vectorTimesMatrix(state, operator, stateDim, next);
        const probability = dot(next, normalizer);
        if (probability < -TOLERANCE) {
          throw new InvalidArgumentError({
            source,
            problem: `the word [${[...word, token].join(", ")}] has probability ${probability}`,
            remedy: "Check the operators and the initial state: every word needs a non-negative probability",
          });
        }
        return next.some((value) => value !== 0) ? [{ word: [...word, token], state: next }] : [];
      }),
    );
  }
}
