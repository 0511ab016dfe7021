import type { Process } from "@semifactor/ghmm";
import { startPython } from "./python-child.ts";

/** One timed draw of the Python side. */
export interface NumpyDraw {
  readonly seconds: number;
  /** Frequency of each token. */
  readonly frequencies: readonly number[];
}

/** A Python process that samples HMMs with NumPy, one request at a time. */
export interface NumpySampler {
  readonly versions: { readonly numpy: string; readonly python: string };
  prepare(name: string, process: Process): Promise<void>;
  sample(request: NumpyRequest): Promise<NumpyDraw>;
  close(): void;
}

/** What to draw, of a prepared process. */
export interface NumpyRequest {
  readonly name: string;
  readonly count: number;
  readonly length: number;
  readonly seed: number;
  readonly method: "searchsorted" | "compare";
  /** Size of the alphabet. */
  readonly tokens: number;
}

/** `rows[s][token * d + next] = P(token, next | s)`. */
function rowsOf(process: Process): number[][] {
  const { stateDim } = process;
  const operators = process.alphabet.map((_, token) => process.operator(token));
  return Array.from({ length: stateDim }, (_, s) =>
    operators.flatMap((operator) => Array.from(operator.subarray(s * stateDim, (s + 1) * stateDim))),
  );
}

/** Starts the sampler on one thread, or says why it cannot be had. */
export async function startNumpySampler(): Promise<NumpySampler | { readonly missing: string }> {
  const child = await startPython("sampling_numpy.py");
  if ("missing" in child) return child;
  return {
    versions: child.greeting as NumpySampler["versions"],
    async prepare(name, process) {
      const initial = Array.from(process.initial);
      await child.ask({ name, process: { states: process.stateDim, initial, rows: rowsOf(process) } });
    },
    sample: async (request) => (await child.ask(request)) as NumpyDraw,
    close: () => child.close(),
  };
}
