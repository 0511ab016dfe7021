import type { Row } from "./measure.ts";

/** Mean over keys with its standard error. */
export interface Estimate {
  readonly mean: number;
  readonly standardError: number;
}

/** A row of the study, its keys taken together. */
export interface Summary {
  readonly process: string;
  readonly personas: number;
  readonly sequences: number;
  readonly keys: number;
  /** Dimension and number of blocks found with each key. */
  readonly ranks: readonly number[];
  readonly found: readonly number[];
  /** Number of keys with the true number of blocks. */
  readonly right: number;
  /** With the number given; undefined where a fit has fewer dimensions than there are personas. */
  readonly weightError: Estimate | undefined;
  readonly lawError: Estimate | undefined;
}

function estimate(values: readonly (number | undefined)[]): Estimate | undefined {
  const known = values.filter((value) => value !== undefined);
  if (known.length < values.length || known.length < 2) return undefined;
  const mean = known.reduce((sum, value) => sum + value, 0) / known.length;
  const variance = known.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (known.length - 1);
  return { mean, standardError: Math.sqrt(variance / known.length) };
}

export function summarize({ process, personas, sequences, trials }: Row): Summary {
  return {
    process,
    personas,
    sequences,
    keys: trials.length,
    ranks: trials.map(({ rank }) => rank),
    found: trials.map(({ found }) => found),
    right: trials.filter(({ found }) => found === personas).length,
    weightError: estimate(trials.map(({ weightError }) => weightError)),
    lawError: estimate(trials.map(({ lawError }) => lawError)),
  };
}
