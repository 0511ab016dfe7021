import { InvalidArgumentError, ShapeError } from "../numeric/errors.ts";
import { kronecker, kroneckerVector, matrixTimesVector } from "../numeric/matrix.ts";
import { IMPOSSIBLE, type Process } from "../process/process.ts";
import { factorTokens } from "../process/storage/kronecker.ts";
import { storeProcess } from "../process/store.ts";
import { checkList, readAlphabet, TOLERANCE } from "../process/validate.ts";
import { compositeCertificate } from "./_internal/composite-certificate.ts";
import { checkChoice, checkVariants, jointNames } from "./_internal/variants.ts";
import { checkWrittenSize, operatorsOf } from "./_internal/written-out.ts";

/** A factor of {@link conditionalTransitions}. */
export interface ConditionalFactor {
  /** Processes with the same states, tokens and normalizer; the factor starts as the first of them. */
  readonly variants: readonly Process[];
  /**
   * The variant that emits: one for all steps (0 by default), or one for every joint token of the factors before this one
   * (big-endian): an emission chain.
   */
  readonly emission?: number | readonly number[];
  /** The variant that moves, for every joint token of all factors. */
  readonly transition: readonly number[];
}

const SOURCE = "conditionalTransitions";

/**
 * `operators[e][k][u]`: emits token `u` as variant `e` and moves as variant `k`, whose own probability of the token is divided out.
 * Both have the same product with the normalizer, so the probability of the token does not depend on `k`.
 */
function recombine(name: string, { variants }: ConditionalFactor): readonly (readonly (readonly Float64Array[])[])[] {
  const written = variants.map((variant) => operatorsOf(SOURCE, variant));
  const emissions = variants.map((variant, k) =>
    (written[k] ?? []).map((operator) => matrixTimesVector(operator, variant.normalizer)),
  );
  const isHmm = variants.every(({ certificate }) => certificate.kind === "hmm");
  return variants.map((_, e) =>
    written.map((operators, k) =>
      operators.map((operator, u) => {
        const [target, own] = [emissions[e]?.[u] ?? new Float64Array(0), emissions[k]?.[u] ?? new Float64Array(0)];
        if (target.every((value, s) => Math.abs(value - (own[s] ?? 0)) <= TOLERANCE)) return operator;
        if (!isHmm) {
          throw new InvalidArgumentError({
            source: SOURCE,
            problem: `variants ${e} and ${k} of ${name} emit token ${u} with different probabilities and are not all HMMs`,
            remedy:
              "Without hidden states the probability of a token cannot be divided out: give variants that emit alike",
          });
        }
        const d = target.length;
        return operator.map((value, i) => {
          const s = Math.floor(i / d);
          const [wanted, emitted] = [target[s] ?? 0, own[s] ?? 0];
          return emitted > IMPOSSIBLE ? (value * wanted) / emitted : wanted > IMPOSSIBLE ? Number.NaN : 0;
        });
      }),
    ),
  );
}

/** The emitting variant for each joint token of the factors before. */
function emissionChoice(name: string, factor: ConditionalFactor, before: number): readonly number[] {
  const { emission = 0, variants } = factor;
  const choice = typeof emission === "number" ? new Array<number>(before).fill(emission) : emission;
  checkChoice(SOURCE, `${name}.emission`, choice, { count: before, variants: variants.length });
  return choice;
}

/**
 * Factors that select each other's transitions by their tokens: each factor emits by a fixed variant of its operators, or by one that the
 * factors before it select, and then moves as the variant that the joint token selects.
 *
 * With `e_n` the emitting and `k_n` the moving variant, `T^x = (x)_n D_n A_{n, k_n}^{u_n}`, where the diagonal `D_n` replaces the probability of
 * token `u_n` in variant `k_n` by that in variant `e_n`. For this to be a process the probability of a token must not depend on what the
 * other tokens select, `A_n^u w = A_{n, e_n}^u w` for every `k_n`: that is what `D_n` makes true and what is checked. A state that can emit a
 * token must therefore be able to emit it in every variant that the token can select. Every operator is a product, so beliefs
 * stay products (T10).
 *
 * @throws InvalidArgumentError if a state can emit a token by one variant but not move on it by another, the variants are not HMMs and
 * emit differently, they differ in states, tokens or normalizer, or an index is out of range
 * @throws ShapeError if there are no factors or variants, or a choice has another length than there are tokens
 * @throws UnsupportedError if the operators have more than 2^26 entries
 * @example
 * ```ts
 * import { conditionalTransitions, createHmm, nextTokenDistribution } from "@semifactor/ghmm";
 *
 * // Fair coins with two states; a factor goes to the state that the token of the other factor says.
 * const go = (to: number) => {
 *   const row = [0, 1].map((s) => (s === to ? 0.5 : 0));
 *   return createHmm({ operators: [[row, row], [row, row]], initial: [0.5, 0.5] });
 * };
 * const variants = [go(0), go(1)];
 * const pair = conditionalTransitions({
 *   factors: [
 *     { variants, transition: [0, 1, 0, 1] },
 *     { variants, transition: [0, 0, 1, 1] },
 *   ],
 * });
 * expect(Array.from(nextTokenDistribution(pair, pair.initial))).toEqual([0.25, 0.25, 0.25, 0.25]);
 * ```
 */
export function conditionalTransitions({ factors }: { readonly factors: readonly ConditionalFactor[] }): Process {
  checkList(SOURCE, "factors", factors);
  Array.from(factors, (factor, n) => checkList(SOURCE, `factors[${n}].variants`, factor?.variants));
  if (factors.length === 0) {
    throw new ShapeError({ source: SOURCE, problem: "factors is empty", remedy: "Give at least one factor" });
  }
  const firsts = factors.map(({ variants }, n) => checkVariants(SOURCE, `factors[${n}].variants`, variants));
  const sizes = firsts.map(({ alphabet }) => alphabet.length);
  const count = sizes.reduce((product, size) => product * size, 1);
  checkWrittenSize(
    SOURCE,
    count,
    firsts.reduce((product, { stateDim }) => product * stateDim, 1),
  );
  const parts = factors.map((factor, n) => {
    const name = `factors[${n}]`;
    checkChoice(SOURCE, `${name}.transition`, factor.transition, { count, variants: factor.variants.length });
    const before = sizes.slice(0, n).reduce((product, size) => product * size, 1);
    const after = count / before;
    return { name, after, emission: emissionChoice(name, factor, before), operators: recombine(name, factor) };
  });
  const own = new Uint32Array(sizes.length);
  const operators = Array.from({ length: count }, (_, token) => {
    factorTokens(sizes, token, own);
    let joint: Float64Array = Float64Array.of(1);
    let d = 1;
    parts.forEach(({ name, after, emission, operators: all }, n) => {
      const e = emission[Math.floor(token / after)] ?? 0;
      const k = factors[n]?.transition[token] ?? 0;
      const operator = all[e]?.[k]?.[own[n] ?? 0] ?? new Float64Array(0);
      if (operator.some(Number.isNaN)) {
        throw new InvalidArgumentError({
          source: SOURCE,
          problem: `variant ${e} of ${name} emits token ${own[n]} in a state in which variant ${k} cannot move on it`,
          remedy: "Give variants in which the same states can emit the same tokens",
        });
      }
      const size = firsts[n]?.stateDim ?? 1;
      joint = kronecker(joint, d, operator, size);
      d *= size;
    });
    return joint;
  });
  const whole = {
    operators,
    initial: firsts.map(({ initial }) => initial).reduce(kroneckerVector),
    normalizer: firsts.map(({ normalizer }) => normalizer).reduce(kroneckerVector),
    alphabet: readAlphabet(SOURCE, count, jointNames(firsts)),
  };
  const certificate = compositeCertificate(
    SOURCE,
    factors.map(({ variants }) => variants),
    whole,
  );
  return storeProcess({ ...whole, certificate });
}
