import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { erfc } from "./_internal/erf.ts";
import { fillNormal, largestError, namedArena } from "./_testing/named-call.ts";

describe("erfc", () => {
  // Values of the C library's erfc (Python 3 math.erfc), which is correct to the last digits.
  test.each([
    [0, 1.0],
    [0.5, 0.4795001221869535],
    [1, 0.15729920705028513],
    [1.9, 0.0072095707647425325],
    [2, 0.004677734981047265],
    [2.1, 0.002979466656332984],
    [3, 2.2090496998585438e-5],
    [5, 1.5374597944280351e-12],
    [10, 2.088487583762545e-45],
    [-1, 1.842700792949715],
  ])("erfc(%s)", (x, expected) => {
    expect(Math.abs(erfc(x) / expected - 1)).toBeLessThan(1e-13);
  });

  test("erfc(x) + erfc(-x) = 2, and it decreases", () => {
    fc.assert(
      fc.property(fc.double({ min: -6, max: 6, noNaN: true }), (x) => {
        expect(erfc(x) + erfc(-x)).toBeCloseTo(2, 14);
        expect(erfc(x + 1e-3)).toBeLessThanOrEqual(erfc(x));
      }),
    );
  });

  test("ends", () => {
    expect([erfc(30), erfc(-30), erfc(Number.NaN)]).toEqual([0, 2, Number.NaN]);
  });
});

test("GELU at 1 is Phi(1) = 0.8413447460685429", () => {
  const arena = namedArena({ x: 3, y: 3 });
  arena.values("x").set([1, -1, 0]);
  arena.call("gelu_forward", { n: 3 });
  expect(largestError(arena.values("y"), [0.8413447460685429, -0.15865525393145707, 0])).toBeLessThan(1e-15);
});

test("fill, copy and add touch exactly n elements", () => {
  const arena = namedArena({ buffer: 4, src: 4, dst: 4 });
  arena.values("src").set([1, 2, 3, 4]);
  arena.values("dst").fill(10);
  arena.call("fill", { value: -1, n: 3 });
  arena.call("add", { n: 2 });
  expect([...arena.values("buffer")]).toEqual([-1, -1, -1, 0]);
  expect([...arena.values("dst")]).toEqual([11, 12, 10, 10]);
  arena.call("copy", { n: 3 });
  expect([...arena.values("dst")]).toEqual([1, 2, 3, 10]);
});

describe("cross_entropy", () => {
  const losses = (logits: readonly number[], targets: readonly number[]): readonly number[] => {
    const rows = targets.length;
    const arena = namedArena({ logits: logits.length, targets: rows, weights: rows, rowLoss: rows });
    arena.values("logits").set(logits);
    arena.values("targets").set(targets);
    arena.call("cross_entropy", { rows, vocabulary: logits.length / rows });
    return [...arena.values("rowLoss")];
  };

  test("equal logits lose ln V; an ignored target loses 0", () => {
    const [first, second] = losses([3, 3, 3, 1, 2, 3], [1, -1]);
    expect(first).toBeCloseTo(Math.log(3), 14);
    expect(second).toBe(0);
  });

  test("adding a constant to the logits changes nothing, and huge logits do not overflow", () => {
    expect(losses([1000, 1000 + Math.LN2], [1])[0]).toBeCloseTo(Math.log(1.5), 11);
    expect(losses([-1000, 1000], [0])[0]).toBe(2000);
  });

  test("the gradient of every row sums to zero, and is zero where the target is ignored", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 31 }), (seed) => {
        const arena = namedArena({ logits: 8, targets: 2, weights: 2, rowLoss: 2, dLogits: 8 });
        for (const name of ["logits", "weights", "dLogits"]) fillNormal(arena.values(name), seed);
        arena.values("targets").set([3, -1]);
        arena.call("cross_entropy", { rows: 2, vocabulary: 4 });
        const gradient = [...arena.values("dLogits")];
        expect(gradient.slice(0, 4).reduce((sum, value) => sum + value, 0)).toBeCloseTo(0, 12);
        expect(gradient.slice(4)).toEqual([0, 0, 0, 0]);
      }),
    );
  });
});

describe("attention_forward", () => {
  test("rows of the pattern are causal distributions; the first position attends to itself", () => {
    const length = 4;
    const arena = namedArena({ q: 24, k: 24, v: 24, probs: 96, out: 24 });
    for (const [seed, name] of ["q", "k", "v"].entries()) fillNormal(arena.values(name), seed);
    arena.values("probs").fill(9);
    arena.call("attention_forward", { batch: 1, heads: 6, kvHeads: 6, length, dh: 1, scale: 1 });
    const probs = arena.values("probs");
    for (let row = 0; row < 24; row++) {
      const entries = [...probs.subarray(row * length, (row + 1) * length)];
      expect(entries.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 12);
      expect(entries.slice((row % length) + 1).every((value) => value === 0)).toBe(true);
    }
    expect([...arena.values("out").subarray(0, 6)]).toEqual([...arena.values("v").subarray(0, 6)]);
  });

  test("large scores do not overflow", () => {
    const arena = namedArena({ q: 2, k: 2, v: 2, probs: 4, out: 2 });
    arena.values("q").set([0, 1000]);
    arena.values("k").set([1000, 1]);
    arena.values("v").set([5, 7]);
    arena.call("attention_forward", { batch: 1, heads: 1, kvHeads: 1, length: 2, dh: 1, scale: 1 });
    expect([...arena.values("out")]).toEqual([5, 5]);
  });
});

test("layer_norm_forward gives rows of mean 0 and variance 1, scaled and shifted", () => {
  const arena = namedArena({ x: 8, gain: 4, bias: 4, y: 8, mean: 2, rstd: 2 });
  fillNormal(arena.values("x"), 1);
  arena.values("gain").fill(2);
  arena.values("bias").fill(3);
  arena.call("layer_norm_forward", { rows: 2, d: 4, eps: 1e-12 });
  for (const row of [0, 1]) {
    const y = [...arena.values("y").subarray(row * 4, row * 4 + 4)].map((value) => (value - 3) / 2);
    expect(y.reduce((sum, value) => sum + value, 0)).toBeCloseTo(0, 12);
    expect(y.reduce((sum, value) => sum + value ** 2, 0) / 4).toBeCloseTo(1, 9);
  }
});
