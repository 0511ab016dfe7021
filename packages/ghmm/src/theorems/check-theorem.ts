import fc from "fast-check";
import { InvalidArgumentError, UnsupportedError } from "../numeric/errors.ts";
import { checkKey, createKey, type Key } from "../random/key.ts";
import type { Theorem, TheoremSubject } from "./theorem.ts";

/** What {@link checkTheorem} takes: an instance or a process of one's own, or how many random instances. */
export interface CheckOptions<Instance> {
  /** Check this instance only. */
  readonly instance?: Instance;
  /** Check the instance that this process makes. */
  readonly subject?: TheoremSubject;
  /** Number of random instances, 100 by default. Not used with `instance` or `subject`. */
  readonly runs?: number;
  /** Key of the random instances, `createKey(0)` by default. */
  readonly key?: Key;
}

/** A residual beside what rounding explains. */
export interface Residual<Instance> {
  readonly instance: Instance;
  readonly residual: number;
  readonly tolerance: number;
}

/** A counterexample of a theorem, run. */
export interface RanCounterexample<Instance> extends Residual<Instance> {
  /** The `id` of the hypothesis that it does without. */
  readonly drops: string;
  readonly description: string;
  /** Whether its residual exceeds its tolerance, as it should. */
  readonly violates: boolean;
}

/** What {@link checkTheorem} returns. */
export interface TheoremCheck<Instance> {
  readonly id: string;
  /** Whether every residual was within its tolerance. */
  readonly holds: boolean;
  /** Number of instances checked. */
  readonly runs: number;
  /** The instance with the largest residual, relative to its tolerance. */
  readonly worst: Residual<Instance>;
  /** Largest residual of any instance, whatever its tolerance. */
  readonly largestResidual: number;
  /** Where the theorem failed, the failing instance made as small as fast-check could. */
  readonly failure?: Residual<Instance>;
  /** Every counterexample of the theorem. */
  readonly counterexamples: readonly RanCounterexample<Instance>[];
}

const MOST_RUNS = 10_000_000;

function measure<Instance>(theorem: Theorem<Instance>, instance: Instance): Residual<Instance> {
  const residual = theorem.residual(instance);
  // NaN compares with nothing and would pass as the smallest residual
  return {
    instance,
    residual: Number.isNaN(residual) ? Number.POSITIVE_INFINITY : residual,
    tolerance: theorem.tolerance(instance),
  };
}

const isWithin = ({ residual, tolerance }: Residual<unknown>): boolean => residual <= tolerance;

/** What `compute` returns; what it throws goes to `errors`. */
function attempt<Value>(compute: () => Value, errors: unknown[]): Value | undefined {
  try {
    return compute();
  } catch (error) {
    errors.push(error);
    return undefined;
  }
}

function checkRandom<Instance>(
  theorem: Theorem<Instance>,
  runs: number,
  key: Key,
): Pick<TheoremCheck<Instance>, "worst" | "largestResidual" | "failure"> {
  let worst: Residual<Instance> | undefined;
  let largestResidual = 0;
  let failed = false;
  const errors: unknown[] = [];
  const property = fc.property(theorem.arbitrary, (instance) => {
    if (errors.length > 0) return true;
    const measured = attempt(() => measure(theorem, instance), errors);
    if (measured === undefined) return false;
    // instances after the first failure are attempts to shrink it
    if (!failed && (worst === undefined || measured.residual * worst.tolerance > worst.residual * measured.tolerance)) {
      worst = measured;
    }
    if (!failed) largestResidual = Math.max(largestResidual, measured.residual);
    failed ||= !isWithin(measured);
    return isWithin(measured);
  });
  const outcome = fc.check(property, { numRuns: runs, seed: key[0] ^ key[1] });
  if (errors.length > 0) throw errors[0];
  const [shrunk] = outcome.counterexample ?? [];
  if (worst === undefined) {
    throw new InvalidArgumentError({
      source: "checkTheorem",
      problem: `the arbitrary of ${theorem.id} made no instance`,
      remedy: "Give a theorem whose arbitrary is not empty",
    });
  }
  return { worst, largestResidual, ...(shrunk === undefined ? {} : { failure: measure(theorem, shrunk) }) };
}

function checkIsTheorem(theorem: unknown): void {
  if (typeof (theorem as Partial<Theorem<unknown>> | undefined)?.residual === "function") return;
  throw new InvalidArgumentError({
    source: "checkTheorem",
    problem: `theorem is ${JSON.stringify(theorem)}`,
    remedy: "Give a theorem itself, such as an entry of theorems, and not its name",
  });
}

/** The one instance to check, if the options have one. */
function ownInstance<Instance>(
  theorem: Theorem<Instance>,
  { instance, subject }: CheckOptions<Instance>,
): Instance | undefined {
  if (subject === undefined) return instance;
  if (instance !== undefined) {
    throw new InvalidArgumentError({
      source: "checkTheorem",
      problem: "there is both an instance and a subject",
      remedy: "Give one of them",
    });
  }
  const made = theorem.instanceOf(subject);
  if (made !== undefined) return made;
  throw new UnsupportedError({
    source: "checkTheorem",
    problem: `${theorem.id} does not apply to the subject`,
    remedy: theorem.needs === undefined ? "Give one that satisfies its hypotheses" : `It needs ${theorem.needs}`,
  });
}

/**
 * Runs a theorem: on an instance of yours, on the one that a process of yours makes, or on `runs` random ones; and its counterexamples, which show that it is not vacuous.
 *
 * @throws InvalidArgumentError if `theorem` is not one, `runs` is not an integer from 1 to 10^7, `key` is not a key, or both an
 * instance and a subject are given
 * @throws UnsupportedError if the theorem does not apply to the subject
 * @example
 * ```ts
 * import { createKey } from "@semifactor/ghmm";
 * import { checkTheorem, gaugeInvariance } from "@semifactor/ghmm/theorems";
 *
 * const check = checkTheorem(gaugeInvariance, { runs: 20, key: createKey(1) });
 * expect(check.holds).toBe(true);
 * expect(check.counterexamples.every(({ violates }) => violates)).toBe(true);
 * ```
 * @example
 * ```ts
 * import { zeroOneRandom } from "@semifactor/ghmm";
 * import { checkTheorem, independentProduct, normalization } from "@semifactor/ghmm/theorems";
 *
 * const subject = { process: zeroOneRandom({ p: 0.3 }) };
 * expect(checkTheorem(normalization, { subject }).holds).toBe(true);
 * expect(() => checkTheorem(independentProduct, { subject })).toThrow("T9 does not apply to the subject. It needs factors");
 * ```
 */
export function checkTheorem<Instance>(
  theorem: Theorem<Instance>,
  options: CheckOptions<Instance> = {},
): TheoremCheck<Instance> {
  const { runs = 100, key = createKey(0) } = options;
  checkIsTheorem(theorem);
  checkKey("checkTheorem", key);
  if (!(Number.isInteger(runs) && runs >= 1 && runs <= MOST_RUNS)) {
    throw new InvalidArgumentError({
      source: "checkTheorem",
      problem: `runs is ${runs}`,
      remedy: `Give an integer from 1 to ${MOST_RUNS}`,
    });
  }
  const instance = ownInstance(theorem, options);
  let outcome: Pick<TheoremCheck<Instance>, "worst" | "largestResidual" | "failure">;
  if (instance === undefined) {
    outcome = checkRandom(theorem, runs, key);
  } else {
    const measured = measure(theorem, instance);
    const { residual: largestResidual } = measured;
    outcome = { worst: measured, largestResidual, ...(isWithin(measured) ? {} : { failure: measured }) };
  }
  const counterexamples = theorem.counterexamples.map(({ drops, description, instance: without }) => {
    const measured = measure(theorem, without);
    return { drops, description, ...measured, violates: !isWithin(measured) };
  });
  return {
    id: theorem.id,
    holds: outcome.failure === undefined,
    runs: instance === undefined ? runs : 1,
    ...outcome,
    counterexamples,
  };
}
