import { vectorTimesMatrix } from "../../numeric/matrix.ts";
import type { Certificate } from "../../process/process.ts";

/** Most words whose probability is computed. */
const MOST_WORDS = 4096;

/**
 * The certificate of operators that were estimated: the smallest probability of any word, of each length that `4096` words
 * in all allow. It may be negative.
 */
export function measureShortWords(
  operators: readonly Float64Array[],
  initial: Float64Array,
  normalizer: Float64Array,
): Certificate & { readonly kind: "unchecked" } {
  const d = initial.length;
  let level: readonly Float64Array[] = [initial];
  let [wordLength, smallestProbability] = [0, 1];
  for (let spent = 0; wordLength === 0 || spent + level.length * operators.length <= MOST_WORDS; wordLength++) {
    spent += level.length * operators.length;
    level = level.flatMap((state) =>
      operators.map((operator) => {
        const next = new Float64Array(d);
        vectorTimesMatrix(state, operator, d, next);
        let probability = 0;
        for (let s = 0; s < d; s++) probability += (next[s] ?? 0) * (normalizer[s] ?? 0);
        smallestProbability = Math.min(smallestProbability, probability);
        return next;
      }),
    );
  }
  return { kind: "unchecked", wordLength, smallestProbability };
}
