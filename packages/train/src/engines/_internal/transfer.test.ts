import { InvalidArgumentError, ShapeError, UnsupportedError } from "@semifactor/ghmm";
import { describe, expect, test } from "vitest";
import { createTransformer } from "../../model/transformer.ts";
import { compilePlan } from "../../plan/compile.ts";
import { arenaLength, type BufferSpec, regionStart, reservedWords } from "../../plan/types.ts";
import { bufferStart, checkTransferLength, copies, transferableBuffer } from "./transfer.ts";

const { config } = createTransformer({ nLayers: 1, dModel: 4, nHeads: 1, nCtx: 3, vocabularySize: 2 });
const plan = compilePlan({ config, batch: 4, length: 3, shards: 2, replicas: 3, trainable: "all" });
const buffer = (name: string): BufferSpec => transferableBuffer("test", plan, name);

describe("the whole view of a buffer", () => {
  test("a shared buffer has a copy per replica, one of shards a copy per replica and shard", () => {
    expect(copies(plan, buffer("parameters"))).toBe(3);
    expect(copies(plan, buffer("tokens"))).toBe(6);
  });

  test("the copies of all buffers lie in the arena and do not overlap", () => {
    const ranges = [...plan.buffers.values()]
      .filter(({ region }) => region !== "workspace")
      .flatMap((spec) =>
        Array.from({ length: copies(plan, spec) }, (_, copy) => {
          const start = bufferStart(plan, spec, copy);
          return { start, end: start + spec.length };
        }),
      )
      .filter(({ start, end }) => end > start)
      .sort((a, b) => a.start - b.start);
    let free = reservedWords;
    for (const { start, end } of ranges) {
      expect(start).toBeGreaterThanOrEqual(free);
      free = end;
    }
    expect(free).toBeLessThanOrEqual(regionStart(plan, "workspace", 0));
    expect(arenaLength(plan, 2) - arenaLength(plan, 1)).toBe(plan.regionLengths.workspace);
  });

  test("an array must hold all copies", () => {
    const spec = buffer("tokens");
    checkTransferLength("test", plan, spec, 6 * 6);
    expect(() => checkTransferLength("test", plan, spec, 6)).toThrow(ShapeError);
    expect(() => checkTransferLength("test", plan, spec, 6)).toThrow(/"tokens" has 6 elements. Give 36: 6 x \[6\]/);
  });

  test("what does not exist, or does not outlive a shard, is named", () => {
    expect(() => buffer("token")).toThrow(InvalidArgumentError);
    expect(() => buffer("token")).toThrow(/no buffer "token".*tokens/s);
    expect(() => buffer("logits")).toThrow(UnsupportedError);
  });
});
