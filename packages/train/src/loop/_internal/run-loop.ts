import { InvalidArgumentError, NotConvergedError } from "@semifactor/ghmm";
import { DeviceLostError } from "../../engines/device-lost-error.ts";
import { unpackParameters } from "../../plan/parameter-layout.ts";
import { isOutOfPatience } from "../early-stopping.ts";
import { meanOptimalLoss } from "../metrics.ts";
import { observedLayout } from "../observe.ts";
import { downloadFloats, readStates, type TrainState } from "../state.ts";
import type { LoopOptions, ReplicaOptions, TrainResult } from "../train-options.ts";
import { diagnoseAuxiliary, diagnoseStep } from "./diagnose.ts";
import { prepareRun } from "./prepare-run.ts";
import { createRecord } from "./run-record.ts";
import type { Reading, StartPoint } from "./stepper.ts";

/** How long the loop may hold the thread before it lets timers, signals and messages in, in milliseconds. */
const holdTime = 50;

/** Steps between two states that are kept in memory, for a lost device and for the search for what is not finite. */
const keepEvery = 256;

/** A step that was executed and whose loss has not been read back. */
interface PendingStep {
  readonly step: number;
  readonly learningRates: readonly number[];
  readonly optimal: readonly (number | undefined)[];
}

/** The one training loop: of `train`, with one replica, and of `trainReplicas`. */
export async function runLoop(
  options: LoopOptions,
  replicas: readonly ReplicaOptions[],
  name: string,
): Promise<readonly TrainResult[]> {
  const { engine, steps, checkpoint, evaluate, observe, onStep, signal } = options;
  const prepared = prepareRun(options, replicas, name);
  const { plan, stepper, slots, first } = prepared;
  const observed = replicas.map(
    ({ model }) => observe && observedLayout(plan.parameters, model.adapters, observe, name),
  );
  const record = replicas.map((replica) => createRecord(replica, evaluate !== undefined));
  const finals: (TrainState | undefined)[] = replicas.map(() => undefined);
  const tokensPerStep = prepared.weights().reduce((sum, part) => sum + part.length, 0);
  let [told, seen, saved, recoveries] = [first, first === 0 ? -1 : first, first, 0];
  let good: { readonly step: number; readonly points: readonly StartPoint[] } = {
    step: first,
    points: replicas.map(({ model, resumeFrom }) => resumeFrom ?? { weights: model.weights }),
  };
  let pending: PendingStep[] = [];
  let clock = performance.now();
  let released = clock;

  const parametersOf = async (replica: number) => {
    const all = await downloadFloats(engine, plan, "parameters");
    const length = all.length / replicas.length;
    return all.subarray(replica * length, (replica + 1) * length);
  };

  /** Replays the run up to a step, and says what is first not finite in it. */
  const diagnose = async (step: number, replica: number): Promise<string | undefined> => {
    const one = replicas[replica];
    if (one === undefined) return undefined;
    try {
      stepper.start(good.points);
      for (let s = good.step; s < step; s++) await stepper.run(s);
      const found = await diagnoseStep(options, one, prepared, step, await parametersOf(replica), name);
      if (found !== undefined || prepared.watched.length === 0) return found;
      await stepper.run(step);
      return await diagnoseAuxiliary(options, prepared);
    } catch {
      // The search is an extra: whatever stops it, the error that began it is the one to report.
      return undefined;
    }
  };

  /** Writes what was read back into the history and tells it. */
  const settle = async (readings: readonly Reading[]): Promise<void> => {
    const now = performance.now();
    const tokensPerSecond = (1000 * tokensPerStep * readings.length) / Math.max(now - clock, 1e-3);
    clock = now;
    const executed = pending;
    pending = [];
    for (const [i, { step, learningRates, optimal }] of executed.entries()) {
      for (const [r, { note }] of record.entries()) {
        if (finals[r] !== undefined) continue;
        const mean = readings[i]?.loss[r] ?? Number.NaN;
        const norm = readings[i]?.gradientNorm[r] ?? Number.NaN;
        const learningRate = learningRates[r] ?? Number.NaN;
        const { auxiliary } = readings[i] ?? {};
        if (!Number.isFinite(mean) || !Number.isFinite(norm) || !Number.isFinite(auxiliary ?? 0)) {
          const tensor = await diagnose(step, r);
          throw new NotConvergedError({
            source: name,
            problem:
              `at step ${step + 1}${replicas.length > 1 ? ` of replica ${r}` : ""} the loss is ${mean}` +
              `${auxiliary === undefined ? "" : `, the auxiliary loss ${auxiliary}`} and the gradient norm ${norm}, with learning rate ` +
              `${learningRate}${tensor === undefined ? "" : `; the first tensor that is not finite: ${tensor}`}`,
            remedy: "Lower the learning rate or lengthen the warm-up; the last checkpoint is untouched",
          });
        }
        note(step, mean, norm);
        if (step < told) continue;
        const least = optimal[r];
        const metrics = {
          step: step + 1,
          loss: mean,
          learningRate,
          gradientNorm: norm,
          tokensPerSecond,
          ...(auxiliary === undefined ? {} : { auxiliary }),
        };
        const heard = onStep?.(least === undefined ? metrics : { ...metrics, excess: mean - least }, r);
        if (heard !== undefined) await heard;
      }
      told = Math.max(told, step + 1);
    }
  };
  const flush = async (): Promise<void> => {
    const last = pending.at(-1);
    if (last !== undefined) await settle(await stepper.read(last.step, pending.length));
  };

  const read = async (step: number): Promise<readonly TrainState[]> => {
    const active = finals.map((final) => final === undefined);
    return readStates(engine, plan, { step, replicas: record.map(({ history }) => history), active, source: name });
  };
  const save = async (states: readonly TrainState[], step: number): Promise<void> => {
    if (step <= saved) return;
    for (const [r, state] of states.entries()) if (finals[r] === undefined) await checkpoint?.save(state, r);
    saved = step;
  };

  const isDue = (step: number): boolean =>
    [observe?.every, evaluate?.every, checkpoint?.every, keepEvery].some(
      (every) => every !== undefined && step % every === 0,
    );
  /** What is due when `step` steps are done. */
  const visit = async (step: number): Promise<void> => {
    const due = (every: number | undefined): boolean => every !== undefined && step % every === 0;
    const [sees, evaluates, saves] = [due(observe?.every), due(evaluate?.every) && step > 0, due(checkpoint?.every)];
    await flush();
    if (sees && step > seen) {
      const all = await downloadFloats(engine, plan, "parameters");
      const length = all.length / replicas.length;
      for (const [r, layout] of observed.entries()) {
        if (layout === undefined || finals[r] !== undefined) continue;
        await observe?.onObserve(step, unpackParameters(layout, all.subarray(r * length, (r + 1) * length)), r);
      }
      seen = step;
    }
    if (evaluates && evaluate !== undefined) {
      for (const [r, { evaluations }] of record.entries()) {
        const model = replicas[r]?.model;
        if (model === undefined || finals[r] !== undefined || (evaluations.at(-1)?.step ?? 0) >= step) continue;
        const { config, adapters } = model;
        const weights = unpackParameters(plan.parameters, await parametersOf(r));
        const value = await evaluate.run({ config, adapters, weights }, step, r);
        if (typeof value !== "number") {
          const problem = `evaluate.run returned ${String(value)} at step ${step}`;
          throw new InvalidArgumentError({ source: name, problem, remedy: "Return a number: lower is better" });
        }
        evaluations.push({ step, value });
      }
    }
    if (step === first || step === good.step) return;
    const ended = record.map(
      ({ evaluations }, r) => finals[r] === undefined && isOutOfPatience(evaluations, evaluate ?? {}),
    );
    if (!(saves || due(keepEvery) || ended.includes(true))) return;
    const states = await read(step);
    if (saves) await save(states, step);
    for (const [r, state] of states.entries()) {
      if (!ended[r]) continue;
      if (!saves && step > first) await checkpoint?.save(state, r);
      finals[r] = state;
    }
    // Only now: should the device be lost in a callback above, everything due at this step comes up again.
    good = { step, points: states.map((state, r) => finals[r] ?? state) };
  };

  const attempt = async (): Promise<readonly TrainState[]> => {
    pending = [];
    stepper.start(good.points);
    clock = performance.now();
    let step = good.step;
    if (step === 0) await visit(0);
    while (step < steps && signal?.aborted !== true && finals.includes(undefined)) {
      const reading = await stepper.run(step);
      const optimal = replicas.map(({ optimalLoss, source: { length } }, r) => {
        if (optimalLoss === undefined) return undefined;
        const size = (part: Float64Array): number => part.length / replicas.length;
        return prepared
          .weights()
          .reduce(
            (sum, part) =>
              sum + meanOptimalLoss(optimalLoss, part.subarray(r * size(part), (r + 1) * size(part)), length),
            0,
          );
      });
      pending.push({ step, learningRates: stepper.learningRates(), optimal });
      step++;
      if (reading !== undefined) await settle([reading]);
      else if (pending.length === slots) await flush();
      if (isDue(step)) {
        await visit(step);
        // What was due is no part of the speed of training.
        clock = performance.now();
      }
      if (performance.now() - released > holdTime) {
        await new Promise((resolve) => setTimeout(resolve, 0));
        released = performance.now();
      }
    }
    await flush();
    const states = await read(step);
    if (checkpoint !== undefined) await save(states, step);
    return states;
  };

  // A resumed run may have run out of patience before.
  for (const [r, { evaluations }] of record.entries()) {
    const state = replicas[r]?.resumeFrom;
    if (state !== undefined && isOutOfPatience(evaluations, evaluate ?? {})) finals[r] = state;
  }
  try {
    for (;;) {
      try {
        const states = await attempt();
        return replicas.map(({ model: { config, adapters } }, r) => {
          const state = finals[r] ?? states[r];
          if (state === undefined) throw new RangeError(`runLoop: replica ${r} of ${states.length}`);
          const completed = state.step === steps;
          const stoppedBy = finals[r] !== undefined ? "evaluation" : completed ? "steps" : "signal";
          const model = { config, adapters, weights: state.weights };
          return { model, state, completed, stoppedBy, recoveries, variant: engine.variant };
        });
      } catch (error) {
        if (!(error instanceof DeviceLostError) || recoveries >= (options.recoveries ?? 3)) throw error;
        recoveries++;
        await engine.restore?.();
      }
    }
  } finally {
    engine.release(plan);
  }
}
