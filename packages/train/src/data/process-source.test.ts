import { fc, test } from "@fast-check/vitest";
import {
  createKey,
  evenOnes,
  fanizza,
  InvalidArgumentError,
  type Key,
  mess3,
  type Process,
  sampleSequences,
  tensorProduct,
  zeroOneRandom,
} from "@semifactor/ghmm";
import { hmm } from "@semifactor/ghmm/arbitraries";
import { describe, expect } from "vitest";
import { namedArena } from "../kernels/_testing/named-call.ts";
import type { BatchSource } from "./batch-source.ts";
import { processSource } from "./process-source.ts";

const key = createKey(17);

/** Tokens and targets that the kernel `sample_hmm` draws for one batch of a source, in `shards` calls. */
function drawn(source: BatchSource, step: number, shards = 1) {
  const { sampler, batchSize, length } = source;
  if (sampler === undefined) throw new Error("the source has no sampler");
  const batch = batchSize / shards;
  const parts = Array.from({ length: shards }, (_, shard) => {
    const rows = batch * length;
    const { states, bos, rowStart, last, token, next } = sampler;
    const tables = { source: sampler.source(step), first: [shard * batch], rowStart, last, token, next };
    const lengths = Object.fromEntries(Object.entries(tables).map(([name, values]) => [name, values.length]));
    const arena = namedArena({ ...lengths, tokens: rows, targets: rows, weights: rows });
    for (const [name, values] of Object.entries(tables)) arena.values(name).set(values);
    arena.call("sample_hmm", { batch, length, states, bos, weight: 0.25 });
    return { tokens: arena.values("tokens"), targets: arena.values("targets"), weights: arena.values("weights") };
  });
  const flat = (name: "tokens" | "targets" | "weights") => parts.flatMap((part) => [...part[name]]);
  return { tokens: flat("tokens"), targets: flat("targets"), weights: flat("weights") };
}

/** The same of `batch(step)`. */
function split({ batch, length }: BatchSource, step: number) {
  const { tokens } = batch(step);
  const column = (index: number): number => index % (length + 1);
  return {
    tokens: [...tokens].filter((_, i) => column(i) < length),
    targets: [...tokens].filter((_, i) => column(i) > 0),
  };
}

const word = fc.integer({ min: 0, max: 2 ** 32 - 1 });
const anyKey = fc.tuple(word, word).map((pair): Key => pair);

describe("a hidden Markov model", () => {
  test.prop([hmm({ stationary: false }), anyKey, fc.nat(2 ** 28), fc.integer({ min: 1, max: 9 }), fc.boolean()], {
    numRuns: 50,
  })(
    "has a sampler that draws the tokens of every batch, on any number of shards",
    (process, own, step, length, bos) => {
      const source = processSource({ process, length, batchSize: 6, key: own, bos });
      for (const shards of [1, 2, 3]) {
        const { weights, ...rows } = drawn(source, step, shards);
        expect(rows).toEqual(split(source, step));
        expect(weights).toEqual(Array(6 * length).fill(0.25));
      }
    },
  );

  test.each([
    ["with transitions of probability 0", zeroOneRandom({ p: 0.5 })],
    ["with many states", tensorProduct(mess3({ x: 0.15, a: 0.6 }), evenOnes({ p: 0.3 }), mess3({ x: 0.1, a: 0.7 }))],
  ])("%s has one too", (_, process) => {
    const source = processSource({ process, length: 30, batchSize: 8, key });
    const { weights: _weights, ...rows } = drawn(source, 3);
    expect(rows).toEqual(split(source, 3));
  });

  test.prop([hmm({ stationary: false }), fc.boolean()])(
    "whose rows partition the outcomes, each with one for every word",
    (process, bos) => {
      const { sampler } = processSource({ process, length: 2, batchSize: 1, key, bos });
      if (sampler === undefined) throw new Error("no sampler");
      const { rowStart, last, token, next, states } = sampler;
      expect([states, rowStart.length, rowStart[0]]).toEqual([process.stateDim, states + 2, 0]);
      expect([rowStart.at(-1), token.length, next.length]).toEqual([last.length, last.length, last.length]);
      for (let s = 0; s <= states; s++) {
        const row = last.subarray(rowStart[s], rowStart[s + 1]);
        expect(row.at(-1)).toBe(2 ** 31 - 1);
        for (let o = 1; o < row.length; o++) expect(row[o]).toBeGreaterThan(row[o - 1] ?? Number.NaN);
      }
      expect(Math.max(...next)).toBeLessThan(states);
      expect(sampler.bos).toBe(bos ? process.alphabet.length : -1);
    },
  );

  test("the last batch ends with sequence 2^32 - 1", () => {
    const source = processSource({ process: evenOnes({ p: 0.3 }), length: 5, batchSize: 4, key });
    const { weights: _weights, ...rows } = drawn(source, 2 ** 30 - 1);
    expect(rows).toEqual(split(source, 2 ** 30 - 1));
    for (const attempt of [source.batch, (step: number) => source.sampler?.source(step)]) {
      expect(() => attempt(2 ** 30)).toThrow(/processSource: step is 1073741824/);
      expect(() => attempt(-1)).toThrow(InvalidArgumentError);
      expect(() => attempt(0.5)).toThrow(InvalidArgumentError);
    }
  });
});

describe("batches", () => {
  const processes: readonly (readonly [string, Process])[] = [
    ["a hidden Markov model", mess3({ x: 0.15, a: 0.6 })],
    ["a process that no hidden Markov model of any size equals", fanizza({ alpha: 2000, lambda: 0.49 })],
  ];

  test.each(processes)("of %s are consecutive sequences of the key", (_, process) => {
    const source = processSource({ process, length: 6, batchSize: 3, key });
    const all = sampleSequences(process, { count: 9, length: 7, key });
    expect([2, 0, 1].map((step) => [...source.batch(step).tokens])).toEqual(
      [2, 0, 1].map((step) => [...all.tokens.subarray(step * 21, (step + 1) * 21)]),
    );
    expect(source.vocabularySize).toBe(process.alphabet.length);
  });

  test.each(processes)("of %s begin with a token of their own on request, which is never a target", (_, process) => {
    const source = processSource({ process, length: 6, batchSize: 3, key, bos: true });
    const { tokens } = source.batch(4);
    const sampled = sampleSequences(process, { count: 3, length: 6, key, firstIndex: 12 }).tokens;
    const v = process.alphabet.length;
    for (let b = 0; b < 3; b++) {
      expect([...tokens.subarray(b * 7, (b + 1) * 7)]).toEqual([v, ...sampled.subarray(b * 6, (b + 1) * 6)]);
    }
    expect(source.vocabularySize).toBe(v + 1);
  });

  test("there is no sampler where thresholds do not say how sequences are drawn", () => {
    const factor = mess3({ x: 0.15, a: 0.6 });
    // 27^5 transitions: sampled factor by factor
    const large = tensorProduct(factor, factor, factor, factor, factor);
    for (const process of [processes[1]?.[1] ?? factor, large]) {
      const source = processSource({ process, length: 6, batchSize: 3, key });
      expect("sampler" in source).toBe(false);
      expect(source.batch(0).tokens.length).toBe(21);
    }
  });
});

test.each([
  ["no length", { length: 0 }],
  ["a length that is no number", { length: Number.NaN }],
  ["half a sequence per batch", { batchSize: 0.5 }],
  ["a key that is none", { key: [1, -1] as const }],
])("%s is refused by name", (_, extra) => {
  expect(() => processSource({ process: evenOnes({ p: 0.3 }), length: 4, batchSize: 2, key, ...extra })).toThrow(
    InvalidArgumentError,
  );
});

test("callers without types: options and the process are asked for by name", () => {
  expect(() => processSource(undefined as never)).toThrow("processSource: options is undefined");
  const rest = { length: 3, batchSize: 2, key };
  expect(() => processSource(rest as never)).toThrow("processSource: process is no process");
  expect(() => processSource({ ...rest, process: mess3({ x: 0.15, a: 0.6 }), key: undefined as never })).toThrow(
    InvalidArgumentError,
  );
});
