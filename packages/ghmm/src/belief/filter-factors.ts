import { allocate } from "../numeric/allocate.ts";
import { UnsupportedError, type ZeroProbabilityError } from "../numeric/errors.ts";
import { IMPOSSIBLE, type Process } from "../process/process.ts";
import { factorTokens } from "../process/storage/kronecker.ts";
import { checkBatch, readTokens, type TokenBatch } from "./filter.ts";
import { filterFactors } from "./kronecker-filter.ts";
import { type Factors, independentFactors } from "./kronecker-initial.ts";
import { impossible, tokenAt } from "./token.ts";

/** What {@link filterFactorBeliefs} returns. */
export interface FactorBeliefs {
  /** Of each factor: belief before token `t` at `[i, t, :]`, after the last at `[i, length, :]`; row-major `[count, length + 1, d_n]`. */
  readonly beliefs: readonly Float64Array[];
  /** `P(x_t | x_1 .. x_{t-1})` of the joint tokens, row-major `[count, length]`. */
  readonly probabilities: Float64Array;
  readonly count: number;
  readonly length: number;
  /** `d_n` of each factor. */
  readonly stateDims: readonly number[];
}

function readFactors(source: string, process: Process): Factors {
  const product = independentFactors(process);
  if (product !== undefined) return product;
  const stored = process.storage?.kind === "kronecker";
  throw new UnsupportedError({
    source,
    problem: stored
      ? "the initial state is not a product of states of the factors"
      : `the process is stored as ${JSON.stringify(process.storage?.kind ?? "an implementation of its own")}, not as a product`,
    remedy: "Use filterBeliefs; tensorProduct keeps the factors of large products only, small ones are written out",
  });
}

/** Finds the token at which the batch ends, by the method `step` of the factors. */
function explain(source: string, process: Process, product: Factors, batch: TokenBatch): ZeroProbabilityError {
  const parts = new Uint32Array(product.factors.length);
  for (let i = 0, position = 0; i < batch.count; i++) {
    const beliefs = product.initial.map((part) => part.slice());
    for (let t = 0; t < batch.length; t++, position++) {
      const token = tokenAt(source, process, batch.tokens, position);
      factorTokens(product.tokens, token, parts);
      const probability = product.factors.reduce((joint, factor, n) => {
        const belief = beliefs[n] ?? factor.initial;
        return joint * factor.step(belief, parts[n] ?? 0, belief);
      }, 1);
      if (!(probability > IMPOSSIBLE)) return impossible(source, process, t, token, ` of sequence ${i}`);
    }
  }
  // two roundings of a probability of 1e-12 differ
  return impossible(source, process, batch.length - 1, Number(batch.tokens[batch.tokens.length - 1]));
}

/**
 * The beliefs of every factor of a product along every sequence of joint tokens; their Kronecker product is what
 * {@link filterBeliefs} returns (T9), but in `sum_n d_n` numbers instead of `prod_n d_n`.
 *
 * @param process - a product of independent processes whose factors are kept: `process.storage.kind` is `"kronecker"`
 * @returns beliefs `[count, length + 1, d_n]` of each factor and joint conditional probabilities `[count, length]`
 * @throws UnsupportedError if the process is not stored as a product, if its initial state is not one, or if the beliefs do
 * not fit into memory
 * @throws ShapeError if the number of tokens is not `count * length`
 * @throws InvalidArgumentError if a token is out of range
 * @throws ZeroProbabilityError if a sequence is impossible; `position` is within its sequence
 * @example
 * ```ts
 * import { filterFactorBeliefs, mess3, tensorProduct } from "@semifactor/ghmm";
 *
 * const factor = mess3({ x: 0.15, a: 0.6 });
 * const product = tensorProduct(factor, factor, factor); // 27 states, 27 tokens
 * const { beliefs, stateDims } = filterFactorBeliefs(product, { tokens: [0, 13], count: 1, length: 2 });
 * expect(stateDims).toEqual([3, 3, 3]);
 * expect(beliefs[2]?.[3]).toBeCloseTo(0.6, 12); // third factor, first state, after its token 0
 * ```
 */
export function filterFactorBeliefs(process: Process, batch: TokenBatch): FactorBeliefs {
  const source = "filterFactorBeliefs";
  checkBatch(source, batch);
  const product = readFactors(source, process);
  const { count, length } = batch;
  const beliefs = product.states.map((d) => allocate(source, Float64Array, count * (length + 1) * d));
  const probabilities = allocate(source, Float64Array, count * length);
  const tokens = readTokens(batch);
  if (
    tokens === undefined ||
    !filterFactors(product, { tokens, count, length, ahead: tokens.length }, { beliefs, probabilities })
  ) {
    throw explain(source, process, product, batch);
  }
  return { beliefs, probabilities, count, length, stateDims: product.states };
}
