import { InvalidArgumentError, UnsupportedError } from "@semifactor/ghmm";
import { stationaryOfChain } from "@semifactor/ghmm/internal";
import { checkInteger, checkLaw, checkLength, checkRange } from "../_internal/checks.ts";
import { assembleSemiFactored, type SemiFactoredProcess } from "../structure/semi-factored.ts";
import { assignmentPartition, type ContextLaw, enumeratedContexts } from "./_internal/enumerated-contexts.ts";

const SOURCE = "contextPersonas";

/** Contexts up to which all assignments are written out; with a chain, 2^16 * 16 = 2^20 states. */
const LARGEST_ENUMERATED = 16;

/** Options of {@link contextPersonas}. */
export interface ContextPersonasOptions {
  /** Number K of contexts, 1 to 64; the state is an assignment of a bit to each, `2^K` in all. @defaultValue 12 */
  readonly contexts?: number;
  /** Weight of independent bits in the prior: 0 is one bit shared by all contexts, 1 a bit for each. @defaultValue 0 */
  readonly alpha?: number;
  /** P(u = 1) in a context whose bit is 0, and P(u = 0) where it is 1; 0 to 0.5. @defaultValue 0.1 */
  readonly epsilon?: number;
  /** Law of the next context by the present one, `[contexts][contexts]`. @defaultValue contexts are iid and uniform */
  readonly chain?: readonly (readonly number[])[];
  /** Law of the first context, `[contexts]`; only with a chain. @defaultValue the stationary law of the chain */
  readonly initialContext?: readonly number[];
}

/**
 * What {@link contextPersonas} returns: a semi-factored process that also has its parameters.
 *
 * With more than 16 contexts the assignments are not enumerated: `enumerated` is false, and `initial`, `normalizer`, `structure`,
 * `partition`, `step` and `operator` throw UnsupportedError. The functions that take the parameters alone work for every K.
 */
export interface ContextPersonas extends SemiFactoredProcess {
  /** Number K of contexts. */
  readonly contexts: number;
  /** Weight of independent bits in the prior. */
  readonly alpha: number;
  /** Probability that a bit is written wrongly. */
  readonly epsilon: number;
  /** Law of the next context by the present one, `[contexts][contexts]`; absent where contexts are iid and uniform. */
  readonly chain?: readonly (readonly number[])[];
  /** Law of the first context, `[contexts]`. */
  readonly initialContext: Float64Array;
  /** Whether the assignments are enumerated: up to 16 contexts. */
  readonly enumerated: boolean;
}

/** Checks every option and fills in the rest. */
function contextLaw(options: ContextPersonasOptions): ContextLaw {
  const { contexts = 12, alpha = 0, epsilon = 0.1, chain } = options;
  checkInteger(SOURCE, "contexts", contexts, 1, 64);
  checkRange(SOURCE, "alpha", alpha, 0, 1);
  checkRange(SOURCE, "epsilon", epsilon, 0, 0.5);
  if (chain === undefined) {
    if (options.initialContext !== undefined) {
      throw new InvalidArgumentError({
        source: SOURCE,
        problem: "initialContext is given without a chain",
        remedy: "Leave it out, or give the chain of the contexts",
      });
    }
    return { contexts, alpha, epsilon, initialContext: new Float64Array(contexts).fill(1 / contexts) };
  }
  checkLength(SOURCE, "chain", chain, contexts);
  const rows = Array.from(chain, (row, k) => {
    checkLength(SOURCE, `chain[${k}]`, row, contexts);
    checkLaw(SOURCE, `chain[${k}]`, row);
    return Object.freeze([...row]);
  });
  const { initialContext } = options;
  if (initialContext !== undefined) {
    checkLength(SOURCE, "initialContext", initialContext, contexts);
    checkLaw(SOURCE, "initialContext", initialContext);
  }
  const net = Float64Array.from(rows.flat());
  return {
    contexts,
    alpha,
    epsilon,
    chain: Object.freeze(rows),
    initialContext:
      initialContext === undefined
        ? stationaryOfChain(SOURCE, net, contexts, "Give initialContext, the law of the first context")
        : Float64Array.from(initialContext),
  };
}

/** The process without its `2^K` numbers: what needs them says what to use instead. */
function withoutEnumeration(law: ContextLaw, alphabet: readonly string[]): ContextPersonas {
  const refuse = (name: string): never => {
    throw new UnsupportedError({
      source: SOURCE,
      problem: `${name} needs all 2^${law.contexts} assignments`,
      remedy: `Use filterContextPersonas, sampleContextPersonas and the closed forms, or ${LARGEST_ENUMERATED} contexts at most`,
    });
  };
  return Object.freeze({
    ...law,
    enumerated: false,
    alphabet,
    stateDim: 2 ** law.contexts * (law.chain === undefined ? 1 : law.contexts),
    certificate: { kind: "hmm" as const },
    kind: "sector" as const,
    strong: true,
    defect: 0,
    tokenSizes: [law.contexts, 2],
    get initial() {
      return refuse("initial");
    },
    get normalizer() {
      return refuse("normalizer");
    },
    get structure() {
      return refuse("structure");
    },
    get partition() {
      return refuse("partition");
    },
    step: () => refuse("step"),
    operator: () => refuse("operator"),
  });
}

/**
 * C_K(alpha): K contexts, each with a static alignment bit, between one shared bit (alpha = 0) and K independent ones (alpha = 1).
 *
 * State: the assignment `i in {0,1}^K`, context k at binary digit k. Token `2 k + u`: `P(u = 1 | i_k = 0) = epsilon`,
 * `P(u = 1 | i_k = 1) = 1 - epsilon`. Prior `(1 - alpha)(delta_00..0 + delta_11..1) / 2 + alpha 2^-K`. Contexts are iid and uniform,
 * `T^(k,u) = diag_i(P(u | i_k) / K)`, or follow `chain`: then the state is (assignment, present context), and
 * `T^(k,u) = diag_i P(u | i_k) (x) C^k` with `C^k[c][c'] = [c = k] chain[k][c']`. Every assignment is conserved: one block each.
 *
 * `tokenSizes` is `[K, 2]`: the context is the slower part of a token, although it is the second factor of the structure.
 *
 * Every operator is a tensor product across assignment and context, for every alpha: measures of that cut call it factored. What alpha
 * changes is the coherence inside the assignment: its bits share one register or each has its own.
 *
 * Token entropy `1 + log2 K`, the law of one context and the entropy rate `log2 K + H2(epsilon)` bits do not depend on alpha.
 * After unlimited evidence for `i_0 = 1`, `P(i_k = 1) = 1 - alpha / 2`: the normalised generalisation to another context is `G_k =
 * 1 - alpha` (T30).
 *
 * Up to 16 contexts it is a process like any other, whose operators are stored as their likelihoods; `operator(token)` writes out
 * a matrix and is refused above 8192 states. With more contexts the assignments are not enumerated: {@link filterContextPersonas}
 * and {@link sampleContextPersonas} work for every K.
 *
 * @throws InvalidArgumentError if an option is out of range; NotNormalizedError if a row of the chain or the first law does not sum
 * to one
 * @throws ShapeError if the chain is not `[contexts][contexts]` or `initialContext` not `[contexts]`
 * @throws NonUniqueStationaryStateError if the chain has several stationary laws and `initialContext` is left out
 * @example
 * ```ts
 * import { beliefState } from "@semifactor/ghmm";
 * import { families } from "@semifactor/sfp";
 *
 * const process = families.contextPersonas({ contexts: 3, alpha: 0.5 });
 * const belief = beliefState(process, new Array(30).fill(1)); // misaligned in context 0, thirty times
 * const other = belief.reduce((sum, weight, assignment) => sum + ((assignment >> 1) & 1) * weight, 0);
 * expect(other).toBeCloseTo(1 - 0.5 / 2, 10);
 *
 * const large = families.contextPersonas({ contexts: 24 });
 * expect([large.stateDim, large.alphabet.length, large.enumerated]).toEqual([2 ** 24, 48, false]);
 * ```
 */
export function contextPersonas(options: ContextPersonasOptions = {}): ContextPersonas {
  const law = Object.freeze(contextLaw(options));
  const alphabet = Array.from({ length: 2 * law.contexts }, (_, token) => `${token >> 1},${token & 1}`);
  if (law.contexts > LARGEST_ENUMERATED) return withoutEnumeration(law, alphabet);
  // every operator acts inside an assignment, and a block of one assignment is a number times a matrix of the register
  const known = { partition: assignmentPartition(law), strong: true, defect: 0, tokenSizes: [law.contexts, 2] };
  const process = assembleSemiFactored(enumeratedContexts(law, alphabet), known);
  return Object.freeze({ ...process, ...law, enumerated: true });
}
