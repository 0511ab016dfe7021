import { InvalidArgumentError } from "../numeric/errors.ts";
import { kronecker, kroneckerVector } from "../numeric/matrix.ts";
import type { Process } from "../process/process.ts";
import { storeProcess } from "../process/store.ts";
import { readAlphabet } from "../process/validate.ts";
import { compositeCertificate } from "./_internal/composite-certificate.ts";
import { checkChoice, checkVariants, jointNames } from "./_internal/variants.ts";
import { checkWrittenSize, operatorsOf } from "./_internal/written-out.ts";

/** What {@link chainProduct} takes. */
export interface ChainProductOptions {
  /** The factor that moves on its own. */
  readonly first: Process;
  /** What the second factor can be: processes with the same states, tokens and normalizer. It starts as the first of them. */
  readonly variants: readonly Process[];
  /** Which variant the second factor is at a step, for each token of the first; token `u` selects variant `u` by default. */
  readonly control?: readonly number[];
}

/**
 * A chain of two factors: the token of the first selects how the second emits and moves, `T^(u,y) = A^u (x) C_{control[u]}^y`.
 *
 * States `(a, c) -> a * dC + c`, tokens `(u, y) -> u * |Y| + y`. Every operator is a product, so beliefs that start as products stay
 * products, and the belief about the first factor ignores the second (T10). Chains of more factors are nested: the result may
 * be `first` of another chain, whose control then has an entry for every joint token.
 *
 * Two factors cannot select each other's variant in the same step. Multiplying `P(u | a, y) P(y | c, u)` and dividing by their sum
 * (a product of experts) divides by a number that depends on the belief: a mixture of two beliefs then predicts something else
 * than the mixture of their predictions, so no operators and no normalizer exist and none of the theorems hold. That rule is
 * not offered here; {@link conditionalTransitions} couples the factors through their tokens in a linear way.
 *
 * @throws InvalidArgumentError if the variants differ in states, tokens or normalizer, or `control` has another index than theirs
 * @throws ShapeError if there is no variant or `control` has another length than the first alphabet
 * @throws UnsupportedError if the operators have more than 2^26 entries
 * @example
 * ```ts
 * import { chainProduct, coin, wordProbability } from "@semifactor/ghmm";
 *
 * const joint = chainProduct({ first: coin({ p: 0.6 }), variants: [coin({ p: 0.7 }), coin({ p: 0.2 })] });
 * expect(joint.alphabet).toEqual(["0,0", "0,1", "1,0", "1,1"]);
 * expect(wordProbability(joint, [3])).toBeCloseTo(0.4 * 0.8, 14);
 * ```
 */
export function chainProduct({ first, variants, control }: ChainProductOptions): Process {
  const source = "chainProduct";
  const second = checkVariants(source, "variants", variants);
  const size = { count: first.alphabet.length, variants: variants.length };
  if (control === undefined && size.count !== size.variants) {
    throw new InvalidArgumentError({
      source,
      problem: `there are ${size.variants} variants for ${size.count} tokens of the first factor and no control`,
      remedy: "Pass control: the index of a variant for every token of the first factor",
    });
  }
  const choice = control ?? variants.map((_, k) => k);
  checkChoice(source, "control", choice, size);
  const [dA, dC] = [first.stateDim, second.stateDim];
  checkWrittenSize(source, size.count * second.alphabet.length, dA * dC);
  const written = variants.map((variant) => operatorsOf(source, variant));
  const operators = operatorsOf(source, first).flatMap((u, token) =>
    (written[choice[token] ?? 0] ?? []).map((y) => kronecker(u, dA, y, dC)),
  );
  const parts = {
    operators,
    initial: kroneckerVector(first.initial, second.initial),
    normalizer: kroneckerVector(first.normalizer, second.normalizer),
    alphabet: readAlphabet(source, operators.length, jointNames([first, second])),
  };
  return storeProcess({ ...parts, certificate: compositeCertificate(source, [[first], variants], parts) });
}
