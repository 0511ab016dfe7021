import { fitProbe } from "@semifactor/diagnostics";
import { createKey, filterBeliefs, mess3, optimalLoss, sampleSequences } from "@semifactor/ghmm";
import {
  createEngine,
  createTransformer,
  type Engine,
  processSource,
  run,
  type TrainState,
  type Transformer,
  train,
} from "@semifactor/train";

/** What the page shows after some steps. */
export interface Snapshot {
  readonly step: number;
  /** Beliefs after each symbol as a linear map reads them off the residual stream, `[n, 3]`. */
  readonly decoded: Float64Array;
  /** The symbol before each of them, `[n]`. */
  readonly symbols: Int32Array;
  /** R^2 of that map on sequences that were left out of its fit. */
  readonly r2: number;
  /** Steps and loss minus optimal loss (nats per symbol), averaged over the steps since the last entry. */
  readonly curve: { readonly steps: readonly number[]; readonly excess: readonly number[] };
  readonly tokensPerSecond: number;
}

/** What a session is started with. */
export interface SessionOptions {
  readonly steps?: number;
  /** Steps between snapshots. */
  readonly every?: number;
  readonly threads?: number;
  readonly onSnapshot: (snapshot: Snapshot) => void;
}

/** Training of one small model that can be paused and taken up again. */
export interface Session {
  readonly engine: Pick<Engine, "variant" | "threads" | "notes">;
  readonly steps: number;
  /** Trains until all steps are done or `pause` is called; tells whether all are done. */
  resume(): Promise<boolean>;
  pause(): void;
  dispose(): void;
}

const length = 10;
const batchSize = 64;
const width = 32;
const hook = "blocks.0.hook_resid_post";

/** Beliefs and the symbols before them, without the belief before the first symbol. */
const process = mess3({ x: 0.15, a: 0.6 });
const held = sampleSequences(process, { count: 300, length, key: createKey(2) });

/** The probe of a model on held sequences. */
async function probe(model: Transformer, engine: Engine): Promise<Pick<Snapshot, "decoded" | "symbols" | "r2">> {
  const { captured } = await run(model, { ...held, engine, capture: [hook] });
  const activations = captured[hook].values;
  const targets = filterBeliefs(process, held).beliefs.filter((_, i) => i % ((length + 1) * 3) >= 3);
  const groups = Int32Array.from({ length: held.tokens.length }, (_, i) => Math.floor(i / length));
  const fit = fitProbe({ activations, targets, dimension: width, groups, shuffles: 1 });
  const decoded = new Float64Array(targets.length);
  for (let row = 0; row < groups.length; row++) {
    for (let k = 0; k < 3; k++) {
      let value = fit.intercept[k] ?? Number.NaN;
      for (let i = 0; i < width; i++) value += (activations[row * width + i] ?? 0) * (fit.coefficients[i * 3 + k] ?? 0);
      decoded[row * 3 + k] = value;
    }
  }
  return { decoded, symbols: held.tokens, r2: fit.r2 };
}

/** Mean of the Bayes-optimal loss over the predicted positions, in nats. */
function meanOptimalLoss(): number {
  const { loss } = optimalLoss(process, { length: length + 1, unit: "nats" });
  const predicted = loss.slice(1);
  return predicted.reduce((sum, value) => sum + value, 0) / predicted.length;
}

/** Creates the engine and the untrained model. */
export async function createSession(options: SessionOptions): Promise<Session> {
  const { steps = 2000, every = 25, threads = globalThis.navigator?.hardwareConcurrency ?? 1, onSnapshot } = options;
  const engine = await createEngine({ device: "wasm", threads: Math.max(1, Math.min(4, threads)) });
  const model = createTransformer({ nLayers: 1, dModel: width, nHeads: 2, nCtx: length, vocabularySize: 3 });
  const source = processSource({ process, length, batchSize, key: createKey(1) });
  const optimal = meanOptimalLoss();
  let state: TrainState | undefined;
  let abort = new AbortController();
  let began = { time: 0, step: 0 };

  const show = async (reached: TrainState): Promise<void> => {
    state = reached;
    const { loss } = reached.history;
    const ends = Array.from({ length: Math.floor(reached.step / every) }, (_, i) => (i + 1) * every);
    const excess = ends.map((end) => {
      const part = loss.subarray(end - every, end);
      return part.reduce((sum, value) => sum + value, 0) / every - optimal;
    });
    const seconds = (performance.now() - began.time) / 1000;
    onSnapshot({
      step: reached.step,
      ...(await probe({ ...model, weights: reached.weights }, engine)),
      curve: { steps: ends, excess },
      tokensPerSecond: ((reached.step - began.step) * batchSize * length) / seconds,
    });
  };

  return {
    engine,
    steps,
    async resume() {
      abort = new AbortController();
      began = { time: performance.now(), step: state?.step ?? 0 };
      const { completed } = await train({
        model,
        source,
        engine,
        steps,
        optimizer: { learningRate: 3e-3, warmup: 20, schedule: "cosine", finalFraction: 0.1 },
        checkpoint: { every, save: show },
        signal: abort.signal,
        ...(state === undefined ? {} : { resumeFrom: state }),
      });
      return completed;
    },
    pause: () => abort.abort(),
    dispose: () => engine.dispose(),
  };
}
