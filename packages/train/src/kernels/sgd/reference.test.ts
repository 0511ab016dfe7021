import { fc, test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import { scalarCount, scalarIndex } from "../_internal/optimizer-scalars.ts";
import { fillNormal, namedArena } from "../_testing/named-call.ts";

const seeds = fc.integer({ min: 0, max: 2 ** 31 });

function optimizer(n: number, hyper: Partial<Record<keyof typeof scalarIndex, number>>) {
  const arena = namedArena({ param: n, grad: n, m: n, scalars: scalarCount });
  const { learningRate = 0, beta1 = 0, weightDecay = 0, clipScale = 0 } = hyper;
  const scalars = arena.values("scalars");
  scalars[scalarIndex.learningRate] = learningRate;
  scalars[scalarIndex.beta1] = beta1;
  scalars[scalarIndex.weightDecay] = weightDecay;
  scalars[scalarIndex.clipScale] = clipScale;
  return arena;
}

describe("sgd", () => {
  test("two steps by hand: momentum 1/2, learning rate 1/10", () => {
    const arena = optimizer(1, { learningRate: 0.1, beta1: 0.5, clipScale: 1 });
    arena.values("param")[0] = 1;
    arena.values("grad")[0] = 2;
    arena.call("sgd", { n: 1, decay: 0 });
    expect(arena.values("param")[0]).toBeCloseTo(0.8, 15);
    expect(arena.values("m")[0]).toBe(2);
    arena.values("grad")[0] = 4;
    arena.call("sgd", { n: 1, decay: 0 });
    expect(arena.values("m")[0]).toBe(5);
    expect(arena.values("param")[0]).toBeCloseTo(0.3, 15);
  });

  test.prop([fc.integer({ min: 1, max: 9 }), seeds])("without momentum and decay it is gradient descent", (n, seed) => {
    const arena = optimizer(n, { learningRate: 0.25, clipScale: 0.5, weightDecay: 3 });
    fillNormal(arena.values("param"), seed);
    fillNormal(arena.values("grad"), seed + 1);
    const before = arena.values("param").slice();
    arena.call("sgd", { n, decay: 0 });
    const grad = arena.values("grad");
    expect([...arena.values("param")]).toEqual([...before].map((p, i) => p - 0.25 * (0.5 * (grad[i] ?? Number.NaN))));
  });

  test.prop([fc.double({ min: 0, max: 0.5, noNaN: true }), fc.double({ min: -2, max: 2, noNaN: true })])(
    "decay alone is the gradient of weightDecay / 2 |p|^2",
    (weightDecay, start) => {
      const arena = optimizer(2, { learningRate: 0.5, clipScale: 0.1, weightDecay });
      arena.values("param").fill(start);
      arena.call("sgd", { n: 1, decay: 1 });
      expect(arena.values("param")[0]).toBeCloseTo(start * (1 - 0.5 * weightDecay), 14);
      expect(arena.values("param")[1]).toBe(start);
    },
  );

  test("elements without gradient and momentum stay exactly where they are without decay: padding stays 0", () => {
    const arena = optimizer(2, { learningRate: 0.1, beta1: 0.9, weightDecay: 0.5, clipScale: 1 });
    arena.values("param").set([0, 0.3]);
    arena.call("sgd", { n: 2, decay: 0 });
    expect([...arena.values("param")]).toEqual([0, 0.3]);
  });
});
