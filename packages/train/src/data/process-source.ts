import { type Key, type Process, sampleSequences } from "@semifactor/ghmm";
import { checkInteger, checkProcess } from "@semifactor/ghmm/internal";
import { checkGiven } from "../io/_internal/check-given.ts";
import { hmmSampler } from "./_internal/hmm-sampler.ts";
import type { BatchSource } from "./batch-source.ts";

/** Options of {@link processSource}. */
export interface ProcessSourceOptions {
  readonly process: Process;
  /** Number of inputs (and of targets) per sequence. */
  readonly length: number;
  readonly batchSize: number;
  /** Key of all the sequences of the source: use it for nothing else. */
  readonly key: Key;
  /** Put a token of its own, `alphabet.length`, at the front of every sequence, so that the first token of the process is a target too. False by default. */
  readonly bos?: boolean;
}

/**
 * Fresh sequences of a process: sequence b of batch `step` is sequence step batchSize + b of the key, as `sampleSequences` draws it, and none comes twice.
 *
 * Without `bos` a row is length + 1 tokens of the process. With it, a row is the token `alphabet.length`, which is no target, and `length` tokens of the process; the
 * vocabulary has one token more, so give the model `vocabularySize` = alphabet.length + 1 and, if you like, `outputSize` = alphabet.length. Hidden Markov models are
 * sampled by integer thresholds and come with a `sampler`, by which engines draw the same tokens on the device; other processes are sampled by belief, on the CPU.
 *
 * @throws InvalidArgumentError if `length` or `batchSize` is not a positive integer, the key is not one, or a batch begins beyond sequence 2^32
 * @example
 * ```ts
 * import { createKey, mess3 } from "@semifactor/ghmm";
 * import { processSource } from "@semifactor/train";
 *
 * const source = processSource({ process: mess3({ x: 0.15, a: 0.6 }), length: 8, batchSize: 2, key: createKey(1), bos: true });
 * const { tokens } = source.batch(100);
 * expect(source.vocabularySize).toBe(4);
 * expect(tokens.length).toBe(2 * 9);
 * expect([tokens[0], tokens[9]]).toEqual([3, 3]);
 * expect(source.sampler?.states).toBe(3);
 * ```
 */
export function processSource(options: ProcessSourceOptions): BatchSource {
  const source = "processSource";
  checkGiven(source, { options });
  const { process, length, batchSize, key, bos = false } = options;
  checkProcess(source, "process", process);
  checkInteger(source, "length", length, 1, 2 ** 31 - 1);
  checkInteger(source, "batchSize", batchSize, 1, 2 ** 31 - 1);
  const front = bos ? process.alphabet.length : -1;
  const first = (step: number): number => {
    checkInteger(source, "step", step, 0, Math.floor(2 ** 32 / batchSize) - 1);
    return step * batchSize;
  };
  const sampler = hmmSampler(process, { bos: front, source: (step) => [key[0], key[1], first(step)] });
  // Checks the key and the initial state now rather than at the first step.
  sampleSequences(process, { count: 0, length, key });
  return {
    vocabularySize: process.alphabet.length + (bos ? 1 : 0),
    batchSize,
    length,
    batch(step) {
      const range = { count: batchSize, key, firstIndex: first(step) };
      if (!bos) return { tokens: sampleSequences(process, { ...range, length: length + 1 }).tokens };
      const sampled = sampleSequences(process, { ...range, length }).tokens;
      const tokens = new Int32Array(batchSize * (length + 1)).fill(front);
      for (let b = 0; b < batchSize; b++) {
        tokens.set(sampled.subarray(b * length, (b + 1) * length), b * (length + 1) + 1);
      }
      return { tokens };
    },
    ...(sampler === undefined ? {} : { sampler }),
  };
}
