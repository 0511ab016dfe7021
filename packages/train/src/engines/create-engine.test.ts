import { InvalidArgumentError, UnsupportedError } from "@semifactor/ghmm";
import { afterEach, describe, expect, test, vi } from "vitest";
import { completeConfig } from "../model/config.ts";
import { createEngine } from "./create-engine.ts";

describe("createEngine", () => {
  test("the reference engine, by name", async () => {
    const engine = await createEngine({ device: "reference" });
    expect([engine.device, engine.variant, engine.threads]).toEqual(["reference", "reference-f64", 1]);
  });

  test("auto is wasm on a host with SIMD", async () => {
    const engine = await createEngine();
    expect(engine.device).toBe("wasm");
    expect(engine.variant).toMatch(/^wasm-(relaxed-)?simd$/);
    engine.dispose();
  });

  test("relaxed SIMD can be switched off", async () => {
    const engine = await createEngine({ device: "wasm", relaxedSimd: false });
    expect(engine.variant).toBe("wasm-simd");
    engine.dispose();
  });

  test("native is ONNX Runtime", async () => {
    const engine = await createEngine({ device: "native", threads: 2 });
    expect(engine.device).toBe("native");
    expect(engine.variant).toMatch(/^native-/);
    engine.dispose();
  });

  test("auto takes ONNX Runtime for a workload that is large enough, and never a software adapter", async () => {
    const small = completeConfig({ nLayers: 1, dModel: 8, nHeads: 1, nCtx: 8, vocabularySize: 4 });
    const large = { ...small, dModel: 256, dMlp: 1024, nLayers: 4, attentionWindows: [0, 0, 0, 0] };
    for (const [config, device] of [
      [small, "wasm"],
      [large, "native"],
    ] as const) {
      const engine = await createEngine({ workload: { config, batch: 8, length: 8 } });
      expect(engine.device).toBe(device);
      engine.dispose();
    }
  });

  test("an unknown device and a bad number of threads are refused by name", async () => {
    // @ts-expect-error there is no such device
    await expect(createEngine({ device: "cuda" })).rejects.toThrow(InvalidArgumentError);
    for (const threads of [0, 1.5, Number.NaN]) {
      await expect(createEngine({ threads })).rejects.toThrow(InvalidArgumentError);
    }
  });
});

describe("a host without WebAssembly SIMD", () => {
  afterEach(() => {
    vi.restoreAllMocks();
  });

  test("auto falls back on the reference engine, wasm is refused with the way out", async () => {
    vi.spyOn(WebAssembly, "validate").mockReturnValue(false);
    expect((await createEngine()).variant).toBe("reference-f64");
    await expect(createEngine({ device: "wasm" })).rejects.toThrow(UnsupportedError);
    await expect(createEngine({ device: "wasm" })).rejects.toThrow(/SIMD.*reference/);
  });
});

test("a name in the place of the options is refused, where it would be auto", async () => {
  // @ts-expect-error no object
  await expect(createEngine("wasm")).rejects.toThrow(/options is "wasm". Give an object/);
});
