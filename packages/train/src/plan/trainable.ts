import { InvalidArgumentError, UnsupportedError } from "@semifactor/ghmm";
import { type LoraAdapter, loraParameterNames } from "../model/lora-adapter.ts";
import { type ParameterEntry, type ParameterLayout, padded } from "./parameter-layout.ts";

/** One trained parameter, or some of its rows (first axis). */
export interface TrainableParameter {
  /** TransformerLens name, e.g. `unembed.b_U`. */
  readonly parameter: string;
  /** Rows that are trained, e.g. the BOS row of `embed.W_E`; all of them by default. */
  readonly rows?: readonly number[];
  /** Whether weight decay applies; by default only to whole matrices (never to biases, layer-norm gains or single rows). */
  readonly decay?: boolean;
}

/**
 * What training may change: everything (but adapters that are disabled), the enabled adapters, the biases (of linear layers and norms), or a list of parameters.
 * Gradients of frozen parameters are not computed.
 */
export type TrainableSpec = "all" | "adapters" | "biases" | readonly TrainableParameter[];

/** A contiguous run of trained elements of one parameter, with its place in the parameter vector and in the gradient vector. */
export interface TrainableRun {
  readonly parameter: string;
  /** First element, in the flat parameter vector. */
  readonly offset: number;
  readonly count: number;
  /** First element in the gradient (and in the optimizer's m and v). */
  readonly gradientOffset: number;
  readonly decay: boolean;
  /** Whether the run is the whole parameter. */
  readonly whole: boolean;
}

/** The resolved trainable set: the runs in gradient order and the length of the gradient vector. */
export interface TrainableLayout {
  readonly runs: readonly TrainableRun[];
  readonly gradientLength: number;
}

function reject(source: string, problem: string, remedy: string): never {
  throw new InvalidArgumentError({ source, problem, remedy });
}

/** The biases of linear layers and norms: vectors, unlike what an adapter of any name has. */
function biasNames(layout: ParameterLayout): readonly string[] {
  const entries = [...layout.entries.values()];
  return entries
    .filter(({ name, kind }) => kind === "vector" && /\.b(_[A-Za-z]+)?$/.test(name))
    .map(({ name }) => name);
}

/** A list of parameters, also from callers without types. */
function checkedList(source: string, spec: readonly TrainableParameter[]): readonly TrainableParameter[] {
  if (Array.isArray(spec)) return spec;
  return reject(
    source,
    `trainable is ${JSON.stringify(spec)}`,
    'Use "all", "adapters", "biases" or a list of parameters',
  );
}

/** Trained row ranges [first, end) of a parameter, ascending and merged. */
function rowRanges(
  source: string,
  entry: ParameterEntry,
  rows: readonly number[],
): readonly (readonly [number, number])[] {
  const [rowCount = 0] = entry.shape;
  if (entry.interleavedHeads > 1) {
    throw new UnsupportedError({
      source,
      problem: `rows of "${entry.name}", which is stored with its heads interleaved`,
      remedy: "Train the whole parameter",
    });
  }
  if (rows.length === 0) reject(source, `no rows of "${entry.name}"`, "Name at least one row");
  const sorted = [...new Set(rows)].sort((a, b) => a - b);
  const ranges: [number, number][] = [];
  for (const row of sorted) {
    if (!Number.isInteger(row) || row < 0 || row >= rowCount) {
      reject(source, `row ${row} of "${entry.name}"`, `Give integers from 0 to ${rowCount - 1}`);
    }
    const last = ranges.at(-1);
    if (last !== undefined && last[1] === row) last[1] = row + 1;
    else ranges.push([row, row + 1]);
  }
  return ranges;
}

/**
 * Resolves what is trained into runs of the flat parameter vector.
 *
 * @throws InvalidArgumentError if a parameter is unknown, named twice or of a disabled adapter, a row is out of range, or nothing is left to train
 */
export function resolveTrainable(
  layout: ParameterLayout,
  spec: TrainableSpec,
  source: string,
  adapters: readonly LoraAdapter[] = [],
): TrainableLayout {
  const names = [...layout.entries.keys()];
  const factors = (of: readonly LoraAdapter[]): ReadonlySet<string> =>
    new Set(of.map(loraParameterNames).flatMap(({ a, b }) => [a, b]));
  const enabled = factors(adapters.filter((adapter) => adapter.enabled));
  const disabled = factors(adapters.filter((adapter) => !adapter.enabled));
  const requested: readonly TrainableParameter[] =
    spec === "all"
      ? names.filter((name) => !disabled.has(name)).map((parameter) => ({ parameter }))
      : spec === "adapters"
        ? names.filter((name) => enabled.has(name)).map((parameter) => ({ parameter }))
        : spec === "biases"
          ? biasNames(layout).map((parameter) => ({ parameter }))
          : checkedList(source, spec);
  if (requested.length === 0) {
    reject(
      source,
      spec === "adapters"
        ? "the model has no enabled adapters to train"
        : spec === "biases"
          ? "the model has no biases to train"
          : "nothing is trainable",
      spec === "adapters" ? "Add one with addLora" : "Name at least one parameter",
    );
  }
  const byName = new Map<string, TrainableParameter>();
  for (const item of requested) {
    if (!layout.entries.has(item.parameter)) {
      reject(source, `the model has no parameter "${item.parameter}"`, `Use one of: ${names.join(", ")}`);
    }
    if (disabled.has(item.parameter)) {
      reject(source, `"${item.parameter}" belongs to a disabled adapter`, "Enable it with enableLora");
    }
    if (byName.has(item.parameter))
      reject(source, `"${item.parameter}" is named twice`, "Name it once, with all its rows");
    byName.set(item.parameter, item);
  }
  const runs: TrainableRun[] = [];
  let gradientOffset = 0;
  for (const entry of layout.entries.values()) {
    const item = byName.get(entry.name);
    if (item === undefined) continue;
    const [rowCount = 1] = entry.shape;
    const width = entry.count / rowCount;
    const ranges = item.rows === undefined ? [[0, rowCount] as const] : rowRanges(source, entry, item.rows);
    const whole = item.rows === undefined;
    for (const [first, end] of ranges) {
      const count = (end - first) * width;
      runs.push({
        parameter: entry.name,
        offset: entry.offset + first * width,
        count,
        gradientOffset,
        decay: item.decay ?? (whole && entry.kind === "matrix"),
        whole,
      });
      gradientOffset += padded(count);
    }
  }
  return { runs, gradientLength: gradientOffset };
}

/** Runs that follow each other in both vectors, joined (padding included): what one optimizer call covers. */
export function optimizerSegments(layout: TrainableLayout): readonly Omit<TrainableRun, "parameter" | "whole">[] {
  const segments: { offset: number; count: number; gradientOffset: number; decay: boolean }[] = [];
  for (const run of layout.runs) {
    const count = run.whole ? padded(run.count) : run.count;
    const last = segments.at(-1);
    if (
      last !== undefined &&
      last.decay === run.decay &&
      last.offset + last.count === run.offset &&
      last.gradientOffset + last.count === run.gradientOffset
    ) {
      last.count += count;
    } else {
      segments.push({ offset: run.offset, count, gradientOffset: run.gradientOffset, decay: run.decay });
    }
  }
  return segments;
}
