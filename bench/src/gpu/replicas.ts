import { createKey } from "@semifactor/ghmm";
import { createTransformer, trainReplicas, type WebgpuEngine } from "@semifactor/train";
import { createProblem, sizes } from "../train-step/problem.ts";

/** Tokens per second of one model alone and of many at once, on the same device. */
export interface ReplicaMeasurement {
  readonly replicas: number;
  readonly alone: number;
  readonly together: number;
  readonly ratio: number;
  readonly text: string;
}

/** Best tokens per second over some runs of `steps` steps. */
async function best(
  engine: WebgpuEngine,
  count: number,
  { steps, repeats }: { readonly steps: number; readonly repeats: number },
): Promise<number> {
  const { source, optimizer, model } = createProblem();
  const { nLayers, dModel, nHeads, length, vocabularySize, batchSize } = sizes.small;
  const replicas = Array.from({ length: count }, (_, i) => ({
    model:
      i === 0
        ? model
        : createTransformer({ nLayers, dModel, nHeads, nCtx: length, vocabularySize, initKey: createKey(i) }),
    source,
    optimizer: { ...optimizer, clip: 0 },
  }));
  let fastest = 0;
  for (let repeat = 0; repeat <= repeats; repeat++) {
    let [first, last] = [Number.NaN, Number.NaN];
    await trainReplicas({
      replicas,
      engine,
      steps,
      metricsEvery: Math.max(1, Math.floor(steps / 2)),
      onStep: ({ step }) => {
        if (step === Math.floor(steps / 2)) first = performance.now();
        if (step === steps) last = performance.now();
      },
    });
    // From the middle of a run to its end, so that compilation is not in it; the first run warms up.
    const tokens = count * batchSize * length * (steps - Math.floor(steps / 2));
    if (repeat > 0) fastest = Math.max(fastest, (1000 * tokens) / (last - first));
  }
  return fastest;
}

/** Trains one model, then many at once. */
export async function measureReplicas(
  engine: WebgpuEngine,
  options: { readonly steps: number; readonly repeats: number; readonly replicas: number },
): Promise<ReplicaMeasurement> {
  const { replicas } = options;
  const alone = await best(engine, 1, options);
  const together = await best(engine, replicas, options);
  const ratio = together / alone;
  const text = `Replicas: ${Math.round(alone)} tokens/s alone, ${Math.round(together)} with ${replicas} at once: ${ratio.toFixed(1)} times.`;
  return { replicas, alone, together, ratio, text };
}
