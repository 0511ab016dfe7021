import { createKey, mess3, UnsupportedError } from "@semifactor/ghmm";
import { afterAll, describe, expect, test } from "vitest";
import { processSource } from "../../data/process-source.ts";
import { createEngine } from "../../engines/create-engine.ts";
import { createReferenceEngine } from "../../engines/reference.ts";
import { compilePlan } from "../../plan/compile.ts";
import { mess3Replica } from "../_testing/hidden-markov.ts";
import { tinyRun } from "../_testing/tiny-run.ts";
import { train } from "../train.ts";
import { commonSamplers, deviceFeed } from "./device-feed.ts";
import { hostFeed } from "./host-feed.ts";

const engines = await Promise.all([createReferenceEngine(), createEngine({ device: "wasm", relaxedSimd: false })]);
afterAll(() => {
  for (const engine of engines) engine.dispose();
});

describe.each(engines)("tokens drawn by the engine: $variant", (engine) => {
  test.each([true, false])("are those of the source, bit for bit, in every shard and replica; bos: %s", async (bos) => {
    const process = mess3({ x: 0.15, a: 0.6 });
    const [length, batchSize] = [5, 6];
    const replicas = [3, 2 ** 31 + 5].map((seed) => ({
      ...mess3Replica(1),
      source: processSource({ process, length, batchSize, key: createKey(seed), bos }),
    }));
    const samplers = commonSamplers(replicas) ?? [];
    const { states = 0, token = [], bos: front = 0 } = samplers[0] ?? {};
    const { config } = mess3Replica(1).model;
    const plan = compilePlan({
      config: { ...config, nCtx: length },
      batch: batchSize,
      length,
      shards: 3,
      replicas: 2,
      trainable: "all",
      sampler: { states, outcomes: token.length, bos: front },
    });
    const options = { engine, plan, replicas, accumulate: 1, name: "test" };
    const [host, device] = [hostFeed(options), deviceFeed(options, samplers)];
    device.start();
    for (const step of [0, 1, 1000, 2 ** 31 / batchSize - ((2 ** 31 / batchSize) % 1)]) {
      const drawn = await Promise.all(
        [host, device].map(async (feed) => {
          feed.prepare(step);
          feed.send(0);
          if (feed === device) await engine.execute(plan, "sample");
          const buffers = ["tokens", "targets", "weights"].map((name) => engine.download(plan, name));
          return Promise.all(buffers.map(async (values) => [...(await values)]));
        }),
      );
      expect(drawn[1]).toEqual(drawn[0]);
    }
    engine.release(plan);
  });

  test("give the same training", async () => {
    const options = { ...mess3Replica(7), engine, steps: 5, shards: 2, optimalLoss: [1, 2, 3, 4] };
    const excess: (number | undefined)[][] = [[], []];
    const onStep = (i: number) => (metrics: { readonly excess?: number }) => void excess[i]?.push(metrics.excess);
    const host = await train({ ...options, onStep: onStep(0) });
    const drawn: number[] = [];
    const source = {
      ...options.source,
      batch(step: number) {
        drawn.push(step);
        return options.source.batch(step);
      },
    };
    const device = await train({ ...options, source, sampleOnDevice: true, onStep: onStep(1) });
    expect(device.state).toEqual(host.state);
    expect(excess[1]).toEqual(excess[0]);
    expect(drawn).toEqual([]);
    await train({ ...options, source });
    expect(drawn).toEqual([0, 1, 2, 3, 4]);
  });
});

describe("sampleOnDevice", () => {
  test("true is refused where a source has no sampler; auto falls back to the host", async () => {
    await expect(train({ ...tinyRun, sampleOnDevice: true })).rejects.toThrow(UnsupportedError);
    expect((await train({ ...tinyRun, sampleOnDevice: "auto" })).completed).toBe(true);
    // @ts-expect-error no such choice
    await expect(train({ ...tinyRun, sampleOnDevice: "always" })).rejects.toThrow(/sampleOnDevice is "always"/);
  });

  test("samplers of different shapes have no common one", () => {
    const [a, b] = [mess3Replica(1), mess3Replica(2)];
    const process = mess3({ x: 0.15, a: 0.6 });
    const plain = { source: processSource({ process, length: 4, batchSize: 8, key: createKey(1) }) };
    expect(commonSamplers([a, b])).toHaveLength(2);
    expect(commonSamplers([a, plain])).toBeUndefined();
    expect(commonSamplers([a, { source: {} }])).toBeUndefined();
  });
});
