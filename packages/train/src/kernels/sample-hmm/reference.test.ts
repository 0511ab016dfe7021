import { createHmm, createKey, type Key, mess3, type Process, rrxor, zeroOneRandom } from "@semifactor/ghmm";
import { hmm } from "@semifactor/ghmm/arbitraries";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { namedArena } from "../_testing/named-call.ts";
import { type SampledRange, sampledBatch, samplerCall } from "./_testing/sampled-batch.ts";

interface Drawn {
  readonly tokens: readonly number[];
  readonly targets: readonly number[];
  readonly weights: readonly number[];
}

/** Runs the kernel on an arena in which integers are numbers, signed or unsigned. */
function draw(process: Process, range: SampledRange, unsigned = false): Drawn {
  const { buffers, numbers } = samplerCall(process, range);
  const size = range.batch * range.length;
  const lengths = Object.entries(buffers).map(([name, values]) => [name, values.length] as const);
  const arena = namedArena({ ...Object.fromEntries(lengths), tokens: size, targets: size, weights: size });
  for (const [name, values] of Object.entries(buffers)) arena.values(name).set(values);
  if (unsigned) arena.values("source").set(Uint32Array.from(buffers.source));
  arena.call("sample_hmm", numbers);
  return {
    tokens: [...arena.values("tokens")],
    targets: [...arena.values("targets")],
    weights: [...arena.values("weights")],
  };
}

const key: Key = [0xdeadbeef, 0x80000001];
const base: SampledRange = { key, firstIndex: 0, first: 0, batch: 5, length: 7, bos: -1 };

const processes = {
  mess3: mess3({ x: 0.15, a: 0.6 }),
  "zero one random": zeroOneRandom({ p: 0.5 }),
  rrxor: rrxor(),
  "one state, one token": createHmm({ operators: [[[1]]] }),
};

describe.each(Object.entries(processes))("sample_hmm of %s", (_, process) => {
  test.each([
    ["no BOS", {}],
    ["BOS", { bos: process.alphabet.length }],
    ["a single symbol behind BOS", { bos: 0, length: 1 }],
    ["an even length", { length: 8 }],
    ["a later shard", { firstIndex: 1000, first: 15 }],
    ["the last sequences there are", { firstIndex: 2 ** 32 - 9, first: 4 }],
    ["indices beyond 2^31", { firstIndex: 2 ** 31 - 2 }],
    ["a shard whose index wraps around", { firstIndex: 2 ** 32 - 1, first: 4 }],
  ] as const)("draws what sampleSequences draws: %s", (_case, change) => {
    const range = { ...base, ...change };
    const { tokens, targets, weights } = draw(process, range);
    expect({ tokens, targets }).toEqual(sampledBatch(process, range));
    expect(weights).toEqual(tokens.map(() => 0.375));
  });
});

test("random hidden Markov models, keys and shapes", () => {
  fc.assert(
    fc.property(
      hmm({ maxStates: 5, maxTokens: 5, stationary: false }),
      fc.record({
        key: fc.nat({ max: Number.MAX_SAFE_INTEGER }).map(createKey),
        firstIndex: fc.nat({ max: 2 ** 32 - 1 }),
        first: fc.nat({ max: 99 }),
        batch: fc.integer({ min: 1, max: 4 }),
        length: fc.integer({ min: 1, max: 12 }),
        bos: fc.constantFrom(-1, 0, 7),
      }),
      (process, range) => {
        fc.pre(((range.firstIndex + range.first) % 2 ** 32) + range.batch <= 2 ** 32);
        const { tokens, targets } = draw(process, range);
        expect({ tokens, targets }).toEqual(sampledBatch(process, range));
      },
    ),
  );
});

test("words of the key may be signed or unsigned numbers", () => {
  const range = { ...base, firstIndex: 2 ** 32 - 20 };
  expect(draw(processes.mess3, range, true)).toEqual(draw(processes.mess3, range));
});

test("shards of a batch, one after the other, are the batch", () => {
  const whole = draw(processes.rrxor, { ...base, batch: 12, firstIndex: 40 });
  const parts = [0, 4, 8].map((first) => draw(processes.rrxor, { ...base, batch: 4, firstIndex: 40, first }));
  expect(parts.flatMap(({ tokens }) => tokens)).toEqual(whole.tokens);
  expect(parts.flatMap(({ targets }) => targets)).toEqual(whole.targets);
});
