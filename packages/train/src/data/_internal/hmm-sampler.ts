import type { Process } from "@semifactor/ghmm";
import { isSampledByTable, transitionTable } from "@semifactor/ghmm/internal";
import type { DeviceSampler } from "../device-sampler.ts";

/**
 * The thresholds of a hidden Markov model as an engine takes them: the transition table by which `sampleSequences` draws, without its guide. Undefined for processes
 * that are sampled by belief and for products whose table is too large to list.
 */
export function hmmSampler(process: Process, rest: Pick<DeviceSampler, "bos" | "source">): DeviceSampler | undefined {
  if (process.certificate.kind !== "hmm" || !isSampledByTable(process)) return undefined;
  const { guide, shift, last, token, nextRow, initialRow } = transitionTable(process);
  const bits = 32 - shift;
  const states = initialRow >>> bits;
  // Word 0 selects the first outcome of a row, so the first entry of the row's guide is where the row starts.
  const rowStart = Int32Array.from({ length: states + 2 }, (_, s) => guide[s << bits] ?? last.length);
  return { rowStart, last, token, next: nextRow.map((row) => row >>> bits), states, ...rest };
}
