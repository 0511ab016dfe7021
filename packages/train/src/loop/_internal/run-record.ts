import type { Evaluation } from "../early-stopping.ts";
import type { ReplicaHistory } from "../state.ts";
import type { ReplicaOptions } from "../train-options.ts";

/** What a replica has come to. It outlives a lost device: what was told once is not told again. */
export interface RunRecord {
  readonly evaluations: Evaluation[];
  /** Loss and gradient norm of every step so far; there may be room for more after them. */
  readonly history: ReplicaHistory;
  /** Notes what step `step`, counted from 0, measured. */
  note(step: number, loss: number, gradientNorm: number): void;
}

/** The values, with room for at least `length` of them. Room doubles, so that a run of any number of steps begins at once. */
function withRoom(values: Float64Array, length: number): Float64Array {
  if (length <= values.length) return values;
  const larger = new Float64Array(Math.max(length, 2 * values.length, 256));
  larger.set(values);
  return larger;
}

/** The record of a replica at the step that it begins or goes on with; it has evaluations if there were some or will be. */
export function createRecord({ resumeFrom }: Pick<ReplicaOptions, "resumeFrom">, evaluates: boolean): RunRecord {
  const evaluations: Evaluation[] = [...(resumeFrom?.evaluations ?? [])];
  const kept = evaluates || resumeFrom?.evaluations !== undefined;
  const history: { loss: Float64Array; gradientNorm: Float64Array; evaluations?: readonly Evaluation[] } = {
    loss: Float64Array.from(resumeFrom?.history.loss ?? []),
    gradientNorm: Float64Array.from(resumeFrom?.history.gradientNorm ?? []),
    ...(kept ? { evaluations } : {}),
  };
  return {
    evaluations,
    history,
    note(step, loss, gradientNorm) {
      history.loss = withRoom(history.loss, step + 1);
      history.gradientNorm = withRoom(history.gradientNorm, step + 1);
      history.loss[step] = loss;
      history.gradientNorm[step] = gradientNorm;
    },
  };
}
