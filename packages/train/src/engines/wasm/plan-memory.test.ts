import { fc, test } from "@fast-check/vitest";
import { UnsupportedError } from "@semifactor/ghmm";
import { afterEach, describe, expect, vi } from "vitest";
import { randomModel } from "../../model/_testing/random-model.ts";
import { compilePlan } from "../../plan/compile.ts";
import { arenaLength, type Plan } from "../../plan/types.ts";
import { allocatePlanMemory } from "./plan-memory.ts";
import { planScratchBytes } from "./program.ts";

const plan = compilePlan({ config: randomModel().config, batch: 4, length: 3, shards: 2, trainable: "all" });

describe("the memory of a plan", () => {
  test.prop([fc.integer({ min: 1, max: 8 })], { numRuns: 8 })(
    "holds the arena, then one scratch area per thread, aligned and apart",
    (threads) => {
      const { memory, scratch } = allocatePlanMemory(plan, threads);
      let end = 4 * arenaLength(plan, threads);
      for (let thread = 0; thread < threads; thread++) {
        expect(scratch(thread) % 64).toBe(0);
        expect(scratch(thread)).toBeGreaterThanOrEqual(end);
        end = scratch(thread) + planScratchBytes(plan);
      }
      expect(memory.buffer.byteLength).toBeGreaterThanOrEqual(end);
      expect(memory.buffer.byteLength - end).toBeLessThan(65536);
    },
  );

  test("it is zero, and both views are of the same words", () => {
    const { floats, integers } = allocatePlanMemory(plan, 1);
    expect(integers.every((word) => word === 0)).toBe(true);
    floats[20] = 1;
    expect(integers[20]).toBe(0x3f800000);
  });

  test("it is shared between threads where there are several, and never grows", () => {
    expect(allocatePlanMemory(plan, 1).memory.buffer).toBeInstanceOf(ArrayBuffer);
    const { memory } = allocatePlanMemory(plan, 2);
    expect(memory.buffer).toBeInstanceOf(SharedArrayBuffer);
    expect(() => memory.grow(1)).toThrow(RangeError);
  });
});

describe("refusals", () => {
  afterEach(() => {
    vi.restoreAllMocks();
  });

  test("more than 32-bit addresses reach, because of the number of threads", () => {
    const large: Plan = { ...plan, regionLengths: { shared: 16, shard: 16, workspace: 2 ** 28 } };
    expect(() => allocatePlanMemory(large, 4)).toThrow(UnsupportedError);
    expect(() => allocatePlanMemory(large, 4)).toThrow(/4097 MiB.*fewer threads/);
  });

  test("a memory that the host refuses, with the host's error as the cause", () => {
    const cause = new RangeError("no memory");
    const { Memory } = WebAssembly;
    vi.spyOn(WebAssembly, "Memory").mockImplementation(
      class extends Memory {
        constructor() {
          super({ initial: 1 });
          throw cause;
        }
      },
    );
    expect(() => allocatePlanMemory(plan, 1)).toThrow(UnsupportedError);
    expect(() => allocatePlanMemory(plan, 1)).toThrow(expect.objectContaining({ cause }));
  });
});
