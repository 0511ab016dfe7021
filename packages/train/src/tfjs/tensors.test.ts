import "@tensorflow/tfjs-backend-cpu";
import { fc, test } from "@fast-check/vitest";
import { ShapeError } from "@semifactor/ghmm";
import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, expect } from "vitest";
import { createReferenceEngine } from "../engines/reference.ts";
import { randomModel } from "../model/_testing/random-model.ts";
import { run } from "../run/run.ts";
import { fromTensor, toTensor } from "./tensors.ts";

beforeAll(async () => {
  tf.env().set("IS_TEST", true);
  await tf.setBackend("cpu");
});

test.prop([fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 1, maxLength: 4 }), fc.nat()], { numRuns: 20 })(
  "an activation comes back from a tensor as it went",
  async (shape, seed) => {
    const count = shape.reduce((product, size) => product * size, 1);
    const values = Float32Array.from({ length: count }, (_, i) => Math.fround(Math.sin(seed + i)));
    expect(await fromTensor(toTensor(tf, { values, shape }))).toEqual({ values, shape });
  },
);

test("float64 activations of the reference engine become float32 tensors in row-major order", async () => {
  const { captured } = await run(randomModel(), {
    tokens: [0, 1, 2],
    length: 3,
    engine: createReferenceEngine(),
    capture: ["blocks.0.attn.hook_z"],
  });
  const z = captured["blocks.0.attn.hook_z"];
  const tensor = toTensor(tf, z);
  expect(tensor.shape).toEqual([1, 3, 2, 2]);
  expect(tensor.dtype).toBe("float32");
  const last = await tf.slice(tensor, [0, 2, 1, 0], [1, 1, 1, 2]).data();
  expect(Array.from(last)).toEqual(Array.from(z.values.subarray(10, 12), Math.fround));
});

test("values that do not fill the shape are refused with both numbers", () => {
  expect(() => toTensor(tf, { values: Float32Array.of(1, 2, 3), shape: [2, 2] })).toThrow(ShapeError);
  expect(() => toTensor(tf, { values: Float32Array.of(1, 2, 3), shape: [2, 2] })).toThrow(/3 values.*4/s);
});
