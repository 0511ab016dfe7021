import type { Engine, EngineArray } from "../../engines/engine.ts";
import type { WeightArray } from "../../model/transformer.ts";
import type { Plan } from "../../plan/types.ts";

/** Gathers a buffer of the region `shard` over executions, sequence by sequence. */
export interface Collector {
  /** Copies the first `rows` sequences of the last execution to place `first`. */
  read(first: number, rows: number): Promise<void>;
  /** All that was read, in the precision of the engine. */
  values(): WeightArray;
}

/** A collector for `count` sequences, `batch` of them in every execution. */
export function collect(engine: Engine, plan: Plan, buffer: string, batch: number, count: number): Collector {
  const size = ((plan.buffers.get(buffer)?.length ?? 0) * plan.shards) / batch;
  let chunk: EngineArray | undefined;
  let values: WeightArray = new Float32Array(0);
  return {
    async read(first, rows) {
      const pending = engine.download(plan, buffer, chunk);
      const current = pending instanceof Promise ? await pending : pending;
      if (chunk === undefined) {
        values = current instanceof Float64Array ? new Float64Array(count * size) : new Float32Array(count * size);
      }
      chunk = current;
      values.set(current.subarray(0, rows * size), first * size);
    },
    values: () => values,
  };
}
