import type { Engine } from "../../engines/engine.ts";
import { scalarCount, scalarIndex } from "../../kernels/_internal/optimizer-scalars.ts";
import type { WeightArray } from "../../model/transformer.ts";
import type { CompiledPlan } from "../../plan/compile.ts";
import { packParameters } from "../../plan/parameter-layout.ts";
import type { PhaseName } from "../../plan/types.ts";
import { createScalars, type OptimizerOptions, writeScalars } from "../optimizer.ts";
import type { OptimizerState } from "../state.ts";
import type { AuxiliaryStep } from "./auxiliary-step.ts";
import type { Feed } from "./host-feed.ts";

/** Loss and gradient norm of one step, by replica. */
export interface Reading {
  readonly loss: readonly number[];
  readonly gradientNorm: readonly number[];
  /** Sum of the auxiliary losses, where there are some. */
  readonly auxiliary?: number;
}

/** Where a replica goes on from. */
export interface StartPoint {
  readonly weights: ReadonlyMap<string, WeightArray>;
  /** Zeros where a run begins. */
  readonly optimizer?: OptimizerState;
}

/** Executes optimizer steps of a plan. */
export interface Stepper {
  /** Puts every replica where it goes on from. */
  start(points: readonly StartPoint[]): void;
  /** One update: from the batches of the step, all micro-batches of it. Without metrics slots, what was measured comes back at once. */
  run(step: number): Promise<Reading | undefined>;
  /** What the last so many steps measured, the oldest first; they may not be more than there are slots. */
  read(last: number, count: number): Promise<readonly Reading[]>;
  /** Learning rates of the last step, by replica. */
  learningRates(): readonly number[];
}

/** What a stepper executes. */
export interface StepperOptions {
  readonly name: string;
  readonly engine: Engine;
  readonly plan: CompiledPlan;
  readonly feed: Feed;
  readonly optimizers: readonly Required<OptimizerOptions>[];
  /** Steps of the whole run, for the schedule. */
  readonly steps: number;
  readonly accumulate: number;
  /** Slots of the buffer `metrics`; 0 where the plan has none and row losses are read back every step. */
  readonly slots: number;
  readonly auxiliary: AuxiliaryStep | undefined;
}

/** Creates a stepper over a plan that is compiled for it. */
export function createStepper(options: StepperOptions): Stepper {
  const { name, engine, plan, feed, optimizers, steps, accumulate, slots, auxiliary } = options;
  const replicas = optimizers.length;
  const scalars = createScalars(replicas);
  const rates = optimizers.map(() => 0);
  const rowLoss = new Float64Array(feed.weights(0).length);
  const metrics = new Float64Array(2 * slots * replicas);
  const losses = optimizers.map(() => 0);

  /** Adds the losses of the micro-batch that was just executed. */
  const collect = async (part: number): Promise<void> => {
    const pending = engine.download(plan, "rowLoss", rowLoss);
    if (pending instanceof Promise) await pending;
    const weights = feed.weights(part);
    const rows = rowLoss.length / replicas;
    for (let replica = 0; replica < replicas; replica++) {
      let sum = losses[replica] ?? 0;
      for (let r = replica * rows; r < (replica + 1) * rows; r++) {
        sum += (weights[r] ?? 0) * (rowLoss[r] ?? Number.NaN);
      }
      losses[replica] = sum;
    }
  };
  const execute = async (phase: PhaseName): Promise<void> => {
    const pending = engine.execute(plan, phase);
    if (pending !== undefined) await pending;
  };
  const upload = (buffer: string, parts: readonly ArrayLike<number>[]): void => {
    const [first = []] = parts;
    if (parts.length === 1) {
      engine.upload(plan, buffer, first);
      return;
    }
    const all = new Float64Array(first.length * parts.length);
    for (const [r, part] of parts.entries()) all.set(part, r * first.length);
    engine.upload(plan, buffer, all);
  };

  return {
    start(points) {
      upload(
        "parameters",
        points.map(({ weights }) => packParameters(plan.parameters, weights, name)),
      );
      const zeros = new Float64Array(plan.trainable?.gradientLength ?? 0);
      for (const moment of ["m", "v"] as const) {
        if ((plan.buffers.get(moment)?.length ?? 0) === 0) continue;
        upload(
          moment,
          points.map(({ optimizer }) => optimizer?.[moment] ?? zeros),
        );
      }
      if (accumulate > 1)
        upload(
          "gradient",
          points.map(() => zeros),
        );
      feed.start();
    },
    async run(step) {
      feed.prepare(step);
      losses.fill(0);
      for (const [r, optimizer] of optimizers.entries()) {
        const own = scalars.subarray(r * scalarCount, (r + 1) * scalarCount);
        rates[r] = writeScalars(own, step, steps, optimizer);
        own[scalarIndex.slot] = slots > 0 ? step % slots : 0;
      }
      let extra: number | undefined;
      for (let part = 0; part < accumulate; part++) {
        feed.send(part);
        if (part === 0) engine.upload(plan, "scalars", scalars);
        if (auxiliary === undefined) await execute(accumulate === 1 ? "step" : "accumulate");
        else {
          await execute("forward");
          extra = await auxiliary.evaluate(step);
          await execute("backward");
        }
        if (slots === 0 && accumulate > 1) await collect(part);
      }
      if (accumulate > 1 || auxiliary !== undefined) await execute("update");
      if (slots > 0) return undefined;
      if (accumulate === 1) await collect(0);
      await engine.download(plan, "scalars", scalars);
      const norm = (_: unknown, r: number): number => scalars[r * scalarCount + scalarIndex.gradientNorm] ?? Number.NaN;
      const reading = { loss: [...losses], gradientNorm: optimizers.map(norm) };
      return extra === undefined ? reading : { ...reading, auxiliary: extra };
    },
    async read(last, count) {
      await engine.download(plan, "metrics", metrics);
      const at = (step: number, offset: number): readonly number[] =>
        optimizers.map((_, r) => metrics[2 * (r * slots + (step % slots)) + offset] ?? Number.NaN);
      return Array.from({ length: count }, (_, i) => {
        const step = last - count + 1 + i;
        return { loss: at(step, 0), gradientNorm: at(step, 1) };
      });
    },
    learningRates: () => [...rates],
  };
}
