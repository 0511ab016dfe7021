import { coarseGrainTokens, nextTokenDistribution, type Process } from "@semifactor/ghmm";
import { projectTokens } from "@semifactor/ghmm/internal";

/** Some parts of the tokens of a process, the others unseen. */
export interface TokenPart {
  /** The process that emits these parts alone: `sum` of the operators over the other parts. */
  readonly process: Process;
  /** Law of the parts in the next token. */
  law(belief: ArrayLike<number>): Float64Array;
}

/** The parts of a joint token that `keep` selects; with none, a process of one token. */
export function tokenPart(process: Process, sizes: readonly number[], keep: (part: number) => boolean): TokenPart {
  const seen = coarseGrainTokens(process, projectTokens(sizes, keep));
  return { process: seen, law: (belief) => nextTokenDistribution(seen, belief) };
}

/** Half the sum of absolute differences: the total variation distance of two laws. */
export function totalVariation(first: ArrayLike<number>, second: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < first.length; i++) sum += Math.abs((first[i] ?? 0) - (second[i] ?? 0));
  return sum / 2;
}
