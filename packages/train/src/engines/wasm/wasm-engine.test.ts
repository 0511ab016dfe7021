import { createKey, InvalidArgumentError, UnsupportedError } from "@semifactor/ghmm";
import { afterEach, describe, expect, test, vi } from "vitest";
import { scalarCount } from "../../kernels/_internal/optimizer-scalars.ts";
import type { TransformerOptions } from "../../model/config.ts";
import { createTransformer } from "../../model/transformer.ts";
import { type CompiledPlan, compilePlan } from "../../plan/compile.ts";
import { packParameters } from "../../plan/parameter-layout.ts";
import type { Argument, Plan } from "../../plan/types.ts";
import type { EngineArray, SyncEngine } from "../engine.ts";
import { createReferenceEngine } from "../reference.ts";
import { noise, variants } from "./_testing/compare-kernel.ts";
import { createWasmEngine, type WasmEngineOptions } from "./index.ts";

const engines: SyncEngine[] = [];

async function wasmEngine(options: WasmEngineOptions): Promise<SyncEngine> {
  const engine = await createWasmEngine(options);
  engines.push(engine);
  return engine;
}

afterEach(() => {
  vi.unstubAllGlobals();
  for (const engine of engines.splice(0)) engine.dispose();
});

interface Problem {
  readonly plan: CompiledPlan;
  readonly uploads: ReadonlyMap<string, ArrayLike<number>>;
}

/** A model with random weights, random tokens and targets, some of them ignored. */
function problem(options: TransformerOptions, batch: number, length: number, shards: number): Problem {
  const { config, weights } = createTransformer({ ...options, initKey: createKey(5), initScale: 0.3 });
  const plan = compilePlan({ config, batch, length, shards, trainable: "all", keepLogits: true });
  const rows = batch * length;
  const draw = (seed: number, below: number) =>
    noise(seed, rows).map((u) => Math.min(below - 1, Math.floor(((u + 1) / 2) * below)));
  return {
    plan,
    uploads: new Map<string, ArrayLike<number>>([
      ["parameters", packParameters(plan.parameters, weights, "test")],
      ["tokens", draw(1, config.vocabularySize)],
      ["targets", draw(2, config.outputSize).map((target, i) => (i % 7 === 3 ? -1 : target))],
      ["weights", new Float32Array(rows).fill(1 / rows)],
    ]),
  };
}

/** Runs AdamW steps and returns the results. */
async function steps(engine: SyncEngine, { plan, uploads }: Problem, count: number): Promise<Map<string, EngineArray>> {
  for (const [name, data] of uploads) engine.upload(plan, name, data);
  for (let t = 1; t <= count; t++) {
    const scalars = new Float64Array(scalarCount);
    scalars.set([1e-2, 0.9, 0.99, 1e-6, 0.01, 1 - 0.9 ** t, 1 - 0.99 ** t, 1, 0.5]);
    engine.upload(plan, "scalars", scalars);
    await engine.execute(plan, "step");
  }
  const names = ["rowLoss", "logits", "gradient", "parameters", "m", "v", "scalars", "targets"];
  return new Map(names.map((name) => [name, engine.download(plan, name)]));
}

const small: TransformerOptions = { nLayers: 2, dModel: 16, nHeads: 2, dMlp: 32, nCtx: 8, vocabularySize: 4 };

const shapes: readonly (readonly [string, TransformerOptions, number, number, number])[] = [
  ["gelu", small, 4, 8, 2],
  ["odd sizes", { nLayers: 1, dModel: 15, nHeads: 3, dMlp: 21, nCtx: 9, vocabularySize: 7 }, 6, 7, 3],
  ["heads of 12", { nLayers: 1, dModel: 48, nHeads: 4, nCtx: 6, vocabularySize: 24, outputSize: 5 }, 4, 6, 4],
  [
    "relu, tied",
    { nLayers: 1, dModel: 8, nHeads: 1, nCtx: 5, vocabularySize: 6, activation: "relu", tiedUnembedding: true },
    3,
    5,
    3,
  ],
];

describe("one training step", () => {
  for (const [name, options, batch, length, shards] of shapes) {
    for (const variant of variants) {
      test(`${name}: ${variant} agrees with the float64 reference`, async () => {
        const task = problem(options, batch, length, shards);
        const engine = await wasmEngine({ relaxedSimd: variant === "wasm-relaxed-simd" });
        expect([engine.device, engine.variant, engine.threads]).toEqual(["wasm", variant, 1]);
        const result = await steps(engine, task, 1);
        const expected = await steps(createReferenceEngine(), task, 1);
        for (const name of ["rowLoss", "logits", "gradient", "m", "v"]) {
          const reference = expected.get(name) ?? [];
          const largest = Math.max(...Array.from(reference, Math.abs), 1e-3);
          const worst = Math.max(...Array.from(result.get(name) ?? [], (x, i) => Math.abs(x - (reference[i] ?? NaN))));
          expect(worst / largest, name).toBeLessThan(2e-5);
        }
      });
    }
  }

  test("many steps stay close to the float64 reference", async () => {
    const task = problem(small, 4, 8, 2);
    const engine = await wasmEngine({});
    const result = await steps(engine, task, 20);
    const expected = await steps(createReferenceEngine(), task, 20);
    const mean = (values: EngineArray | undefined) => Array.from(values ?? []).reduce((a, b) => a + b, 0);
    expect(mean(result.get("rowLoss"))).toBeCloseTo(mean(expected.get("rowLoss")), 3);
    expect(mean(result.get("rowLoss"))).toBeLessThan(32 * Math.log(4) * 0.9);
  });
});

describe("threads", () => {
  for (const [name, options, batch, length, shards] of shapes) {
    test(`${name}: results are bit-identical for 1, 2 and 3 threads`, async () => {
      const task = problem(options, batch, length, shards);
      const expected = await steps(await wasmEngine({}), task, 3);
      for (const threads of [2, 3]) {
        const engine = await wasmEngine({ threads });
        expect(engine.threads).toBe(threads);
        const result = await steps(engine, task, 3);
        for (const [buffer, values] of expected) expect(result.get(buffer), buffer).toEqual(values);
      }
    });
  }

  test("two plans on one engine do not disturb each other, and a released plan starts from zero", async () => {
    const [a, b] = [problem(small, 4, 8, 2), problem(small, 2, 4, 2)];
    const engine = await wasmEngine({ threads: 2 });
    const alone = await steps(engine, a, 2);
    await steps(engine, b, 2);
    expect(engine.download(a.plan, "parameters")).toEqual(alone.get("parameters"));
    engine.release(a.plan);
    engine.release(a.plan);
    expect(engine.download(a.plan, "parameters").every((x) => x === 0)).toBe(true);
    expect((await steps(engine, a, 2)).get("parameters")).toEqual(alone.get("parameters"));
  });

  /** Two shards of one 64 KiB page each; a `fill` that lies inside the memory for shard 0 and outside it for shard 1. */
  const trap = (args: readonly Argument[]): Plan => ({
    replicas: 1,
    shards: 2,
    constants: [],
    regionLengths: { shared: 16, shard: 16384, workspace: 16 },
    buffers: new Map(),
    phases: { forward: { perShard: [{ kernel: "fill", args }], shared: [] } },
  });

  test("an error in a worker reaches the caller, and the engine goes on", async () => {
    const engine = await wasmEngine({ threads: 2 });
    const plan = trap([{ region: "shard", offset: 32768 }, 1, 4]);
    await expect(async () => engine.execute(plan, "forward")).rejects.toThrow(/worker thread.*out of bounds/);
    const inBounds = trap([{ region: "shard", offset: 0 }, 1, 4]);
    await engine.execute(inBounds, "forward");
    await expect(async () => engine.execute(plan, "forward")).rejects.toThrow(/worker thread.*out of bounds/);
  });

  test("an error in the calling thread waits for the workers", async () => {
    const engine = await wasmEngine({ threads: 2 });
    const plan = trap([{ region: "shared", offset: 2 ** 24 }, 1, 4]);
    await expect(async () => engine.execute(plan, "forward")).rejects.toThrow(WebAssembly.RuntimeError);
    await engine.execute(trap([{ region: "shard", offset: 0 }, 1, 4]), "forward");
  });
});

describe("a host without memory that threads can share", () => {
  test("has one thread, says so, and computes the same", async () => {
    const task = problem(small, 4, 8, 2);
    const expected = await steps(await wasmEngine({}), task, 2);
    vi.stubGlobal("SharedArrayBuffer", undefined);
    const engine = await wasmEngine({ threads: 3 });
    expect(engine.threads).toBe(1);
    expect(engine.notes).toEqual(["3 threads asked for, 1 used: this host has no memory that threads can share"]);
    const result = await steps(engine, task, 2);
    for (const [buffer, values] of expected) expect(result.get(buffer), buffer).toEqual(values);
  });

  test("nothing is noted where nothing was refused", async () => {
    expect((await wasmEngine({ threads: 2 })).notes).toEqual([]);
    vi.stubGlobal("SharedArrayBuffer", undefined);
    expect((await wasmEngine({})).notes).toEqual([]);
  });
});

describe("refusals", () => {
  test.each([0, -1, 1.5, Number.NaN])("threads: %s", async (threads) => {
    await expect(createWasmEngine({ threads })).rejects.toThrow(InvalidArgumentError);
  });

  test("a plan that does not fit in 4 GiB is refused by size", async () => {
    const engine = await wasmEngine({});
    const plan: Plan = {
      replicas: 1,
      shards: 1,
      constants: [],
      regionLengths: { shared: 2 ** 30, shard: 16, workspace: 16 },
      buffers: new Map(),
      phases: { forward: { perShard: [], shared: [] } },
    };
    expect(() => engine.execute(plan, "forward")).toThrow(UnsupportedError);
    expect(() => engine.execute(plan, "forward")).toThrow(/4097 MiB/);
  });

  test("an unknown phase or buffer, a wrong length, and a disposed engine", async () => {
    const { plan } = problem(small, 4, 8, 2);
    const engine = await wasmEngine({});
    expect(() => engine.execute({ ...plan, phases: {} }, "step")).toThrow(/no phase "step"/);
    expect(() => engine.upload(plan, "nothing", [])).toThrow(InvalidArgumentError);
    expect(() => engine.upload(plan, "tokens", [1, 2, 3])).toThrow(/has 3 elements/);
    engine.dispose();
    expect(() => engine.execute(plan, "step")).toThrow(/disposed/);
    engine.dispose();
  });
});
