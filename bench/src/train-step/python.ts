import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { Contender, Problem, Run } from "./problem.ts";

/** The script in the sources of this package, from where it is bundled (`dist/`) or from beside this file's folder. */
function scriptPath(name: string): string {
  const candidates = [`../${name}`, `../src/${name}`].map((relative) =>
    fileURLToPath(new URL(relative, import.meta.url)),
  );
  const found = candidates.find((path) => existsSync(path));
  if (found === undefined) throw new Error(`${name} is missing: ${candidates.join(", ")}`);
  return found;
}

/** How a Python contender runs. */
export interface PythonOptions {
  readonly threads?: number;
  readonly device?: "cpu" | "cuda";
  /** In the sources of this package. */
  readonly script?: "train_step_torch.py" | "train_step_jax.py";
}

/** PyTorch (or JAX, by another script) on some threads, in a process of its own, or why it cannot be had. */
export async function python(
  problem: Problem,
  python: string,
  steps: number,
  { threads = 1, device = "cpu", script = "train_step_torch.py" }: PythonOptions = {},
): Promise<Contender | { readonly missing: string }> {
  const child = spawn(python, [scriptPath(script)], {
    env: { ...process.env, OMP_NUM_THREADS: String(threads), MKL_NUM_THREADS: String(threads) },
  });
  let complaint = "";
  child.stderr.on("data", (chunk: Buffer) => {
    complaint += chunk.toString();
  });
  child.on("error", (error) => {
    complaint += error.message;
  });
  child.stdin.on("error", () => {});
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const ask = async (request: unknown): Promise<unknown> => {
    child.stdin.write(`${JSON.stringify(request)}\n`);
    const { value, done } = await lines.next();
    if (done === true || value === undefined) {
      throw new Error(complaint.trim().split("\n").at(-1) || `${python} ended`);
    }
    return JSON.parse(value) as unknown;
  };

  const { source, model, weights, optimizer } = problem;
  let version: string;
  try {
    const answer = await ask({
      threads,
      device,
      config: model.config,
      optimizer,
      weights: weights.map(({ data, ...rest }) => ({ ...rest, data: Array.from(data) })),
      batches: Array.from({ length: steps }, (_, step) => Array.from(source.batch(step).tokens)),
      batchSize: source.batchSize,
      length: source.length,
    });
    version = (answer as { readonly version: string }).version;
  } catch (error) {
    child.kill();
    return { missing: error instanceof Error ? error.message : String(error) };
  }
  return {
    name: version,
    threads,
    run: async (count) => (await ask({ steps: count })) as Run,
    dispose: () => void child.kill(),
  };
}
