import { fc, test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import { kernelSignatures } from "../../kernels/index.ts";
import { randomModel } from "../../model/_testing/random-model.ts";
import { compilePlan } from "../../plan/compile.ts";
import { arenaLength, reservedWords } from "../../plan/types.ts";
import { planScratchBytes, threadProgram } from "./program.ts";

const { config } = randomModel();
const planOf = (shards: number) => compilePlan({ config, batch: shards, length: 3, shards, trainable: "all" });
const counts = [fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 8 })] as const;
const all = (count: number): readonly number[] => Array.from({ length: count }, (_, i) => i);

describe("programs of threads", () => {
  test.prop([...counts], { numRuns: 20 })(
    "every shard runs on exactly one thread, whatever their number",
    (shards, threads) => {
      const plan = planOf(shards);
      const start = 4 * (reservedWords + plan.regionLengths.shared + (plan.buffers.get("tokens")?.offset ?? 0));
      const tokens = all(threads).flatMap((thread) =>
        threadProgram(plan, "forward", thread, threads)
          .perShard.filter(([kernel]) => kernel === "embed_forward")
          .map(([, args]) => args[0] ?? Number.NaN),
      );
      const places = all(shards).map((shard) => start + 4 * shard * plan.regionLengths.shard);
      expect(tokens.sort((a, b) => a - b)).toEqual(places);
    },
  );

  test.prop([...counts], { numRuns: 20 })("every address is a whole word inside the arena", (shards, threads) => {
    const plan = planOf(shards);
    const end = 4 * arenaLength(plan, threads);
    for (const thread of all(threads)) {
      const { perShard, shared } = threadProgram(plan, "step", thread, threads);
      for (const [kernel, args] of [...perShard, ...shared]) {
        for (const [i, [name, kind]] of kernelSignatures[kernel].args.entries()) {
          if (kind !== "buffer" || args[i] === 0) continue;
          expect((args[i] ?? Number.NaN) % 4, `${kernel}.${name}`).toBe(0);
          expect(args[i], `${kernel}.${name}`).toBeGreaterThanOrEqual(4 * reservedWords);
          expect(args[i], `${kernel}.${name}`).toBeLessThan(end);
        }
      }
    }
  });

  test("the calls over all shards are those of thread 0 alone, with the stride in bytes", () => {
    const plan = planOf(3);
    const [first, second] = [threadProgram(plan, "gradient", 0, 2), threadProgram(plan, "gradient", 1, 2)];
    expect(second.shared).toEqual([]);
    expect(first.shared.map(([kernel]) => kernel)).toEqual(["reduce_shards"]);
    expect(first.shared[0]?.[1][1]).toBe(4 * plan.regionLengths.shard);
    expect(first.shared[0]?.[1][3]).toBe(3);
  });

  test("a phase that the plan does not have is empty", () => {
    const plan = compilePlan({ config, batch: 1, length: 1 });
    expect(threadProgram(plan, "step", 0, 1)).toEqual({ perShard: [], shared: [] });
  });

  test("scratch memory is a multiple of 64 bytes, none where no kernel needs any, more for longer sequences", () => {
    const of = (length: number) => planScratchBytes(compilePlan({ config, batch: 1, length, trainable: "all" }));
    expect(of(3) % 64).toBe(0);
    expect(of(4)).toBeGreaterThanOrEqual(of(1));
    expect(of(1)).toBeGreaterThan(0);
    expect(planScratchBytes({ ...planOf(1), phases: {} })).toBe(0);
  });
});
