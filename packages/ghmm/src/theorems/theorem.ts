import type fc from "fast-check";

/** One assumption of a theorem. */
export interface Hypothesis {
  /** Short name, which counterexamples refer to. */
  readonly id: string;
  /** The assumption, with formulas in TeX between dollar signs. */
  readonly statement: string;
}

/** An instance that satisfies every hypothesis of a theorem but one, and violates its conclusion. */
export interface Counterexample<Instance> {
  /** The `id` of the hypothesis that fails. */
  readonly drops: string;
  /** What the instance is. */
  readonly description: string;
  readonly instance: Instance;
}

/**
 * A theorem that can be run: where it holds the residual is rounding, and it comes with an instance for every hypothesis that
 * shows what happens without it.
 *
 * @example
 * ```ts
 * import { coin } from "@semifactor/ghmm";
 * import { normalization, type Theorem } from "@semifactor/ghmm/theorems";
 *
 * const theorem: Theorem<{ readonly process: ReturnType<typeof coin> }> = normalization;
 * expect(theorem.residual({ process: coin({ p: 0.7 }) })).toBeLessThan(1e-15);
 * ```
 */
export interface Theorem<Instance> {
  /** Number in the documentation, e.g. `T4`. */
  readonly id: string;
  /** What it says, in a few words. */
  readonly name: string;
  /** The statement, with formulas in TeX between dollar signs. */
  readonly statement: string;
  readonly hypotheses: readonly Hypothesis[];
  /** Random instances that satisfy the hypotheses. */
  readonly arbitrary: fc.Arbitrary<Instance>;
  /** How far the conclusion is from true on an instance; infinite where one side of it does not exist. */
  residual(instance: Instance): number;
  /** Largest residual that rounding explains on an instance. */
  tolerance(instance: Instance): number;
  /** At least one for every hypothesis. */
  readonly counterexamples: readonly Counterexample<Instance>[];
}
