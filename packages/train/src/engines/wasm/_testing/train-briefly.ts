import { createKey } from "@semifactor/ghmm";
import { tokenArraySource } from "../../../data/token-array-source.ts";
import { train } from "../../../loop/train.ts";
import { createTransformer } from "../../../model/transformer.ts";
import { createWasmEngine, type WasmEngineOptions } from "../index.ts";

/** What a short training run ends with; `bits` are the float32 bit patterns of all weights, folded into one integer. */
export interface BriefRun {
  readonly variant: string;
  readonly threads: number;
  readonly notes: readonly string[];
  readonly loss: number;
  readonly bits: number;
}

/** Trains a small model for a few steps: the same function runs in Node and in a browser page. */
export async function trainBriefly(options: WasmEngineOptions): Promise<BriefRun> {
  const engine = await createWasmEngine(options);
  const tokens = Int32Array.from({ length: 9 * 32 }, (_, i) => (i * 7 + (i >> 2)) % 4);
  const source = tokenArraySource({ tokens, length: 8, vocabularySize: 4, batchSize: 16, key: createKey(0) });
  const model = createTransformer({ nLayers: 1, dModel: 16, nHeads: 2, nCtx: 8, vocabularySize: 4 });
  try {
    const result = await train({ model, source, engine, steps: 10, optimizer: { learningRate: 1e-2 }, shards: 4 });
    let bits = 0;
    for (const weights of result.model.weights.values()) {
      for (const word of new Int32Array(Float32Array.from(weights).buffer)) bits = (Math.imul(bits, 31) + word) | 0;
    }
    const loss = result.state.history.loss.at(-1) ?? Number.NaN;
    return { variant: engine.variant, threads: engine.threads, notes: engine.notes ?? [], loss, bits };
  } finally {
    engine.dispose();
  }
}
