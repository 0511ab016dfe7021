import * as tf from "@tensorflow/tfjs-core";
import "@tensorflow/tfjs-core/dist/register_all_gradients.js";
import { createKey, UnsupportedError } from "@semifactor/ghmm";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { tokenArraySource } from "../data/token-array-source.ts";
import { createReferenceEngine } from "../engines/reference.ts";
import { nodeEngine } from "../engines/webgpu/_testing/node-engine.ts";
import { largestError } from "../kernels/_testing/named-call.ts";
import type { AuxiliaryContext } from "../loop/auxiliary-loss.ts";
import { train } from "../loop/train.ts";
import { randomModel } from "../model/_testing/random-model.ts";
import { auxiliaryLoss } from "./auxiliary-loss.ts";
import { isWebgpuEngine, shareDevice, sharesDevice } from "./shared-device.ts";

const engine = await nodeEngine();
const missing = typeof engine === "string";
if (missing) process.stderr.write(`skipped: TensorFlow.js on the device of the webgpu engine: ${engine}\n`);

const hook = "blocks.1.hook_resid_mid";
const model = randomModel();
const tokens = Int32Array.of(0, 1, 2, 0, 2, 2, 1, 0);
const source = tokenArraySource({ tokens, length: 3, vocabularySize: 5, batchSize: 2, key: createKey(0) });
const spread = (weight: number) =>
  auxiliaryLoss({ tf, at: hook, weight, loss: (x) => tf.mean(tf.square(tf.sub(x, tf.mean(x)))) as tf.Scalar });

test("an engine on the host shares no device", async () => {
  const reference = createReferenceEngine();
  expect(isWebgpuEngine(reference)).toBe(false);
  expect(sharesDevice({ backend: () => ({ device: {} }) as unknown as ReturnType<typeof tf.backend> }, reference)).toBe(
    false,
  );
});

test("a backend that TensorFlow.js does not take is an error with the name", async () => {
  const refusing = {
    registerBackend: () => false,
    removeBackend: () => {},
    findBackendFactory: () => () => module,
    setBackend: async () => false,
  } as unknown as Parameters<typeof shareDevice>[0];
  class WebGPUBackend {}
  const module = { WebGPUBackend } as unknown as Parameters<typeof shareDevice>[1];
  const fake = { gpuDevice: {}, adapterInfo: {} } as unknown as Parameters<typeof shareDevice>[2];
  await expect(shareDevice(refusing, module, fake)).rejects.toThrow(UnsupportedError);
  await expect(shareDevice(refusing, module, fake)).rejects.toThrow(/"webgpu"/);
});

describe.skipIf(missing)("TensorFlow.js on the device of the webgpu engine", () => {
  beforeAll(async () => {
    if (typeof engine === "string") return;
    // The backend looks for a browser before it takes a device.
    vi.stubGlobal("window", {});
    vi.stubGlobal("navigator", { gpu: {} });
    for (const [name, value] of Object.entries((await import("webgpu")).globals)) vi.stubGlobal(name, value);
    await shareDevice(tf, await import("@tensorflow/tfjs-backend-webgpu"), engine);
  });

  afterAll(() => {
    if (typeof engine !== "string") engine.dispose();
    vi.unstubAllGlobals();
  });

  test("the auxiliary loss trains as on the reference engine, and no activation passes through the host", async () => {
    if (typeof engine === "string") return;
    expect(sharesDevice(tf, engine)).toBe(true);
    const options = { model, source, steps: 2, optimizer: { learningRate: 0.01 } };
    const [inner, seen] = [spread(2), { reads: 0, writes: 0 }];
    const watched = {
      at: inner.at,
      evaluate: (context: AuxiliaryContext) =>
        inner.evaluate({
          ...context,
          read: (point) => {
            seen.reads++;
            return context.read(point);
          },
          write: (point, gradient) => {
            seen.writes++;
            context.write(point, gradient);
          },
        }),
    };
    const before = tf.memory().numTensors;
    const shared = await train({ ...options, engine, auxiliary: [watched] });
    expect(seen).toEqual({ reads: 0, writes: 0 });
    expect(tf.memory().numTensors).toBe(before);
    expect(shared.variant).toMatch(/^webgpu/);

    const reference = await train({ ...options, engine: createReferenceEngine(), auxiliary: [byHand(2)] });
    expect(largestError(shared.state.history.loss, reference.state.history.loss)).toBeLessThan(1e-4);
    for (const [name, values] of reference.state.weights) {
      // Its gradient is 0 but for rounding, since softmax does not see it, and AdamW makes steps of full size of rounding.
      if (name.endsWith("b_K")) continue;
      expect(largestError(shared.state.weights.get(name) ?? [], values), name).toBeLessThan(1e-3);
    }
  });
});

/** weight times the variance of all elements, its gradient written by hand. */
function byHand(weight: number): ReturnType<typeof spread> {
  return {
    at: [hook],
    async evaluate({ read, write }) {
      const x = Float64Array.from(await read(hook));
      const mean = x.reduce((sum, value) => sum + value, 0) / x.length;
      write(
        hook,
        x.map((value) => (2 * weight * (value - mean)) / x.length),
      );
      return (weight * x.reduce((sum, value) => sum + (value - mean) ** 2, 0)) / x.length;
    },
  };
}
