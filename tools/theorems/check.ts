import { createKey, SemifactorError } from "@semifactor/ghmm";
import { checkTheorem, type Theorem, type TheoremCheck, type TheoremSubject } from "@semifactor/ghmm/theorems";

/** How often residuals fall between which powers of ten: `"1e-16"` counts those from 1e-16 to 1e-15. */
export type Spread = Readonly<Record<string, number>>;

/** What became of one theorem. */
export interface Outcome {
  readonly theorem: Theorem<unknown>;
  readonly verdict: "holds" | "FAILS" | "ERROR" | "not checked";
  readonly check?: TheoremCheck<unknown>;
  readonly spread: Spread;
  /** Why it was not checked, what went wrong, or which counterexample did not fail. */
  readonly reason?: string;
}

/** Random instances, or the one that a process of one's own makes. */
export type What = { readonly runs: number; readonly key: number } | { readonly subject: TheoremSubject };

const isWrong = ({ verdict }: Outcome): boolean => verdict === "FAILS" || verdict === "ERROR";

/** Whether no theorem and no counterexample failed. */
export const allHold = (outcomes: readonly Outcome[]): boolean => !outcomes.some(isWrong);

function powerOfTen(residual: number): string {
  if (residual === 0) return "0";
  return Number.isFinite(residual) ? `1e${Math.floor(Math.log10(residual))}` : "infinite";
}

/** The theorem, counting what its residual says of the first `runs` instances. */
function counted(theorem: Theorem<unknown>, runs: number, onInstance: (done: number) => void) {
  const spread = new Map<string, number>();
  let done = 0;
  const counting: Theorem<unknown> = {
    ...theorem,
    residual(instance) {
      const residual = theorem.residual(instance);
      if (done++ < runs) {
        spread.set(powerOfTen(residual), (spread.get(powerOfTen(residual)) ?? 0) + 1);
        onInstance(done);
      }
      return residual;
    },
  };
  const size = (name: string): number =>
    name === "0" ? 0 : name === "infinite" ? Number.POSITIVE_INFINITY : Number(name);
  const sorted = (): Spread => Object.fromEntries([...spread].sort(([a], [b]) => size(a) - size(b)));
  return { counting, sorted };
}

function judge(check: TheoremCheck<unknown>): Pick<Outcome, "verdict" | "reason"> {
  if (check.failure !== undefined) {
    const { residual, tolerance } = check.failure;
    return { verdict: "FAILS", reason: `an instance has residual ${residual}, its tolerance is ${tolerance}` };
  }
  const tame = check.counterexamples.find(({ violates }) => !violates);
  if (tame === undefined) return { verdict: "holds" };
  return { verdict: "FAILS", reason: `a counterexample (without ${tame.drops}) has residual ${tame.residual}` };
}

/** One theorem, run; an error in it is an outcome, and one of a process that it cannot take says so. */
export function runTheorem(
  theorem: Theorem<unknown>,
  what: What,
  onInstance: (done: number) => void = () => {},
): Outcome {
  const { counting, sorted } = counted(theorem, "runs" in what ? what.runs : 1, onInstance);
  try {
    if ("runs" in what) {
      const check = checkTheorem(counting, { runs: what.runs, key: createKey(what.key) });
      return { theorem, check, spread: sorted(), ...judge(check) };
    }
    const instance = theorem.instanceOf(what.subject);
    if (instance === undefined) {
      return { theorem, verdict: "not checked", reason: `needs ${theorem.needs ?? "other hypotheses"}`, spread: {} };
    }
    const check = checkTheorem(counting, { instance });
    return { theorem, check, spread: sorted(), ...judge(check) };
  } catch (error) {
    const isRefused = "subject" in what && error instanceof SemifactorError;
    const reason = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    return { theorem, verdict: isRefused ? "not checked" : "ERROR", reason, spread: {} };
  }
}
