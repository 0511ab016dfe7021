import { parseArgs } from "node:util";

/** What is wrong with an option or a file, and what to do about it: the command ends with exit code 2. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

export const USAGE = `npm run theorems -- [options]
  --runs 1000          random instances of each theorem
  --key 0              key of the random instances (also --seed)
  --only T26,T27       these theorems only
  --process file.json  check the process in this file instead of random instances
  --out file.json      where the residuals go, runs/theorems.json by default
  --write              also write the pages in docs/theorems
  --check              run nothing; fail if the pages in docs/theorems are not current`;

export interface Options {
  readonly runs: number;
  readonly key: number;
  /** Ids in capital letters; all theorems if it is left out. */
  readonly only?: readonly string[];
  /** A process file. */
  readonly process?: string;
  readonly out: string;
  readonly mode: "run" | "write" | "check" | "help";
}

function integer(name: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= least && value <= most) return value;
  throw new UsageError(
    `theorems: --${name} is ${JSON.stringify(text)}. Give an integer from ${least} to ${most}.\n\n${USAGE}`,
  );
}

function parse(args: readonly string[]) {
  const text = { type: "string" } as const;
  const flag = { type: "boolean", default: false } as const;
  try {
    return parseArgs({
      args: args.filter((argument) => argument !== "--"),
      options: {
        runs: text,
        key: text,
        seed: text,
        only: text,
        process: text,
        out: text,
        write: flag,
        check: flag,
        help: flag,
      },
    }).values;
  } catch (error) {
    throw new UsageError(`theorems: ${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`);
  }
}

/** The first pair of options that are both given. */
function refusePair(values: Readonly<Record<string, unknown>>, pairs: readonly (readonly [string, string, string])[]) {
  for (const [a, b, why] of pairs) {
    const isGiven = (name: string): boolean => values[name] !== undefined && values[name] !== false;
    if (isGiven(a) && isGiven(b))
      throw new UsageError(`theorems: --${a} and --${b} are both given. ${why}.\n\n${USAGE}`);
  }
}

/** The options of the command line. */
export function readOptions(args: readonly string[]): Options {
  const values = parse(args);
  const allTheorems = "The pages hold all theorems and their random instances: leave one of them out";
  refusePair(values, [
    ["key", "seed", "They are the same"],
    ["write", "check", "Give one of them"],
    ["write", "only", allTheorems],
    ["write", "process", allTheorems],
    ["check", "only", allTheorems],
    ["check", "process", allTheorems],
    ["process", "runs", "A process makes one instance of each theorem"],
    ["process", "key", "A process makes one instance of each theorem"],
    ["process", "seed", "A process makes one instance of each theorem"],
  ]);
  const only = values.only
    ?.split(",")
    .map((id) => id.trim().toUpperCase())
    .filter((id) => id !== "");
  if (only?.length === 0) throw new UsageError(`theorems: --only is empty. Give ids, such as T1,T26.\n\n${USAGE}`);
  const file = values.process;
  const mode = values.help ? "help" : values.write ? "write" : values.check ? "check" : "run";
  return {
    runs: integer("runs", values.runs ?? "1000", 1, 10_000_000),
    key: integer("key", values.key ?? values.seed ?? "0", 0, Number.MAX_SAFE_INTEGER),
    out: values.out ?? "runs/theorems.json",
    mode,
    ...(only === undefined ? {} : { only }),
    ...(file === undefined ? {} : { process: file }),
  };
}
