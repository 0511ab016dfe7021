import { startWorker, type WorkerHandle } from "./worker-handle.ts";
import { command, control, type WorkerMessage } from "./worker-source.ts";

/** Worker threads that run phases of plans, all at once. Commands must not overlap: wait for one before the next. */
export interface WorkerPool {
  /** Posts one message to each worker; then {@link WorkerPool.wait}. */
  send(messageFor: (worker: number) => WorkerMessage): void;
  /** Starts a phase of a plan on every worker; then {@link WorkerPool.wait}. */
  run(plan: number, phase: number): void;
  /** Waits for the last command: synchronously where the thread may block (Node), else by a promise. Throws, or rejects with, a worker's error. */
  wait(): Promise<void> | void;
  terminate(): void;
}

type WaitAsync = (
  words: Int32Array,
  index: number,
  value: number,
  timeout: number,
) => { readonly async: boolean; readonly value: unknown };

/** Longest uninterrupted block, in ms: between blocks the event loop may deliver the death of a worker. */
const blockMilliseconds = 500;

const tick = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Whether `Atomics.wait` is allowed in this thread: everywhere but in the main thread of a browser. */
function mayBlock(): boolean {
  try {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 1, 0);
    return true;
  } catch {
    return false;
  }
}

/** Starts `count` workers on a compiled module, on a host that has worker threads with shared memory. */
export async function startWorkerPool(count: number, module: WebAssembly.Module): Promise<WorkerPool> {
  let failure: Error | undefined;
  let terminated = false;
  const onFailure = (error: Error): void => {
    if (!terminated) failure ??= error;
  };
  const workers: WorkerHandle[] = [];
  for (let i = 0; i < count; i++) workers.push(startWorker(onFailure));

  const buffer = new SharedArrayBuffer(control.length * 4);
  const words = new Int32Array(buffer);
  const blocking = mayBlock();

  const terminate = (): void => {
    terminated = true;
    for (const worker of workers) worker.terminate();
  };

  const finished = (): boolean => {
    const errorLength = Atomics.load(words, control.errorLength);
    if (Atomics.load(words, control.pending) === 0 && errorLength > 0) {
      const text = new Uint8Array(buffer, control.errorText * 4, errorLength).slice();
      Atomics.store(words, control.errorLength, 0);
      throw new Error(`a worker thread of the wasm engine failed: ${new TextDecoder().decode(text)}`);
    }
    if (failure) throw failure;
    return Atomics.load(words, control.pending) === 0;
  };

  const waitAsync = (Atomics as { readonly waitAsync?: WaitAsync }).waitAsync;
  const waitInTurns = async (): Promise<void> => {
    while (!finished()) {
      const pending = Atomics.load(words, control.pending);
      if (blocking) {
        await tick(0);
        Atomics.wait(words, control.pending, pending, blockMilliseconds);
      } else if (waitAsync) {
        await waitAsync(words, control.pending, pending, blockMilliseconds).value;
      } else {
        await tick(0);
      }
    }
  };

  const announce = (what: number): void => {
    Atomics.store(words, control.pending, count);
    Atomics.store(words, control.command, what);
    Atomics.add(words, control.generation, 1);
    Atomics.notify(words, control.generation);
  };

  Atomics.store(words, control.pending, count);
  for (const worker of workers) worker.post({ kind: "start", control: buffer, module });
  try {
    // Workers start in their own time; the event loop must turn meanwhile.
    while (!finished()) await tick(1);
  } catch (error) {
    terminate();
    throw error;
  }

  return {
    send(messageFor) {
      for (const [i, worker] of workers.entries()) worker.post(messageFor(i));
      announce(command.receive);
    },
    run(plan, phase) {
      Atomics.store(words, control.plan, plan);
      Atomics.store(words, control.phase, phase);
      announce(command.run);
    },
    wait() {
      if (blocking) {
        const pending = Atomics.load(words, control.pending);
        if (pending > 0) Atomics.wait(words, control.pending, pending, blockMilliseconds);
        if (finished()) return;
      }
      return waitInTurns();
    },
    terminate,
  };
}
