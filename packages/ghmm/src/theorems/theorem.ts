import type fc from "fast-check";
import type { Process } from "../process/process.ts";

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

/** A process of one's own, with what is declared about it: what theorems are applied to. */
export interface TheoremSubject {
  readonly process: Process;
  /** Factors of the state space, the slowest in the joint index first. */
  readonly factors?: readonly {
    readonly name: string;
    readonly dimension: number;
    /** All ones by default. */
    readonly normalizer?: ArrayLike<number>;
  }[];
  /** Joint states of each block. */
  readonly blocks?: readonly (readonly number[])[];
  /** Number of tokens of each factor, the slowest in the joint token first. */
  readonly tokenSizes?: readonly number[];
}

/**
 * Where a statement comes from: `standard` (textbook material or a short consequence of it), `reconstruction` (stated and proved by
 * this project) or `literature` (a theorem of others, not proved here).
 */
export type TheoremStatus = "standard" | "reconstruction" | "literature";

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
  readonly status: TheoremStatus;
  /** The proof, or where it is found; Markdown with formulas in TeX between dollar signs. */
  readonly proof: string;
  /** What the theorem is for, in a sentence or two. */
  readonly use: string;
  /** What of the statement rests on its proof or on the literature alone, because no instance can test it. */
  readonly untested?: string;
  readonly hypotheses: readonly Hypothesis[];
  /** What {@link instanceOf} needs beside a process, e.g. `factors and blocks`. */
  readonly needs?: string;
  /** The instance that a process of one's own makes; undefined where it lacks what the hypotheses speak of. */
  instanceOf(subject: TheoremSubject): Instance | undefined;
  /** Random instances that satisfy the hypotheses. */
  readonly arbitrary: fc.Arbitrary<Instance>;
  /** How far the conclusion is from true on an instance; infinite where one side of it does not exist. */
  residual(instance: Instance): number;
  /** Largest residual that rounding explains on an instance. */
  tolerance(instance: Instance): number;
  /** At least one for every hypothesis. */
  readonly counterexamples: readonly Counterexample<Instance>[];
}
