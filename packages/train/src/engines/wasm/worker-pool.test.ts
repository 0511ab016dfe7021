import { describe, expect, test } from "vitest";
import { kernelBinary } from "./kernel-module.ts";
import { startWorker } from "./worker-handle.ts";
import { startWorkerPool } from "./worker-pool.ts";
import type { WorkerMessage } from "./worker-source.ts";

const module = new WebAssembly.Module(kernelBinary("wasm-simd", true));

function sharedMemory(): WebAssembly.Memory {
  return new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true });
}

/** A plan with one phase: fill `count` floats from byte address `address` with `value`. */
function fillPlan(memory: WebAssembly.Memory, address: number, value: number, count: number): WorkerMessage {
  return { kind: "load", plan: 0, memory, scratch: 0, phases: [[["fill", [address, value, count]]]] };
}

describe("worker pool", () => {
  test("every worker runs its own calls on the shared memory, again and again", async () => {
    const memory = sharedMemory();
    const floats = new Float32Array(memory.buffer);
    const pool = await startWorkerPool(3, module);
    pool.send((worker) => fillPlan(memory, 64 * (worker + 1), worker + 1, 16));
    await pool.wait();
    for (let round = 0; round < 20; round++) {
      floats.fill(0);
      pool.run(0, 0);
      await pool.wait();
      expect(Array.from(floats.subarray(0, 80))).toEqual(Array.from({ length: 80 }, (_, i) => (i < 64 ? i >> 4 : 0)));
    }
    pool.terminate();
  });

  test("an error in one worker is thrown once, after the others have finished", async () => {
    const memory = sharedMemory();
    const pool = await startWorkerPool(2, module);
    pool.send((worker) => fillPlan(memory, worker === 0 ? 70_000 : 0, 1, 4));
    await pool.wait();
    pool.run(0, 0);
    await expect(async () => pool.wait()).rejects.toThrow(/worker thread.*out of bounds/);
    expect(new Float32Array(memory.buffer)[0]).toBe(1);
    pool.send((worker) => fillPlan(memory, 64 * worker, 2, 4));
    await pool.wait();
    pool.terminate();
  });

  test("a plan that cannot be loaded is an error, not a hang", async () => {
    const pool = await startWorkerPool(1, module);
    pool.send(() => fillPlan(new WebAssembly.Memory({ initial: 0, maximum: 1, shared: true }), 0, 1, 4));
    await expect(async () => pool.wait()).rejects.toThrow(/worker thread.*LinkError/);
    pool.run(7, 0);
    await expect(async () => pool.wait()).rejects.toThrow(/worker thread/);
    pool.terminate();
  });

  test("a worker that dies is reported", async () => {
    const failure = await new Promise<Error>((resolve) => {
      // Without a control block the worker has nothing to report to, and throws.
      startWorker(resolve).post({ kind: "release", plan: 0 });
    });
    expect(failure).toBeInstanceOf(Error);
  });
});
