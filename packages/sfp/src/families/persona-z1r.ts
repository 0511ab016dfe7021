import { createHmm, type Process } from "@semifactor/ghmm";
import { checkChoice, checkLaw, checkLength, checkRange } from "../_internal/checks.ts";
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
  /** P(y = 1 | phase SR) of the aligned and of the misaligned persona. */
  readonly random?: readonly [number, number];
  /** P(u = 1 | phase) of the aligned and of the misaligned persona. */
  readonly marked?: readonly [ByPhase, ByPhase];
  /** Initial weights of the two personas. @defaultValue [0.5, 0.5] */
  readonly weights?: readonly [number, number];
}

/** All parameters of a persona over Z1R. */
export interface PersonaZ1rParameters {
  readonly random: readonly [number, number];
  readonly marked: readonly [ByPhase, ByPhase];
  readonly weights: readonly [number, number];
}

const PLAIN_MARKS = [
  [0.25, 0.25, 0.25],
  [0.75, 0.75, 0.75],
] as const;

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

/** Fills in the variant's parameters and checks everything. */
export function personaZ1rParameters(source: string, options: PersonaZ1rOptions): PersonaZ1rParameters {
  const { variant = "semi", weights = [0.5, 0.5] } = options;
  checkChoice(source, "variant", variant, Object.keys(VARIANTS));
  const { random = VARIANTS[variant].random, marked = VARIANTS[variant].marked } = options;
  checkLength(source, "random", random, 2);
  random.forEach((p, i) => {
    checkRange(source, `random[${i}]`, p, 0, 1);
  });
  checkLength(source, "marked", marked, 2);
  marked.forEach((row, i) => {
    checkLength(source, `marked[${i}]`, row, 3);
    row.forEach((q, s) => {
      checkRange(source, `marked[${i}][${s}]`, q, 0, 1);
    });
  });
  checkLength(source, "weights", weights, 2);
  checkLaw(source, "weights", weights);
  return { random, marked, weights };
}

/**
 * The process of a persona over Z1R whose label is redrawn uniformly with probability `leak` at every step out of SR.
 * State `3 i + s`, token `2 u + y`.
 */
export function personaZ1rProcess({ random, marked, weights }: PersonaZ1rParameters, leak: number): Process {
  const operators = [0, 1, 2, 3].map((token) => {
    const [u, y] = [token >> 1, token & 1];
    return [0, 1].flatMap((i) =>
      [0, 1, 2].map((s) => {
        const mark = marked[i]?.[s] ?? 0;
        const flip = random[i] ?? 0;
        const capability = s < 2 ? (y === s ? 1 : 0) : y === 1 ? flip : 1 - flip;
        const row = new Float64Array(6);
        for (let next = 0; next < 2; next++) {
          const persona = s === 2 ? (next === i ? 1 - leak / 2 : leak / 2) : next === i ? 1 : 0;
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

/** Persona (2) x phase (3). */
export function personaZ1rStructure(): TensorStructure {
  return tensorStructure({
    factors: [
      { name: "persona", dimension: 2 },
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
 * The phase synchronises, after which beliefs are products whatever the operators: belief-level correlation cannot tell the variants apart.
 *
 * @throws InvalidArgumentError if a probability is out of range or the variant is unknown; ShapeError if a table has the wrong size
 * @example
 * ```ts
 * import { families } from "@semifactor/sfp";
 *
 * const process = families.personaZ1r({ variant: "factored" });
 * expect([process.kind, process.strong, process.stateDim]).toEqual(["sector", true, 6]);
 * ```
 */
export function personaZ1r(options: PersonaZ1rOptions = {}): SemiFactoredProcess {
  const parameters = personaZ1rParameters("personaZ1r", options);
  return semiFactored({
    process: personaZ1rProcess(parameters, 0),
    structure: personaZ1rStructure(),
    blocks: "sectors",
  });
}
