import { parentPort } from "node:worker_threads";
import { runCell } from "./emergent-misalignment/cell.ts";
import { CellInterrupted, type CellJob } from "./emergent-misalignment/cell-job.ts";
import type { CellResult } from "./emergent-misalignment/results.ts";
import type { ProgressState } from "./run/progress.ts";
import type { WorkerJob, WorkerMessage } from "./run/worker-pool.ts";

const port = parentPort;
if (port === null) throw new Error("cell-worker: run it as a worker thread");

port.on("message", async ({ job, input, stop }: WorkerJob<CellJob>) => {
  const send = (message: WorkerMessage<ProgressState, CellResult>): void => port.postMessage(message);
  const flag = new Int32Array(stop);
  let last = Number.NEGATIVE_INFINITY;
  try {
    const result = await runCell(input, {
      stopRequested: () => Atomics.load(flag, 0) !== 0,
      onProgress(progress) {
        const now = performance.now();
        if (now - last < 200) return;
        last = now;
        send({ kind: "progress", job, progress });
      },
    });
    send({ kind: "done", job, result });
  } catch (error) {
    if (error instanceof CellInterrupted) return send({ kind: "interrupted", job });
    const known = error instanceof Error ? error : new Error(String(error));
    send({ kind: "failed", job, name: known.name, message: known.message });
  }
});
