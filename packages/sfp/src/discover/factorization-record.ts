import {
  type EntropyOptions,
  type EntropyUnit,
  InvalidArgumentError,
  type Process,
  SemifactorError,
} from "@semifactor/ghmm";
import { checkProcess, readSizes } from "@semifactor/ghmm/internal";
import { checkInteger } from "../_internal/checks.ts";
import { mutualInformation } from "../entanglement/mutual-information.ts";
import { schmidt } from "../entanglement/schmidt.ts";
import { sectorDecomposition } from "../entanglement/sector-decomposition.ts";
import { type TokenInformation, tokenInformation } from "../entanglement/token-information.ts";
import { bipartition } from "../structure/bipartition.ts";
import type { BlockDefinition, Partition } from "../structure/partition.ts";
import { type SemiFactoredProcess, semiFactored } from "../structure/semi-factored.ts";
import type { TensorStructure } from "../structure/tensor-structure.ts";
import { type BeliefCurve, beliefCurves, wordBeliefs } from "./_internal/belief-curves.ts";
import { findBlocks } from "./find-blocks.ts";
import { type OperatorFactorization, operatorFactorization } from "./operator-factorization.ts";

export type { BeliefCurve };

const SOURCE = "factorizationRecord";

/** A quantity that does not exist for a process, and why. */
export interface Undefined {
  readonly undefined: string;
}

/** Options of {@link factorizationRecord}. */
export interface FactorizationRecordOptions extends EntropyOptions {
  /** The factors of the state space; taken from a {@link SemiFactoredProcess}. */
  readonly structure?: TensorStructure;
  /** The blocks that are conserved, if any; taken from a {@link SemiFactoredProcess}. */
  readonly partition?: Partition | BlockDefinition;
  /** Names of the factors of the first side. @defaultValue the sectored factor, or the first one */
  readonly first?: readonly string[];
  /** Number of tokens of the two parts `(u, y)` of a token; taken from a {@link SemiFactoredProcess}. */
  readonly tokenSizes?: readonly number[];
  /** Length of the longest words. @defaultValue 4 */
  readonly maxLength?: number;
}

/** What {@link factorizationRecord} returns: every measure beside the others, since none of them replaces another. */
export interface FactorizationRecord {
  /** Unit of all entropies. */
  readonly unit: EntropyUnit;
  /** Names of the factors of the two sides. */
  readonly sides: readonly [readonly string[], readonly string[]];
  readonly maxLength: number;
  /** Operators (D6): `fbar`, entropy and rank per token, `maxRank`. It does not depend on the position in the context. */
  readonly operators: OperatorFactorization;
  /** Schmidt entropy of the square roots of beliefs (D2). */
  readonly squareRootEntropy: BeliefCurve | Undefined;
  /** Schmidt entropy of beliefs as amplitudes (D1): exists for signed beliefs too, and depends on the coordinates. */
  readonly amplitudeEntropy: BeliefCurve;
  /** Classical mutual information of beliefs, `I(A:C)` (D3). */
  readonly information: BeliefCurve | Undefined;
  /** Negativity of the square-root states, without unit. */
  readonly negativity: BeliefCurve | Undefined;
  /** Rank of beliefs as `[dA, dC]` matrices: 1 for a product. */
  readonly schmidtRank: BeliefCurve;
  /** What the second side reveals about the sector (T18). */
  readonly chi: BeliefCurve | Undefined;
  /** Information between the two parts of the tokens and its rate (D7). */
  readonly tokens: TokenInformation | Undefined;
  /** Dimension of the commutant, at least the number of conserved blocks: at 1 there is none, in any basis (T14). */
  readonly commutantDimension: number | Undefined;
}

const isSemiFactored = (process: Process | SemiFactoredProcess): process is SemiFactoredProcess =>
  "partition" in process;

/** What is declared about a process, from the options or the process itself. */
function readDeclared(process: Process | SemiFactoredProcess, options: FactorizationRecordOptions) {
  const own = isSemiFactored(process) ? process : undefined;
  const structure = options.structure ?? own?.structure;
  if (structure === undefined) {
    throw new InvalidArgumentError({
      source: SOURCE,
      problem: "the process does not say what its factors are",
      remedy: "Pass structure, made by tensorStructure",
    });
  }
  const blocks = options.partition ?? (options.structure === undefined ? own?.partition : undefined);
  const sectored = blocks === undefined ? undefined : semiFactored({ process, structure, blocks });
  const sectors = sectored?.kind === "sector" ? sectored : undefined;
  const first = options.first ?? sectors?.partition.conserved ?? [structure.factors[0].name];
  const given = options.tokenSizes ?? own?.tokenSizes;
  const tokenSizes = given === undefined ? undefined : readSizes(SOURCE, process, given);
  return { structure, sectored, first, tokenSizes };
}

/** Why square roots of beliefs are not defined, if they are not. */
function whyNoSquareRoots(process: Process, beliefs: readonly { readonly belief: Float64Array }[]): string | undefined {
  if (process.normalizer.some((value) => Math.abs(value - 1) > 1e-9)) {
    return "the normalizer is not all ones, so beliefs are not distributions over states";
  }
  const smallest = beliefs.reduce((least, { belief }) => Math.min(least, ...belief), 0);
  return smallest < -1e-12 ? `a belief has the entry ${smallest}, and square roots need probabilities` : undefined;
}

/** What `compute` returns, or why the process is outside its reach. */
function attempt<Value>(compute: () => Value): Value | Undefined {
  try {
    return compute();
  } catch (error) {
    if (error instanceof SemifactorError) return { undefined: error.message };
    throw error;
  }
}

/**
 * The whole record of how factored a process is, across two sides of its structure: operators, beliefs by position, tokens and blocks.
 *
 * No single number says it. Beliefs can be products while operators are not, and operators products while beliefs are not; the two
 * parts of the tokens can be independent or not in either case; and a label that is conserved stops showing in beliefs as the context
 * grows (T33), so beliefs are recorded by position. Beliefs are those after every word of up to `maxLength` tokens. Where a quantity does
 * not exist its place holds the reason: square roots of signed beliefs, `chi` without sectors, token information without parts.
 * Source: section 4 of the theory notes.
 *
 * @throws InvalidArgumentError if there is no structure, a name is unknown or `maxLength` is not an integer from 1 to 50
 * @throws ShapeError if the structure has another number of states, or `tokenSizes` do not multiply to the number of tokens
 * @throws NotBlockInvariantError if the partition given is not conserved
 * @throws UnsupportedError if there are more than 2^17 words
 * @example
 * ```ts
 * import { factorizationRecord, families } from "@semifactor/sfp";
 *
 * // beliefs become products once the phase is known, although the operators are none
 * const { operators, information } = factorizationRecord(families.personaZ1r({ variant: "semi" }));
 * expect(operators.maxRank).toBe(2);
 * const expected = [0, 0.0489, 0.0566, 0, 0].map((bits) => expect.closeTo(bits, 4));
 * expect("mean" in information && Array.from(information.byPosition.mean)).toEqual(expected);
 * ```
 */
export function factorizationRecord(
  process: Process | SemiFactoredProcess,
  options: FactorizationRecordOptions = {},
): FactorizationRecord {
  const { unit = "bits", maxLength = 4 } = options;
  checkProcess(SOURCE, "process", process);
  checkInteger(SOURCE, "maxLength", maxLength, 1, 50);
  const { structure, sectored, first, tokenSizes } = readDeclared(process, options);
  const split = bipartition(structure, first);
  const { dimensions, arrange } = split;
  const operators = operatorFactorization(process, split, { unit });
  const words = wordBeliefs(SOURCE, process, maxLength);
  const signed = whyNoSquareRoots(process, words.beliefs);

  const always = beliefCurves(words, ["amplitudeEntropy", "schmidtRank"], (belief) => {
    const { entropy, rank } = schmidt(arrange(belief), dimensions, { embedding: "amplitude", unit });
    return { amplitudeEntropy: entropy, schmidtRank: rank };
  });
  const ofRoots =
    signed === undefined
      ? beliefCurves(words, ["squareRootEntropy", "information", "negativity"], (belief) => {
          const joint = arrange(belief);
          const { entropy, coefficients } = schmidt(joint, dimensions, { unit });
          // of a pure state, by its Schmidt coefficients (T23)
          const sum = coefficients.reduce((total, s) => total + s, 0);
          return {
            squareRootEntropy: entropy,
            information: mutualInformation(joint, dimensions, { unit }),
            negativity: Math.max(0, (sum * sum - 1) / 2),
          };
        })
      : undefined;
  const missing: Undefined = { undefined: signed ?? "" };
  const chi = (): BeliefCurve | Undefined => {
    if (sectored?.kind !== "sector") return { undefined: "the conserved blocks are not the sectors of one factor" };
    if (signed !== undefined) return missing;
    return beliefCurves(words, ["chi"], (belief) => ({ chi: sectorDecomposition(sectored, belief, { unit }).chi })).chi;
  };
  const tokens = (): TokenInformation | Undefined => {
    if (tokenSizes?.length === 2) return tokenInformation(process, { tokenSizes, maxLength, unit });
    const count = tokenSizes === undefined ? "no" : tokenSizes.length;
    return { undefined: `tokens are declared to have ${count} parts, and the information is that of two` };
  };
  return {
    unit,
    sides: [[...first], structure.factors.flatMap(({ name }) => (first.includes(name) ? [] : [name]))],
    maxLength,
    operators,
    squareRootEntropy: ofRoots?.squareRootEntropy ?? missing,
    amplitudeEntropy: always.amplitudeEntropy,
    information: ofRoots?.information ?? missing,
    negativity: ofRoots?.negativity ?? missing,
    schmidtRank: always.schmidtRank,
    chi: chi(),
    tokens: attempt(tokens),
    commutantDimension: attempt(() => findBlocks(process).commutantDimension),
  };
}
