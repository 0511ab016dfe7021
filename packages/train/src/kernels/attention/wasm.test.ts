import { test } from "@fast-check/vitest";
import fc from "fast-check";
import { describe } from "vitest";
import { compareKernel, random, zeros } from "../../engines/wasm/_testing/compare-kernel.ts";
import { attentionCase, causalProbabilities } from "../_testing/attention-cases.ts";

const plain = { batch: 1, heads: 1, kvHeads: 1, window: 0, scale: 1, softCap: 0 };

describe("attention (wasm)", () => {
  test.prop([attentionCase, fc.constantFrom(1, 30)])("forward equals the reference", (shape, size) => {
    const { seed, queries, keys, patterns, ...numbers } = shape;
    compareKernel(
      "attention_forward",
      {
        q: random(seed, queries, size),
        k: random(seed + 1, keys),
        v: random(seed + 2, keys),
        probs: random(seed + 3, patterns),
        out: random(seed + 4, queries),
        ...numbers,
      },
      2e-6 * size,
    );
  });

  test.prop([attentionCase])("backward equals the reference", (shape) => {
    const { seed, queries, keys, patterns, ...numbers } = shape;
    const probs = causalProbabilities(seed + 5, patterns / numbers.length ** 2, numbers.length, numbers.window);
    compareKernel("attention_backward", {
      dOut: random(seed, queries),
      q: random(seed + 1, queries, 3),
      k: random(seed + 2, keys),
      v: random(seed + 3, keys),
      probs: { data: probs },
      dQ: random(seed + 6, queries),
      dK: random(seed + 7, keys),
      dV: zeros(keys),
      ...numbers,
    });
  });

  test.each([0, 2])("scores in the thousands neither overflow nor divide by zero, window %i", (window) => {
    compareKernel("attention_forward", {
      q: { data: [3000, -3000, 3000, 1000] },
      k: { data: [3000, 2000, -3000, 2999] },
      v: random(3, 4),
      probs: zeros(16),
      out: zeros(4),
      ...plain,
      length: 4,
      dh: 1,
      window,
    });
  });

  test("scores far beyond the cap are the cap, with no gradient left", () => {
    const numbers = { ...plain, length: 3, dh: 1, softCap: 5 };
    const arrays = { q: { data: [300, -400, 500] }, k: { data: [7, -8, 9] }, v: random(1, 3) };
    compareKernel("attention_forward", { ...arrays, probs: zeros(9), out: zeros(3), ...numbers });
    compareKernel("attention_backward", {
      ...arrays,
      dOut: random(2, 3),
      probs: { data: causalProbabilities(3, 1, 3) },
      dQ: zeros(3),
      dK: zeros(3),
      dV: zeros(3),
      ...numbers,
    });
  });
});
