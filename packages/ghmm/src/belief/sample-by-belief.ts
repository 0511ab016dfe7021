import { InvalidArgumentError } from "../numeric/errors.ts";
import { dot } from "../numeric/matrix.ts";
import { IMPOSSIBLE, type Process } from "../process/process.ts";
import { independentFactors } from "./kronecker-initial.ts";
import { blocksOf, fillWords, type SampleRange } from "./sample-range.ts";
import { readBelief } from "./token.ts";
import { emissionVectors, NEGATIVE } from "./update.ts";

/** A factor while it is sampled; a process that is no product is its own only factor. */
interface Walker {
  readonly process: Process;
  readonly emission: readonly Float64Array[];
  readonly initial: Float64Array;
  readonly belief: Float64Array;
  /** Probabilities of its tokens, zero for the impossible ones. */
  readonly weights: Float64Array;
}

function walkersOf(process: Process): readonly Walker[] {
  const product = independentFactors(process);
  return (product?.factors ?? [process]).map((factor, n) => ({
    process: factor,
    emission: emissionVectors(factor),
    initial: product?.initial[n] ?? readBelief("sampleSequences", process, process.initial),
    belief: new Float64Array(factor.stateDim),
    weights: new Float64Array(factor.alphabet.length),
  }));
}

/** Writes the probabilities of the next token and returns their sum, or describes what is wrong with them. */
function weigh({ emission, belief, weights }: Walker): number | string {
  let total = 0;
  for (let x = 0; x < weights.length; x++) {
    const probability = dot(belief, emission[x] ?? belief);
    if (!(probability >= NEGATIVE)) return `token ${x} has probability ${probability}`;
    weights[x] = probability > IMPOSSIBLE ? probability : 0;
    total += weights[x] ?? 0;
  }
  return total > 0 ? total : "no token has a positive probability";
}

/** The first token whose cumulative weight exceeds `target`, and how far into its own weight the target lies. */
function search(weights: Float64Array, target: number): { readonly token: number; readonly inside: number } {
  let token = 0;
  let rest = target;
  let inside = 0;
  for (let x = 0; x < weights.length; x++) {
    const weight = weights[x] ?? 0;
    if (weight === 0) continue;
    token = x;
    inside = rest;
    rest -= weight;
    if (rest < 0) break;
  }
  return { token, inside };
}

/** The most probable token: what is left where the tokens that were drawn are possible in each factor but not together. */
function mostProbable(weights: Float64Array): number {
  let best = 0;
  for (let x = 1; x < weights.length; x++) if ((weights[x] ?? 0) > (weights[best] ?? 0)) best = x;
  return best;
}

/** Draws one token of every factor into `chosen`; joint tokens are ordered by the first factor, then by the second, and so on. */
function drawTokens(walkers: readonly Walker[], word: number, chosen: Uint32Array): string | undefined {
  let place = (word + 0.5) / 2 ** 32;
  let joint = 1;
  for (let n = 0; n < walkers.length; n++) {
    const walker = walkers[n];
    if (walker === undefined) continue;
    const total = weigh(walker);
    if (typeof total === "string") return walkers.length === 1 ? total : `factor ${n}: ${total}`;
    const { token, inside } = search(walker.weights, place * total);
    const weight = walker.weights[token] ?? 0;
    chosen[n] = token;
    joint *= weight;
    place = Math.min(1, inside / weight);
  }
  if (joint <= IMPOSSIBLE) chosen.set(walkers.map(({ weights }) => mostProbable(weights)));
  return undefined;
}

/**
 * Samples by belief in float64: the token is the first whose cumulative probability exceeds `(word + 1/2) / 2^32`. The factors of
 * a product are searched one inside the other, which gives the token that a search of all joint tokens gives, up to rounding.
 */
export function sampleByBelief(process: Process, range: SampleRange, tokens: Int32Array): void {
  const { count, length, key, firstIndex } = range;
  const walkers = walkersOf(process);
  const chosen = new Uint32Array(walkers.length);
  const blocks = blocksOf(length);
  const words = new Uint32Array(2 * blocks);
  for (let i = 0, at = 0; i < count; i++) {
    fillWords(key, firstIndex + i, blocks, words);
    for (const { belief, initial } of walkers) belief.set(initial);
    for (let t = 1; t <= length; t++) {
      const problem = drawTokens(walkers, words[t] ?? 0, chosen);
      if (problem !== undefined) {
        throw new InvalidArgumentError({
          source: "sampleSequences",
          problem: `${problem} after ${t - 1} tokens of sequence ${firstIndex + i}`,
          remedy: "Check the operators: they do not define a process",
        });
      }
      let joint = 0;
      for (let n = 0; n < walkers.length; n++) {
        const walker = walkers[n];
        if (walker === undefined) continue;
        const token = chosen[n] ?? 0;
        walker.process.step(walker.belief, token, walker.belief);
        joint = joint * walker.weights.length + token;
      }
      tokens[at++] = joint;
    }
  }
}
