import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { Process } from "@semifactor/ghmm";

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

/** The script beside this file, or in the bench's sources when this file has been bundled elsewhere. */
function scriptPath(): string {
  const name = "sampling_numpy.py";
  const beside = fileURLToPath(new URL(name, import.meta.url));
  const candidates = [beside, join("src", name), join("bench", "src", name)];
  return candidates.find((path) => existsSync(path)) ?? beside;
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
  const single = { OMP_NUM_THREADS: "1", OPENBLAS_NUM_THREADS: "1", MKL_NUM_THREADS: "1" };
  const child = spawn("python3", [scriptPath()], { env: { ...process.env, ...single } });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  let complaint = "";
  child.stderr.on("data", (chunk: Buffer) => {
    complaint += chunk.toString();
  });
  child.stdin.on("error", () => {});
  const failed = new Promise<never>((_, reject) => {
    child.once("error", reject);
  });
  const answer = async (): Promise<unknown> => {
    const { value, done } = await Promise.race([lines.next(), failed]);
    if (done === true || value === undefined) throw new Error(lastLine(complaint) ?? "python3 ended");
    return JSON.parse(value);
  };
  failed.catch(() => {});
  try {
    const versions = (await answer()) as NumpySampler["versions"];
    return sampler(child, versions, answer);
  } catch (error) {
    child.kill();
    return { missing: error instanceof Error ? error.message : String(error) };
  }
}

const lastLine = (text: string): string | undefined => text.trim().split("\n").at(-1) || undefined;

function sampler(
  child: ChildProcessWithoutNullStreams,
  versions: NumpySampler["versions"],
  answer: () => Promise<unknown>,
): NumpySampler {
  const ask = async (request: object): Promise<unknown> => {
    child.stdin.write(`${JSON.stringify(request)}\n`);
    return answer();
  };
  return {
    versions,
    async prepare(name, process) {
      await ask({
        name,
        process: { states: process.stateDim, initial: Array.from(process.initial), rows: rowsOf(process) },
      });
    },
    sample: async (request) => (await ask(request)) as NumpyDraw,
    close: () => child.stdin.end(),
  };
}
