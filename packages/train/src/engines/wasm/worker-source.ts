/** Places in the Int32Array over the control block that the main thread and the workers share. */
export const control = {
  /** Counts commands; workers wait for it to change. */
  generation: 0,
  /** {@link command}. */
  command: 1,
  /** Number of the plan to run. */
  plan: 2,
  /** Index of the phase to run. */
  phase: 3,
  /** Workers that have not finished the command; the main thread waits for 0. */
  pending: 4,
  /** Bytes of the error text, 0 while there is no error. */
  errorLength: 5,
  /** First word of the error text (UTF-8). */
  errorText: 8,
  /** Number of words. */
  length: 264,
} as const;

/** What a change of `generation` asks of the workers. */
export const command = {
  /** Run a phase of a plan. */
  run: 1,
  /** Go back to the event loop: a message is waiting. */
  receive: 2,
} as const;

/** What the main thread posts to a worker. */
export type WorkerMessage =
  | { readonly kind: "start"; readonly control: SharedArrayBuffer; readonly module: WebAssembly.Module }
  | {
      readonly kind: "load";
      readonly plan: number;
      readonly memory: WebAssembly.Memory;
      readonly scratch: number;
      /** Calls by phase index. */
      readonly phases: readonly (readonly (readonly [kernel: string, args: readonly number[]])[])[];
    }
  | { readonly kind: "release"; readonly plan: number };

const body = `
const plans = new Map();
let words, module, seen = 0;

function finish() {
  if (Atomics.sub(words, ${control.pending}, 1) === 1) Atomics.notify(words, ${control.pending});
}

function report(error) {
  const text = new TextEncoder().encode(String(error)).subarray(0, ${(control.length - control.errorText) * 4});
  new Uint8Array(words.buffer, ${control.errorText * 4}).set(text);
  Atomics.store(words, ${control.errorLength}, Math.max(1, text.length));
}

function attempt(action) {
  try { action(); } catch (error) { report(error); }
  finish();
}

function run() {
  const calls = plans.get(words[${control.plan}])[words[${control.phase}]];
  for (const [kernel, args] of calls) kernel(...args);
}

function load({ memory, scratch, phases }) {
  const kernels = new WebAssembly.Instance(module, { env: { memory } }).exports;
  kernels.set_scratch(scratch);
  return phases.map((calls) => calls.map(([kernel, args]) => [kernels[kernel], args]));
}

function receive(message) {
  if (message.kind === "start") {
    words = new Int32Array(message.control);
    module = message.module;
  }
  attempt(() => {
    if (message.kind === "load") plans.set(message.plan, load(message));
    if (message.kind === "release") plans.delete(message.plan);
  });
  for (;;) {
    Atomics.wait(words, ${control.generation}, seen);
    seen = Atomics.load(words, ${control.generation});
    if (words[${control.command}] !== ${command.run}) return;
    attempt(run);
  }
}
`;

/** Source of a worker thread of Node (CommonJS). */
export const nodeWorkerSource = `"use strict";${body}
require("node:worker_threads").parentPort.on("message", receive);
`;

/** Source of a browser worker. */
export const browserWorkerSource = `"use strict";${body}
self.onmessage = (event) => receive(event.data);
`;
