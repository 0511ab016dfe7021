import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

/** A Python process that answers each line of JSON with a line of JSON. */
export interface PythonChild {
  /** What it said first: its versions. */
  readonly greeting: unknown;
  ask(request: object): Promise<unknown>;
  close(): void;
}

/** A script in the sources of this package, from where it is bundled (`dist/`) or from beside this file. */
function scriptPath(name: string): string {
  const beside = fileURLToPath(new URL(name, import.meta.url));
  const candidates = [beside, fileURLToPath(new URL(`../src/${name}`, import.meta.url))];
  return candidates.find((path) => existsSync(path)) ?? beside;
}

const lastLine = (text: string): string | undefined => text.trim().split("\n").at(-1) || undefined;

/** Starts a script on one thread, or says why it cannot be had. */
export async function startPython(
  script: string,
  python = "python3",
): Promise<PythonChild | { readonly missing: string }> {
  const single = { OMP_NUM_THREADS: "1", OPENBLAS_NUM_THREADS: "1", MKL_NUM_THREADS: "1" };
  const child = spawn(python, [scriptPath(script)], { env: { ...process.env, ...single } });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  let complaint = "";
  child.stderr.on("data", (chunk: Buffer) => {
    complaint += chunk.toString();
  });
  child.stdin.on("error", () => {});
  const failed = new Promise<never>((_, reject) => {
    child.once("error", reject);
  });
  failed.catch(() => {});
  const answer = async (): Promise<unknown> => {
    const { value, done } = await Promise.race([lines.next(), failed]);
    if (done === true || value === undefined) throw new Error(lastLine(complaint) ?? `${python} ended`);
    return JSON.parse(value);
  };
  try {
    const greeting = await answer();
    return {
      greeting,
      ask: (request) => {
        child.stdin.write(`${JSON.stringify(request)}\n`);
        return answer();
      },
      close: () => child.stdin.end(),
    };
  } catch (error) {
    child.kill();
    return { missing: error instanceof Error ? error.message : String(error) };
  }
}
