import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, test } from "vitest";
import { runJobs } from "./worker-pool.ts";

/** A worker that doubles numbers, reports progress, and can fail, die or wait for the stop flag. */
const source = `
import { parentPort } from "node:worker_threads";
parentPort.on("message", ({ job, input, stop }) => {
  parentPort.postMessage({ kind: "progress", job, progress: input });
  if (input === "fail") return parentPort.postMessage({ kind: "failed", job, name: "TestError", message: "as asked" });
  if (input === "throw") throw new RangeError("out of nowhere");
  if (input === "exit") process.exit(3);
  if (input === "wait") {
    Atomics.wait(new Int32Array(stop), 0, 0, 20000);
    while (Atomics.load(new Int32Array(stop), 0) === 0);
    return parentPort.postMessage({ kind: "interrupted", job });
  }
  parentPort.postMessage({ kind: "done", job, result: input * 2 });
});`;
const path = join(mkdtempSync(join(tmpdir(), "semifactor-pool-")), "worker.mjs");
writeFileSync(path, source);
const module = pathToFileURL(path);

describe("runJobs", () => {
  test.each([1, 2, 5])("runs every job on %d workers and keeps results by name", async (workers) => {
    const jobs = new Map([1, 2, 3, 4].map((n) => [`job ${n}`, n]));
    const seen: string[] = [];
    const { results, failures, interrupted } = await runJobs<number, number, number>({
      module,
      jobs,
      workers,
      onProgress: (job) => seen.push(job),
    });
    expect([...results].sort()).toEqual([...jobs].map(([job, n]) => [job, 2 * n]));
    expect(seen.sort()).toEqual([...jobs.keys()]);
    expect({ failures, interrupted }).toEqual({ failures: [], interrupted: false });
  });

  test("a job that fails, throws or kills its thread is named and the others still run", async () => {
    const jobs = new Map<string, number | string>([
      ["a", "fail"],
      ["b", "throw"],
      ["c", "exit"],
      ["d", 21],
    ]);
    const { results, failures } = await runJobs<number | string, unknown, number>({ module, jobs, workers: 1 });
    expect(results.get("d")).toBe(42);
    expect(failures).toEqual([
      { job: "a", name: "TestError", message: "as asked" },
      { job: "b", name: "RangeError", message: "out of nowhere" },
      { job: "c", name: "WorkerExit", message: expect.stringContaining("code 3") },
    ]);
  });

  test("abort reaches the running job through the stop flag and starts no other", async () => {
    const controller = new AbortController();
    const started: string[] = [];
    const jobs = new Map<string, number | string>([
      ["a", "wait"],
      ["b", 1],
    ]);
    const pool = await runJobs<number | string, unknown, number>({
      module,
      jobs,
      workers: 1,
      signal: controller.signal,
      onStart: (job) => started.push(job),
      onProgress: () => controller.abort(),
    });
    expect(pool.interrupted).toBe(true);
    expect(started).toEqual(["a"]);
    expect(pool.results.size).toBe(0);
  });
});
