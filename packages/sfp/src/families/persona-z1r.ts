import { createHmm, type Process } from "@semifactor/ghmm";
import { checkChoice, checkInteger, checkLaw, checkLength, checkRanges } from "../_internal/checks.ts";
import { type SemiFactoredProcess, semiFactored } from "../structure/semi-factored.ts";
import { type TensorStructure, tensorStructure } from "../structure/tensor-structure.ts";

/** Named parameter sets of {@link personaZ1r}. */
export type PersonaZ1rVariant = "factored" | "semi" | "semi-s";

/** One number per phase S0, S1, SR. */
export type ByPhase = readonly [number, number, number];

/** Options of {@link personaZ1r}. */
export interface PersonaZ1rOptions {
  /** Parameters used where the two options below are left out. @defaultValue "semi" */
  readonly variant?: PersonaZ1rVariant;
  /** Number N of personas, 2 to 64. @defaultValue the length of the first list given below, else 2 */
  readonly personas?: number;
  /** P(y = 1 | phase SR) of each persona, the aligned one first, `[N]`. */
  readonly random?: readonly number[];
  /** P(u = 1 | phase) of each persona, `[N]`. */
  readonly marked?: readonly ByPhase[];
  /** Initial weights of the personas, `[N]`. @defaultValue equal weights */
  readonly weights?: readonly number[];
}

/** All parameters of a persona over Z1R. */
export interface PersonaZ1rParameters {
  readonly random: readonly number[];
  readonly marked: readonly ByPhase[];
  readonly weights: readonly number[];
}

/** Personas up to which the operators stay small: 192 states. */
const LARGEST_COUNT = 64;

const PLAIN_MARKS = [
  [0.25, 0.25, 0.25],
  [0.75, 0.75, 0.75],
] as const;

/** The parameters of the first and the last persona; any others are evenly spaced between them. */
const VARIANTS = {
  factored: { random: [0.2, 0.2], marked: PLAIN_MARKS },
  semi: { random: [0.2, 0.8], marked: PLAIN_MARKS },
  "semi-s": {
    random: [0.2, 0.8],
    marked: [
      [0.1, 0.25, 0.4],
      [0.6, 0.75, 0.9],
    ],
  },
} as const satisfies Record<PersonaZ1rVariant, Omit<PersonaZ1rParameters, "weights">>;

/** N numbers evenly spaced from the first to the last, both exact. */
export function evenlySpaced(first: number, last: number, count: number): readonly number[] {
  return Array.from({ length: count }, (_, i) => first * (1 - i / (count - 1)) + last * (i / (count - 1)));
}

function markedOf([first, last]: readonly [ByPhase, ByPhase], count: number): readonly ByPhase[] {
  const [s0, s1, sr] = ([0, 1, 2] as const).map((s) => evenlySpaced(first[s], last[s], count));
  return Array.from({ length: count }, (_, i) => [s0?.[i] ?? 0, s1?.[i] ?? 0, sr?.[i] ?? 0] as const);
}

/** Fills in the variant's parameters and checks everything. */
export function personaZ1rParameters(source: string, options: PersonaZ1rOptions): PersonaZ1rParameters {
  const { variant = "semi" } = options;
  checkChoice(source, "variant", variant, Object.keys(VARIANTS));
  const given = options.random ?? options.marked ?? options.weights;
  const { personas = given?.length ?? 2 } = options;
  checkInteger(source, "the number of personas", personas, 2, LARGEST_COUNT);
  const { random: ends, marked: rows } = VARIANTS[variant];
  const {
    random = evenlySpaced(ends[0], ends[1], personas),
    marked = markedOf(rows, personas),
    weights = new Array<number>(personas).fill(1 / personas),
  } = options;
  checkLength(source, "random", random, personas);
  checkRanges(source, "random", random, 0, 1);
  checkLength(source, "marked", marked, personas);
  for (const [i, row] of Array.from(marked).entries()) {
    checkLength(source, `marked[${i}]`, row, 3);
    checkRanges(source, `marked[${i}]`, row, 0, 1);
  }
  checkLength(source, "weights", weights, personas);
  checkLaw(source, "weights", weights);
  return { random, marked, weights };
}

/**
 * The process of a persona over Z1R whose label is redrawn uniformly with probability `leak` at every step out of SR.
 * State `3 i + s`, token `2 u + y`.
 */
export function personaZ1rProcess({ random, marked, weights }: PersonaZ1rParameters, leak: number): Process {
  const count = weights.length;
  const operators = [0, 1, 2, 3].map((token) => {
    const [u, y] = [token >> 1, token & 1];
    return weights.flatMap((_, i) =>
      [0, 1, 2].map((s) => {
        const mark = marked[i]?.[s] ?? 0;
        const flip = random[i] ?? 0;
        const capability = s < 2 ? (y === s ? 1 : 0) : y === 1 ? flip : 1 - flip;
        const row = new Float64Array(3 * count);
        for (let next = 0; next < count; next++) {
          const redrawn = next === i ? 1 - (leak * (count - 1)) / count : leak / count;
          const persona = s === 2 ? redrawn : next === i ? 1 : 0;
          row[3 * next + ((s + 1) % 3)] = (u === 1 ? mark : 1 - mark) * capability * persona;
        }
        return row;
      }),
    );
  });
  return createHmm({
    operators,
    initial: weights.flatMap((weight) => [weight / 3, weight / 3, weight / 3]),
    alphabet: ["0,0", "0,1", "1,0", "1,1"],
  });
}

/** Persona (N) x phase (3). */
export function personaZ1rStructure(personas: number): TensorStructure {
  return tensorStructure({
    factors: [
      { name: "persona", dimension: personas },
      { name: "phase", dimension: 3 },
    ],
  });
}

/**
 * P6: a static persona over a Zero-One-Random capability register. A sector SFP.
 *
 * `T^(u,y) = sum_i E_ii (x) diag_s(q_i(u | s)) Z_{p_i}^(y)`, state `3 i + s`, token `2 u + y`: u is marked by the persona, y by the
 * capability phase S0, S1, SR, with `q_i(1 | s) = marked[i][s]` and `p_i = random[i]`.
 *
 * - `factored`: the personas differ in the marked bit only, so every operator is a tensor product;
 * - `semi`: they also differ in the capability bit, operator-Schmidt rank 2; both variants have entropy rate 1.051921 bits in each block;
 * - `semi-s`: the marks depend on the phase too.
 *
 * Of N personas the first and the last are as above and the others evenly spaced between them, unless lists of N are given. Personas with
 * `random` p or 1 - p and the same marks have the same entropy rate.
 *
 * The phase synchronises, after which beliefs are products whatever the operators: belief-level correlation cannot tell the
 * variants apart.
 *
 * @throws InvalidArgumentError if a probability is out of range or the variant is unknown; ShapeError if a table has the wrong size;
 * NotNormalizedError if the weights do not sum to one
 * @example
 * ```ts
 * import { families } from "@semifactor/sfp";
 *
 * const process = families.personaZ1r({ variant: "factored" });
 * expect([process.kind, process.strong, process.stateDim]).toEqual(["sector", true, 6]);
 * expect(families.personaZ1r({ random: [0.2, 0.5, 0.8] }).partition.blocks.length).toBe(3);
 * ```
 */
export function personaZ1r(options: PersonaZ1rOptions = {}): SemiFactoredProcess {
  const parameters = personaZ1rParameters("personaZ1r", options);
  return semiFactored({
    process: personaZ1rProcess(parameters, 0),
    structure: personaZ1rStructure(parameters.weights.length),
    blocks: "sectors",
    tokenSizes: [2, 2],
  });
}
