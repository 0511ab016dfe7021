import { InvalidArgumentError } from "../numeric/errors.ts";
import { dot } from "../numeric/matrix.ts";
import { type Certificate, HMM_CERTIFICATE } from "./process.ts";
import type { OperatorStorage } from "./storage/operator-storage.ts";
import { TOLERANCE } from "./validate.ts";

const nonNegative = (values: Float64Array): boolean => values.every((value) => value >= 0);

/** The unit vectors of `[d]`: the rays of the positive orthant. */
export function unitRays(stateDim: number): readonly Float64Array[] {
  return Array.from({ length: stateDim }, (_, i) => {
    const ray = new Float64Array(stateDim);
    ray[i] = 1;
    return ray;
  });
}

/** What the signs of the parts prove about (G3): `hmm`, `cone` (the positive orthant), or nothing. */
export function certifyBySigns(
  operators: readonly Float64Array[],
  initial: Float64Array,
  normalizer: Float64Array,
): Certificate | undefined {
  if (!operators.every(nonNegative) || !nonNegative(initial) || !nonNegative(normalizer)) return undefined;
  if (normalizer.every((value) => value === 1)) return HMM_CERTIFICATE;
  return { kind: "cone", rays: unitRays(initial.length) };
}

/** A word in the search of {@link checkShortWords}, as a list from its last token to its first. */
interface Node {
  readonly token: number;
  readonly parent: Node | undefined;
  readonly state: Float64Array;
}

function wordOf(node: Node | undefined): readonly number[] {
  const word: number[] = [];
  for (let at = node; at?.parent !== undefined; at = at.parent) word.push(at.token);
  return word.reverse();
}

/** Numbers in the states of all words of a length: 512 MiB. */
const MOST_NUMBERS = 2 ** 26;

/** Words that {@link checkShortWords} tests unless told otherwise. */
export const TESTED_WORDS = 4096;

/**
 * Tests all words of each length: length one, and then as many lengths as `budget` operator applications allow; throws at the
 * first with a negative probability. Words of probability zero are continued while their state is not zero, since a longer
 * word may have a negative probability. Passing proves nothing about longer words (G3 is undecidable).
 *
 * @returns the certificate `unchecked` with the length tested and the smallest probability seen
 */
export function checkShortWords(
  source: string,
  storage: Pick<OperatorStorage, "apply">,
  tokens: number,
  { initial, normalizer }: { readonly initial: Float64Array; readonly normalizer: Float64Array },
  budget = TESTED_WORDS,
): Certificate {
  const stateDim = initial.length;
  let level: readonly Node[] = [{ token: -1, parent: undefined, state: initial }];
  let [wordLength, smallestProbability] = [0, 1];
  let state = new Float64Array(stateDim);
  for (let spent = 0; level.length > 0 && (spent === 0 || spent + level.length * tokens <= budget); ) {
    spent += level.length * tokens;
    // states of more words than these are not needed: the next length would take more than the budget, or than memory
    const most = Math.min((budget - spent) / tokens, MOST_NUMBERS / stateDim);
    const next: Node[] = [];
    let isFull = false;
    for (const parent of level) {
      for (let token = 0; token < tokens; token++) {
        storage.apply(parent.state, token, state);
        const node = { token, parent, state };
        const probability = dot(node.state, normalizer);
        smallestProbability = Math.min(smallestProbability, probability);
        if (!(probability >= -TOLERANCE && probability < Number.POSITIVE_INFINITY)) {
          throw new InvalidArgumentError({
            source,
            problem: `the word [${wordOf(node).join(", ")}] has probability ${probability}`,
            remedy: "Check the operators and the initial state: every word needs a non-negative probability",
          });
        }
        if (isFull || state.every((value) => value === 0)) continue;
        isFull = next.length + 1 > most;
        if (isFull) continue;
        next.push(node);
        state = new Float64Array(stateDim);
      }
    }
    level = isFull ? [] : next;
    wordLength++;
  }
  return { kind: "unchecked", wordLength, smallestProbability };
}
