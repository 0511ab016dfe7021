import { fc, test } from "@fast-check/vitest";
import { InvalidArgumentError } from "@semifactor/ghmm";
import { describe, expect } from "vitest";
import { scalarCount, scalarIndex } from "../kernels/_internal/optimizer-scalars.ts";
import { completeOptimizer, createScalars, writeScalars } from "./optimizer.ts";
import { learningRateAt } from "./schedule.ts";

describe("the optimizer's scalars", () => {
  test("bias corrections count from the first step", () => {
    const options = completeOptimizer({ learningRate: 0.1, beta1: 0.5, beta2: 0.75 }, "test");
    const scalars = createScalars();
    expect(writeScalars(scalars, 1, 10, options)).toBe(0.1);
    expect(scalars[scalarIndex.bias1]).toBe(0.75);
    expect(scalars[scalarIndex.bias2]).toBe(0.4375);
    expect(scalars[scalarIndex.clip]).toBe(1);
  });

  test.each([
    ["learningRate", -1],
    ["learningRate", Number.POSITIVE_INFINITY],
    ["warmup", 1.5],
    ["finalFraction", 1.1],
    ["beta1", 1],
    ["beta2", -0.1],
    ["epsilon", 0],
    ["weightDecay", Number.NaN],
    ["clip", -1],
  ])("%s = %s is refused by name", (name, value) => {
    expect(() => completeOptimizer({ learningRate: 1, [name]: value }, "train")).toThrow(InvalidArgumentError);
    expect(() => completeOptimizer({ learningRate: 1, [name]: value }, "train")).toThrow(
      new RegExp(`train: ${name} is`),
    );
  });
});

describe("completeOptimizer", () => {
  test("the documented defaults", () => {
    expect(completeOptimizer({ learningRate: 0.1 }, "test")).toEqual({
      algorithm: "adamw",
      learningRate: 0.1,
      warmup: 0,
      schedule: "constant",
      finalFraction: 0,
      beta1: 0.9,
      beta2: 0.999,
      epsilon: 1e-8,
      momentum: 0,
      weightDecay: 0.01,
      decay: "matrices",
      clip: 1,
    });
  });

  test("those of SGD", () => {
    expect(completeOptimizer({ learningRate: 0.1, algorithm: "sgd" }, "test")).toMatchObject({
      momentum: 0,
      weightDecay: 0,
      clip: 1,
    });
  });

  test.each([
    ["beta1", { algorithm: "sgd", beta1: 0.9 }, /beta1 is 0\.9\. It belongs to AdamW; SGD has momentum/],
    ["epsilon", { algorithm: "sgd", epsilon: 1e-8 }, /epsilon is 1e-8/],
    ["momentum", { momentum: 0.9 }, /momentum is 0\.9\. It belongs to SGD; AdamW has beta1/],
  ] as const)("%s of the other algorithm is refused: it would be ignored", (_, options, message) => {
    expect(() => completeOptimizer({ learningRate: 1, ...options }, "train")).toThrow(message);
  });

  test.each([
    ["algorithm", { algorithm: "adam" }, /algorithm is "adam"/],
    ["decay", { decay: "biases" }, /decay is "biases"/],
    ["momentum", { algorithm: "sgd", momentum: 1 }, /momentum is 1/],
  ])("an unknown %s is refused with its value", (_, options, message) => {
    // @ts-expect-error outside the types
    expect(() => completeOptimizer({ learningRate: 1, ...options }, "train")).toThrow(message);
  });

  test("zeros are kept, not replaced by defaults", () => {
    const zeros = { learningRate: 0, beta1: 0, beta2: 0, weightDecay: 0, clip: 0 };
    expect(completeOptimizer(zeros, "test")).toMatchObject(zeros);
  });

  test("an unknown schedule is refused by name", () => {
    const options = { learningRate: 1, schedule: "step" };
    // @ts-expect-error there is no such schedule
    expect(() => completeOptimizer(options, "train")).toThrow(/schedule is "step"/);
  });
});

test.prop([
  fc.integer({ min: 0, max: 50 }),
  fc.double({ min: 0.1, max: 0.99, noNaN: true }),
  fc.double({ min: 0.1, max: 0.99, noNaN: true }),
])("the bias corrections are what a constant gradient of 1 leaves in moments that start at 0", (step, beta1, beta2) => {
  const options = completeOptimizer(
    { learningRate: 0.3, warmup: 9, schedule: "cosine", beta1, beta2, clip: 2 },
    "test",
  );
  const scalars = createScalars();
  expect(writeScalars(scalars, step, 60, options)).toBe(learningRateAt(step, 60, options));
  let [m, v] = [0, 0];
  for (let t = 0; t <= step; t++) [m, v] = [beta1 * m + (1 - beta1), beta2 * v + (1 - beta2)];
  expect(scalars[scalarIndex.bias1]).toBeCloseTo(m, 12);
  expect(scalars[scalarIndex.bias2]).toBeCloseTo(v, 12);
  expect(scalars[scalarIndex.learningRate]).toBe(learningRateAt(step, 60, options));
  expect([scalars[scalarIndex.beta1], scalars[scalarIndex.beta2]]).toEqual([beta1, beta2]);
  expect([scalars[scalarIndex.epsilon], scalars[scalarIndex.weightDecay], scalars[scalarIndex.clip]]).toEqual([
    1e-8, 0.01, 2,
  ]);
});

test("SGD has its momentum in the place of beta1", () => {
  const scalars = createScalars();
  writeScalars(scalars, 3, 10, completeOptimizer({ learningRate: 0.5, algorithm: "sgd", momentum: 0.75 }, "test"));
  expect([scalars[scalarIndex.learningRate], scalars[scalarIndex.beta1], scalars[scalarIndex.weightDecay]]).toEqual([
    0.5, 0.75, 0,
  ]);
});

test("what the kernels write, clip scale and gradient norm, is left alone", () => {
  const scalars = createScalars();
  expect(scalars.length).toBe(scalarCount);
  scalars.fill(7);
  writeScalars(scalars, 0, 1, completeOptimizer({ learningRate: 1 }, "test"));
  expect([scalars[scalarIndex.clipScale], scalars[scalarIndex.gradientNorm]]).toEqual([7, 7]);
});
