import { Worker } from "node:worker_threads";

/** What a worker tells the pool about a job. */
export type WorkerMessage<P, R> =
  | { readonly kind: "progress"; readonly job: string; readonly progress: P }
  | { readonly kind: "done"; readonly job: string; readonly result: R }
  | { readonly kind: "interrupted"; readonly job: string }
  | { readonly kind: "failed"; readonly job: string; readonly name: string; readonly message: string };

/** What the pool sends to a worker: one job, and the flag that asks for a stop (1 = stop at the next step). */
export interface WorkerJob<J> {
  readonly job: string;
  readonly input: J;
  readonly stop: SharedArrayBuffer;
}

/** A job that did not finish, with the error's name and message. */
export interface JobFailure {
  readonly job: string;
  readonly name: string;
  readonly message: string;
}

/** What came of all jobs. */
export interface PoolResult<R> {
  readonly results: ReadonlyMap<string, R>;
  readonly failures: readonly JobFailure[];
  readonly interrupted: boolean;
}

/** Options of {@link runJobs}. */
export interface PoolOptions<J, P, R> {
  /** Module that each worker runs; it answers every {@link WorkerJob} with {@link WorkerMessage}s. */
  readonly module: URL;
  readonly jobs: ReadonlyMap<string, J>;
  readonly workers: number;
  readonly onStart?: (job: string) => void;
  readonly onProgress?: (job: string, progress: P) => void;
  readonly onEnd?: (job: string, outcome: WorkerMessage<P, R>) => void;
  /** Aborting asks every running job to save its state and stop; no further job is started. */
  readonly signal?: AbortSignal;
}

/**
 * Runs independent jobs on worker threads, as many at a time as asked for.
 *
 * A job that fails is reported and does not stop the others. Threads, not processes: when the parent is killed nothing goes on.
 */
export async function runJobs<J, P, R>(options: PoolOptions<J, P, R>): Promise<PoolResult<R>> {
  const queue = [...options.jobs];
  const results = new Map<string, R>();
  const failures: JobFailure[] = [];
  let interrupted = false;
  const stop = new SharedArrayBuffer(4);
  const onAbort = (): void => {
    interrupted = true;
    Atomics.store(new Int32Array(stop), 0, 1);
    Atomics.notify(new Int32Array(stop), 0);
  };
  options.signal?.addEventListener("abort", onAbort, { once: true });
  if (options.signal?.aborted) onAbort();

  const runOne = (worker: Worker, job: string, input: J): Promise<boolean> =>
    new Promise((resolve) => {
      const finish = (alive: boolean): void => {
        worker.off("message", onMessage);
        worker.off("error", onError);
        worker.off("exit", onExit);
        resolve(alive);
      };
      const fail = (name: string, message: string): void => {
        failures.push({ job, name, message });
        options.onEnd?.(job, { kind: "failed", job, name, message });
      };
      const onMessage = (message: WorkerMessage<P, R>): void => {
        if (message.kind === "progress") {
          options.onProgress?.(job, message.progress);
          return;
        }
        if (message.kind === "done") results.set(job, message.result);
        else if (message.kind === "interrupted") interrupted = true;
        else failures.push({ job, name: message.name, message: message.message });
        options.onEnd?.(job, message);
        finish(true);
      };
      const onError = (error: Error): void => {
        fail(error.name, error.message);
        finish(false);
      };
      const onExit = (code: number): void => {
        fail("WorkerExit", `worker thread ended with code ${code} before its job did`);
        finish(false);
      };
      worker.on("message", onMessage);
      worker.on("error", onError);
      worker.on("exit", onExit);
      options.onStart?.(job);
      worker.postMessage({ job, input, stop } satisfies WorkerJob<J>);
    });

  const lane = async (): Promise<void> => {
    let worker: Worker | undefined;
    for (let next = queue.shift(); next !== undefined && !interrupted; next = queue.shift()) {
      worker ??= new Worker(options.module);
      const alive = await runOne(worker, next[0], next[1]);
      if (!alive) worker = undefined;
    }
    await worker?.terminate();
  };
  await Promise.all(Array.from({ length: Math.min(options.workers, options.jobs.size) }, lane));
  options.signal?.removeEventListener("abort", onAbort);
  return { results, failures, interrupted };
}
