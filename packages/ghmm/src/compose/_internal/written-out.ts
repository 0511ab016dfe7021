import { UnsupportedError } from "../../numeric/errors.ts";
import type { Process } from "../../process/process.ts";

/** Entries of all operators together: half a gigabyte. */
const LARGEST_WRITTEN = 2 ** 26;

/** Throws where the operators of a result would not fit into memory. */
export function checkWrittenSize(source: string, tokens: number, stateDim: number): void {
  const entries = tokens * stateDim ** 2;
  if (entries <= LARGEST_WRITTEN) return;
  throw new UnsupportedError({
    source,
    problem: `the result has ${tokens} tokens and ${stateDim} states, so its operators have ${entries} entries`,
    remedy: `Operators of at most ${LARGEST_WRITTEN} entries are written out: combine fewer or smaller processes`,
  });
}

/** The operators of a process, written out. */
export function operatorsOf(source: string, process: Process): readonly Float64Array[] {
  checkWrittenSize(source, process.alphabet.length, process.stateDim);
  return process.alphabet.map((_, token) => process.operator(token));
}
