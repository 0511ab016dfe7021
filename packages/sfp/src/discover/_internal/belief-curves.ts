import { mixedStateTree, type Process, UnsupportedError } from "@semifactor/ghmm";

/** A quantity of beliefs over the words of a process. */
export interface BeliefCurve {
  /** Mean of `byPosition.mean` over positions `0..maxLength`. */
  readonly mean: number;
  /** Largest value of any word. */
  readonly max: number;
  /** By word length, `[maxLength + 1]`: the mean over words, weighted by their probabilities, and the largest value. */
  readonly byPosition: { readonly mean: Float64Array; readonly max: Float64Array };
}

/** Most words that are enumerated. */
const MOST_WORDS = 2 ** 17;

/** The belief after every possible word, with the word's length and probability. */
export interface WordBeliefs {
  readonly positions: number;
  readonly beliefs: readonly { readonly belief: Float64Array; readonly position: number; readonly weight: number }[];
}

/** Enumerates the beliefs after all words of up to `maxLength` tokens. */
export function wordBeliefs(source: string, process: Process, maxLength: number): WordBeliefs {
  const tree = mixedStateTree(process, { depth: maxLength, maxNodes: MOST_WORDS });
  if (!tree.complete) {
    throw new UnsupportedError({
      source,
      problem: `there are more than ${MOST_WORDS} words of up to ${maxLength} tokens`,
      remedy: "Give a smaller maxLength",
    });
  }
  const d = process.stateDim;
  const beliefs = Array.from(tree.probability, (weight, node) => ({
    belief: tree.beliefs.subarray(node * d, (node + 1) * d),
    position: tree.depth[node] ?? 0,
    weight,
  }));
  return { positions: maxLength + 1, beliefs };
}

/** Measures every belief, several quantities at once, and averages them by position. */
export function beliefCurves<Name extends string>(
  { positions, beliefs }: WordBeliefs,
  names: readonly Name[],
  measure: (belief: Float64Array) => Readonly<Record<Name, number>>,
): Readonly<Record<Name, BeliefCurve>> {
  const sums = new Map(
    names.map((name) => [name, { mean: new Float64Array(positions), max: new Float64Array(positions) }]),
  );
  for (const { belief, position, weight } of beliefs) {
    const values = measure(belief);
    for (const [name, { mean, max }] of sums) {
      mean[position] = (mean[position] ?? 0) + weight * values[name];
      max[position] = Math.max(max[position] ?? 0, values[name]);
    }
  }
  const curve = (name: Name): BeliefCurve => {
    const { mean = new Float64Array(positions), max = new Float64Array(positions) } = sums.get(name) ?? {};
    return {
      mean: mean.reduce((sum, value) => sum + value, 0) / positions,
      max: max.reduce((largest, value) => Math.max(largest, value), 0),
      byPosition: { mean, max },
    };
  };
  return Object.fromEntries(names.map((name) => [name, curve(name)])) as Record<Name, BeliefCurve>;
}
