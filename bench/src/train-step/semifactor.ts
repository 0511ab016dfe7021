import { createKey } from "@semifactor/ghmm";
import { addLora, createEngine, type Engine, type EngineOptions, train } from "@semifactor/train";
import type { Contender, Problem } from "./problem.ts";

/** Ours on an engine, through the public `train`: what is timed includes the hand-over of the batch and the loss read back, every step by default. */
export async function onEngine(
  problem: Problem,
  engine: Engine,
  { rank, metricsEvery = 1 }: { readonly rank?: number; readonly metricsEvery?: number } = {},
): Promise<Contender> {
  const { source, optimizer } = problem;
  const target = "blocks.0.mlp.W_out";
  const model = rank === undefined ? problem.model : addLora(problem.model, { target, rank, key: createKey(2) });
  return {
    name: `semifactor ${engine.variant}${rank === undefined ? "" : `, LoRA rank ${rank} on ${target}`}`,
    threads: engine.threads,
    async run(steps) {
      const losses: number[] = [];
      const milliseconds: number[] = [];
      let last = Number.NaN;
      await train({
        model,
        // The first batch is asked for when everything is compiled: the clock of the first step starts there.
        source: {
          ...source,
          batch(step) {
            const batch = source.batch(step);
            if (Number.isNaN(last)) last = performance.now();
            return batch;
          },
        },
        engine,
        steps,
        metricsEvery,
        optimizer: { ...optimizer, schedule: "constant", warmup: 0, clip: 0 },
        onStep({ loss }) {
          const now = performance.now();
          losses.push(loss);
          milliseconds.push(now - last);
          last = now;
        },
      });
      return { losses, milliseconds };
    },
    dispose: () => engine.dispose(),
  };
}

/** Ours on an engine of its own; with `rank`, only an adapter of that rank on one layer is trained. */
export async function semifactor(
  problem: Problem,
  { rank, ...options }: EngineOptions & { readonly rank?: number },
): Promise<Contender> {
  return onEngine(problem, await createEngine(options), rank === undefined ? {} : { rank });
}
