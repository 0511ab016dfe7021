import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { filterBeliefs, type Process } from "@semifactor/ghmm";
import { type PythonChild, startPython } from "../python-child.ts";
import { drawBatch, filterCases } from "./cases.ts";
import { type Contender, seconds, takeTurns } from "./timing.ts";

const OURS = "semifactor";
/** Writes its result in another layout than the others. */
const OTHER_LAYOUT = "columns, states first";
/** Sequences of which all numbers are compared. */
const COMPARED = 50;
const TOLERANCE = 1e-12;

interface Peer {
  readonly python: string;
  readonly numpy: string;
  readonly jax?: string;
  readonly methods: readonly string[];
  readonly child: PythonChild;
}

/** Million tokens a second of one contender on one process. */
export interface FilterRow {
  readonly process: string;
  readonly contender: string;
  readonly best: number;
  readonly median: number;
}

/** Ours over the fastest other contender: of the same layout, and of any. */
export interface FilterRatio {
  readonly process: string;
  readonly against: string;
  readonly best: number;
  readonly median: number;
}

export interface FilterReport {
  readonly count: number;
  readonly length: number;
  readonly peers: readonly Omit<Peer, "child">[];
  readonly missing: readonly string[];
  readonly rows: readonly FilterRow[];
  readonly ratios: readonly FilterRatio[];
}

interface Answer {
  readonly seconds: number;
  readonly beliefs: readonly number[];
  readonly probabilities: readonly number[];
}

/** Debian's Python, and the one that is found first, unless both have the same NumPy. */
async function startPeers(): Promise<{ readonly peers: readonly Peer[]; readonly missing: readonly string[] }> {
  const peers: Peer[] = [];
  const missing: string[] = [];
  for (const python of ["/usr/bin/python3", "python3"]) {
    const child = await startPython("ghmm_filter.py", python);
    if ("missing" in child) {
      missing.push(`${python}: ${child.missing}`);
      continue;
    }
    const peer = { ...(child.greeting as Omit<Peer, "child">), child };
    if (peers.some(({ numpy, jax }) => numpy === peer.numpy && jax === peer.jax)) child.close();
    else peers.push(peer);
  }
  return { peers, missing };
}

function compare(what: string, ours: Float64Array, theirs: readonly number[]): void {
  theirs.forEach((value, i) => {
    if (Math.abs(value - (ours[i] ?? Number.NaN)) <= TOLERANCE) return;
    throw new Error(`${what}: entry ${i} is ${ours[i]} here and ${value} there`);
  });
}

/** The contenders on one batch, each writing to arrays of its own that are kept; every result is compared with ours. */
async function contendersOn(name: string, process: Process, file: string, size: Size, peers: readonly Peer[]) {
  const { count, length } = size;
  const batch = drawBatch(process, count, length);
  writeFileSync(file, batch.tokens);
  const out = filterBeliefs(process, batch);
  const contenders: Contender[] = [{ name: OURS, run: () => seconds(() => filterBeliefs(process, batch, { out })) }];
  const d = process.stateDim;
  const operators = process.alphabet.map((_, token) => {
    const operator = process.operator(token);
    return Array.from({ length: d }, (_, s) => Array.from(operator.subarray(s * d, (s + 1) * d)));
  });
  for (const { child, numpy, jax, methods } of peers) {
    await child.ask({ process: { operators, initial: Array.from(process.initial) }, tokens: file, count, length });
    for (const method of methods) {
      const contender = method.startsWith("JAX") ? `JAX ${jax}` : `NumPy ${numpy} ${method}`;
      const run = async (): Promise<number> => {
        const answer = (await child.ask({ method, rows: COMPARED })) as Answer;
        compare(`${name}, beliefs of ${contender}`, out.beliefs, answer.beliefs);
        compare(`${name}, probabilities of ${contender}`, out.probabilities, answer.probabilities);
        return answer.seconds;
      };
      contenders.push({ name: contender, run });
    }
  }
  return contenders;
}

interface Size {
  readonly count: number;
  readonly length: number;
}

function ratiosOf(process: string, rows: readonly FilterRow[]): readonly FilterRatio[] {
  const mine = rows.find(({ contender }) => contender === OURS);
  const others = rows.filter((row) => row !== mine);
  if (mine === undefined || others.length === 0) return [];
  const over = (against: string, some: readonly FilterRow[]): FilterRatio => ({
    process,
    against,
    best: mine.best / Math.max(...some.map(({ best }) => best)),
    median: mine.median / Math.max(...some.map(({ median }) => median)),
  });
  const same = others.filter(({ contender }) => !contender.endsWith(OTHER_LAYOUT));
  const batched = same.filter(({ contender }) => !contender.endsWith("columns"));
  return [
    over("operators by sequence (einsum, matmul, all tokens, masks)", batched),
    over("any that writes [count, length + 1, d]", same),
    over("any, in a layout of its choice", others),
  ];
}

/** Filtering beside NumPy: tokens a second, on one thread, in turns. */
export async function measureFiltering(size: Size, repetitions: number): Promise<FilterReport> {
  const { peers, missing } = await startPeers();
  const folder = mkdtempSync(join(tmpdir(), "ghmm-"));
  const rows: FilterRow[] = [];
  const ratios: FilterRatio[] = [];
  try {
    for (const { name, process } of filterCases()) {
      const contenders = await contendersOn(name, process, join(folder, "tokens"), size, peers);
      const millions = (size.count * size.length) / 1e6;
      const here = (await takeTurns(contenders, repetitions)).map(({ contender, best, median }) => ({
        process: name,
        contender,
        best: millions / best,
        median: millions / median,
      }));
      rows.push(...here);
      ratios.push(...ratiosOf(name, here));
    }
  } finally {
    for (const { child } of peers) child.close();
    rmSync(folder, { recursive: true });
  }
  return { ...size, peers: peers.map(({ child: _, ...versions }) => versions), missing, rows, ratios };
}
