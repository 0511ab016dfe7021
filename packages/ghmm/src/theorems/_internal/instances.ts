import fc from "fast-check";
import { gaugeTransformed, hmm } from "../../arbitraries/processes.ts";
import { nonErgodicHmm, periodicHmm, sparseHmm } from "../../arbitraries/structured.ts";
import { sampleSequences } from "../../belief/sample.ts";
import type { Process } from "../../process/process.ts";
import { createKey } from "../../random/key.ts";

/** A process and the condition number of the basis it is written in. */
export interface ConditionedProcess {
  readonly process: Process;
  /** 1 by default: the process was made in its own coordinates. */
  readonly condition?: number;
}

/** Stationary processes of every kind: HMMs with and without zeros, periodic, non-ergodic, and signed ones. */
export const stationaryProcess: fc.Arbitrary<ConditionedProcess> = fc.oneof(
  hmm().map((process) => ({ process })),
  sparseHmm().map((process) => ({ process })),
  periodicHmm().map(({ process }) => ({ process })),
  nonErgodicHmm().map(({ process }) => ({ process })),
  gaugeTransformed().map(({ ghmm, condition }) => ({ process: ghmm, condition })),
);

/** The same and a word that the process can emit, drawn from it. */
export const processAndWord = (
  maxLength = 8,
): fc.Arbitrary<ConditionedProcess & { readonly word: readonly number[] }> =>
  fc.tuple(stationaryProcess, fc.nat(2 ** 20), fc.nat(maxLength)).map(([instance, seed, length]) => {
    const { tokens } = sampleSequences(instance.process, { count: 1, length, key: createKey(seed) });
    return { ...instance, word: Array.from(tokens) };
  });
