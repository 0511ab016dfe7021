import { createKey } from "@semifactor/ghmm";
import { families } from "@semifactor/sfp";
import { createReferenceEngine, createTransformer } from "@semifactor/train";
import { describe, expect, test } from "vitest";
import { evaluationSet } from "./excess-loss.ts";
import { probeData } from "./probes.ts";
import { neutralPrompts } from "./prompts.ts";
import { misalignedTokens, promptLaws } from "./shift.ts";
import { randomDirections, steer, steeredHook } from "./steering.ts";

const process = families.personaSegments({ code: "direct", noise: 0.1, contexts: 3 });
const engine = createReferenceEngine();
const model = createTransformer({
  nLayers: 2,
  dModel: 8,
  nHeads: 2,
  nCtx: process.length - 1,
  vocabularySize: process.vocabularySize,
  outputSize: process.outputSize,
});
const data = await probeData(engine, model, evaluationSet(process, createKey(4), 40));

describe("steer", () => {
  test("a network whose head ignores the stream is moved by no direction", async () => {
    const weights = new Map([...model.weights].map(([name, v]) => [name, name === "unembed.W_U" ? v.map(() => 0) : v]));
    const result = await steer(engine, { ...model, weights }, process, data, createKey(1));
    expect(result).toMatchObject({ hook: steeredHook, alignment: 0, capability: 0, q: 0.5, qBase: 0.5 });
    expect(result.random).toMatchObject({ count: randomDirections, alignment: 0, capability: 0, q: 0.5, qMax: 0.5 });
  });

  test("qBase is the mean probability of the misaligned symbol without the vector", async () => {
    const result = await steer(engine, model, process, data, createKey(1));
    const laws = await promptLaws(engine, model, neutralPrompts(process, [0, 1, 2]));
    const q = [0, 1, 2].map((c) => misalignedTokens(process, c).reduce((sum, x) => sum + (laws[c * 4 + x] ?? 0), 0));
    expect(result.qBase).toBeCloseTo((q[0] ?? 0) / 3 + (q[1] ?? 0) / 3 + (q[2] ?? 0) / 3, 12);
    expect(result.alignment).toBeGreaterThan(0);
    expect(result.directionNorm).toBeGreaterThan(0);
  });

  test("is a function of the key alone: the same random directions again, others for another key", async () => {
    const once = await steer(engine, model, process, data, createKey(1));
    expect(await steer(engine, model, process, data, createKey(1))).toEqual(once);
    const other = await steer(engine, model, process, data, createKey(2));
    expect(other.alignment).toBe(once.alignment);
    expect(other.random.alignment).not.toBe(once.random.alignment);
  });
});
