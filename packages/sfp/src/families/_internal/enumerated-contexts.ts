import { InvalidArgumentError, type Process, UnsupportedError } from "@semifactor/ghmm";
import { IMPOSSIBLE, kroneckerVector } from "@semifactor/ghmm/internal";
import { type Partition, partition } from "../../structure/partition.ts";
import { tensorStructure } from "../../structure/tensor-structure.ts";

/** States up to which an operator is written out: half a gigabyte. */
const LARGEST_DENSE = 2 ** 13;

/** The law of contexts and bits, with every option resolved. */
export interface ContextLaw {
  readonly contexts: number;
  readonly alpha: number;
  readonly epsilon: number;
  /** Law of the next context by the present one, rows `[contexts]`; without it contexts are iid and uniform. */
  readonly chain?: readonly (readonly number[])[];
  /** Law of the first context, `[contexts]`. */
  readonly initialContext: Float64Array;
}

/** `(1 - alpha)(delta_0..0 + delta_1..1) / 2 + alpha 2^-K`, `[2^K]`. */
function assignmentPrior({ contexts, alpha }: ContextLaw): Float64Array {
  const assignments = 2 ** contexts;
  const prior = new Float64Array(assignments).fill(alpha / assignments);
  for (const shared of [0, assignments - 1]) prior[shared] = (prior[shared] ?? 0) + (1 - alpha) / 2;
  return prior;
}

/**
 * The process over all assignments (and contexts, if there is a chain), state `i * register + c`. Operators are kept as the two
 * likelihoods of a bit: `T^(k,u) = diag_i P(u | i_k) (x) C^k`, and `C^k` has one row, row k of the chain at k.
 */
export function enumeratedContexts(law: ContextLaw, alphabet: readonly string[]): Process {
  const { contexts, epsilon, chain } = law;
  const register = chain === undefined ? 1 : contexts;
  const assignments = 2 ** contexts;
  const stateDim = assignments * register;
  const scale = chain === undefined ? contexts : 1;
  const [agreeing, differing] = [(1 - epsilon) / scale, epsilon / scale];
  const read = (source: string, token: number) => {
    if (Number.isInteger(token) && token >= 0 && token < alphabet.length) {
      const context = token >> 1;
      return { context, u: token & 1, from: chain === undefined ? 0 : context, row: chain?.[context] ?? [1] };
    }
    throw new InvalidArgumentError({
      source,
      problem: `token is ${token}`,
      remedy: `Give a token index from 0 to ${alphabet.length - 1}`,
    });
  };
  return {
    alphabet,
    stateDim,
    initial: chain === undefined ? assignmentPrior(law) : kroneckerVector(assignmentPrior(law), law.initialContext),
    normalizer: new Float64Array(stateDim).fill(1),
    certificate: { kind: "hmm" },
    step(belief, token, out) {
      const { context, u, from, row } = read("Process.step", token);
      const likelihood = (assignment: number) => (((assignment >> context) & 1) === u ? agreeing : differing);
      let probability = 0;
      for (let i = 0; i < assignments; i++) probability += (belief[i * register + from] ?? 0) * likelihood(i);
      if (!(probability > IMPOSSIBLE)) return 0;
      for (let i = 0; i < assignments; i++) {
        // read before the row is written, as `out` may be `belief`
        const weight = ((belief[i * register + from] ?? 0) * likelihood(i)) / probability;
        for (let c = 0; c < register; c++) out[i * register + c] = weight * (row[c] ?? 0);
      }
      return probability;
    },
    operator(token) {
      const { context, u, from, row } = read("Process.operator", token);
      if (stateDim > LARGEST_DENSE) {
        throw new UnsupportedError({
          source: "Process.operator",
          problem: `the operator is ${stateDim} x ${stateDim}`,
          remedy: `Use step and the functions made of it (filterBeliefs, wordProbability), or fewer contexts: ${LARGEST_DENSE} states at most`,
        });
      }
      const operator = new Float64Array(stateDim * stateDim);
      for (let i = 0; i < assignments; i++) {
        const likelihood = ((i >> context) & 1) === u ? agreeing : differing;
        const at = (i * register + from) * stateDim + i * register;
        for (let c = 0; c < register; c++) operator[at + c] = likelihood * (row[c] ?? 0);
      }
      return operator;
    },
  };
}

/** Assignments (x) contexts, one block for every assignment. */
export function assignmentPartition({ contexts, chain }: ContextLaw): Partition {
  const register = chain === undefined ? 1 : contexts;
  const assignments = 2 ** contexts;
  const structure = tensorStructure({
    factors: [
      { name: "assignment", dimension: assignments },
      { name: chain === undefined ? "capability" : "context", dimension: register },
    ],
  });
  const each = Array.from({ length: assignments }, (_, i) => i);
  return partition({
    structure,
    sectors: [each.map((i) => [i]), [Array.from({ length: register }, (_, c) => c)]],
    blocks: each.map((i) => [[i, 0] as const]),
  });
}
