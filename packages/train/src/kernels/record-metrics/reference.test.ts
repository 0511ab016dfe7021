import { fc, test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import { scalarCount, scalarIndex } from "../_internal/optimizer-scalars.ts";
import { fillNormal, type NamedArena, namedArena } from "../_testing/named-call.ts";

/** Three shards of two rows, four elements apart, and four slots. */
function example(slot: number): NamedArena {
  const arena = namedArena({ rowLoss: 10, weights: 10, scalars: scalarCount, metrics: 8 });
  arena.values("rowLoss").set([1, 2, 99, 99, 3, 4, 99, 99, 5, 6]);
  arena.values("weights").set([1, 10, 99, 99, 100, 0, 99, 99, 0.5, 0.25]);
  arena.values("scalars")[scalarIndex.gradientNorm] = 7;
  arena.values("scalars")[scalarIndex.slot] = slot;
  arena.values("metrics").fill(-1);
  arena.call("record_metrics", { stride: 4, shards: 3, rows: 2, slots: 4 });
  return arena;
}

describe("record_metrics", () => {
  test("writes the weighted loss of all shards and the gradient norm into its slot, and nothing else", () => {
    const sum = 1 + 20 + 300 + 0 + 2.5 + 1.5;
    expect([...example(0).values("metrics")]).toEqual([sum, 7, -1, -1, -1, -1, -1, -1]);
    expect([...example(2).values("metrics")]).toEqual([-1, -1, -1, -1, sum, 7, -1, -1]);
    expect([...example(3).values("metrics")]).toEqual([-1, -1, -1, -1, -1, -1, sum, 7]);
  });

  test.each([4, 1e9, -1, Number.NaN])("writes nothing into the slot %s that does not exist", (slot) => {
    const arena = example(slot);
    expect([...arena.values("metrics")]).toEqual(new Array<number>(8).fill(-1));
    expect(arena.arena.length).toBe(16 + 10 + 10 + scalarCount + 8);
  });

  test.prop([
    fc.integer({ min: 1, max: 4 }),
    fc.integer({ min: 1, max: 6 }),
    fc.nat(5),
    fc.integer({ min: 0, max: 2 ** 31 }),
  ])("the loss is that of all rows in one shard", (shards, rows, extra, seed) => {
    const stride = rows + extra;
    const arena = namedArena({ rowLoss: shards * stride, weights: shards * stride, scalars: scalarCount, metrics: 2 });
    fillNormal(arena.values("rowLoss"), seed);
    fillNormal(arena.values("weights"), seed + 1);
    const [loss, weights] = [arena.values("rowLoss"), arena.values("weights")];
    const expected = loss.reduce((sum, value, i) => sum + (i % stride < rows ? value * (weights[i] ?? 0) : 0), 0);
    arena.call("record_metrics", { stride, shards, rows, slots: 1 });
    expect(arena.values("metrics")[0]).toBeCloseTo(expected, 12);
  });
});
