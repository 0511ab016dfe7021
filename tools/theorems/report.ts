import type { Process } from "@semifactor/ghmm";
import type { Theorem } from "@semifactor/ghmm/theorems";
import { allHold, type Outcome } from "./check.ts";
import type { Options } from "./options.ts";

export const scientific = (value: number): string =>
  value === 0 ? "0" : Number.isFinite(value) ? value.toExponential(1) : "infinite";

export const amount = (value: number): string =>
  Number.isFinite(value) ? Number(value.toPrecision(4)).toString() : "infinite";

const HEAD = ["worst residual", "tolerance", "instances", "counterexamples", "verdict"] as const;

/** The columns of the table: ids and names as wide as the widest of these theorems. */
function columns(theorems: readonly Theorem<unknown>[], cells: readonly string[]): string {
  const width = (of: (theorem: Theorem<unknown>) => string): number =>
    Math.max(2, ...theorems.map((theorem) => of(theorem).length));
  const widths = [width(({ id }) => id), width(({ name }) => name), ...HEAD.slice(0, -1).map((name) => name.length), 0];
  const padded = cells.map((cell, i) => (i < 2 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0)));
  return padded.join("  ").trimEnd();
}

export const headLine = (theorems: readonly Theorem<unknown>[]): string =>
  columns(theorems, ["id", "theorem", ...HEAD]);

/** One line: the residual closest to its tolerance, and how many counterexamples violate the statement of how many. */
export function outcomeLine(
  theorems: readonly Theorem<unknown>[],
  { theorem, check, verdict, reason }: Outcome,
): string {
  const { id, name, counterexamples } = theorem;
  const found = check?.counterexamples.filter(({ violates }) => violates).length;
  return columns(theorems, [
    id,
    name,
    check === undefined ? "-" : scientific(check.worst.residual),
    check === undefined ? "-" : scientific(check.worst.tolerance),
    check === undefined ? "-" : String(check.runs),
    found === undefined ? "-" : `${found}/${counterexamples.length}`,
    reason === undefined ? verdict : `${verdict}: ${reason}`,
  ]);
}

/** What no run shows, theorem by theorem. */
export function untestedLines(theorems: readonly Theorem<unknown>[]): readonly string[] {
  const rest = theorems.filter(({ untested, status }) => untested !== undefined || status === "literature");
  if (rest.length === 0) return [];
  const why = ({ untested }: Theorem<unknown>): string => untested ?? "The statement: it is a theorem of others.";
  return ["", "What rests on a proof or on the literature alone:", ...rest.map((it) => `${it.id}  ${why(it)}`)];
}

const MOST_ENTRIES = 4096;

const isProcess = (value: object): value is Process => "operator" in value && "alphabet" in value && "step" in value;

/** What JSON can hold of an instance: processes by their parts, typed arrays as lists, no functions, and a limit on size. */
function plain(value: unknown, depth = 0): unknown {
  if (typeof value === "number") return Number.isFinite(value) ? value : String(value);
  if (typeof value === "function" || value === undefined) return undefined;
  if (typeof value !== "object" || value === null) return value;
  if (depth > 8) return "...";
  if (value instanceof Float64Array || value instanceof Uint32Array) return plain(Array.from(value), depth);
  if (value instanceof Map || value instanceof Set) return plain([...value], depth);
  if (Array.isArray(value)) {
    const shown = value.slice(0, MOST_ENTRIES).map((entry) => plain(entry, depth + 1) ?? null);
    return value.length > MOST_ENTRIES ? [...shown, `... ${value.length} in all`] : shown;
  }
  if (isProcess(value)) {
    const { alphabet, initial, normalizer } = value;
    const operators = alphabet.map((_, token) => plain(value.operator(token), depth + 1));
    return { alphabet: [...alphabet], operators, initial: plain(initial), normalizer: plain(normalizer) };
  }
  return Object.fromEntries(Object.entries(value).map(([name, entry]) => [name, plain(entry, depth + 1)]));
}

const number = (value: number): number | string => (Number.isFinite(value) ? value : "infinite");

function entry({ theorem, verdict, check, spread, reason }: Outcome): object {
  const { id, name, status, untested } = theorem;
  const failure = check?.failure;
  return {
    id,
    name,
    status,
    verdict,
    reason,
    instances: check?.runs ?? 0,
    largestResidual: check && number(check.largestResidual),
    closestToTolerance: check && { residual: number(check.worst.residual), tolerance: number(check.worst.tolerance) },
    residualsByPowerOfTen: spread,
    failure: failure && {
      residual: number(failure.residual),
      tolerance: number(failure.tolerance),
      instance: plain(failure.instance),
    },
    counterexamples: check?.counterexamples.map(({ drops, description, residual, tolerance, violates }) => ({
      without: drops,
      description,
      residual: number(residual),
      tolerance: number(tolerance),
      violates,
    })),
    restsOnProofAlone: untested,
  };
}

/** Everything that was measured, as JSON; the same command gives the same text. */
export function jsonReport({ runs, key, process }: Options, outcomes: readonly Outcome[]): string {
  const what = process === undefined ? { runs, key } : { process };
  return `${JSON.stringify({ ...what, holds: allHold(outcomes), theorems: outcomes.map(entry) }, undefined, 2)}\n`;
}
