import { fc, test } from "@fast-check/vitest";
import { describe } from "vitest";
import { compareKernel, noise, random, zeros } from "../../engines/wasm/_testing/compare-kernel.ts";

const shape = fc.record({
  batch: fc.integer({ min: 1, max: 2 }),
  heads: fc.integer({ min: 1, max: 3 }),
  length: fc.oneof(fc.integer({ min: 1, max: 11 }), fc.constantFrom(15, 16, 17)),
  dh: fc.oneof(fc.integer({ min: 1, max: 9 }), fc.constantFrom(12, 16, 20)),
  seed: fc.integer(),
});

/** Causal attention probabilities of some random scores: any rows that sum to 1 will do for the backward kernel. */
function causalProbabilities(seed: number, matrices: number, length: number): Float32Array {
  const weights = noise(seed, matrices * length * length);
  const probs = new Float32Array(matrices * length * length);
  for (let row = 0; row < matrices * length; row++) {
    const position = row % length;
    let total = 0;
    for (let j = 0; j <= position; j++) total += 1.1 + (weights[row * length + j] ?? 0);
    for (let j = 0; j <= position; j++) probs[row * length + j] = (1.1 + (weights[row * length + j] ?? 0)) / total;
  }
  return probs;
}

describe("attention (wasm)", () => {
  test.prop([shape, fc.constantFrom(1, 30)])(
    "forward equals the reference",
    ({ batch, heads, length, dh, seed }, scale) => {
      const n = batch * length * heads * dh;
      compareKernel(
        "attention_forward",
        {
          q: random(seed, n, scale),
          k: random(seed + 1, n),
          v: random(seed + 2, n),
          probs: random(seed + 3, batch * heads * length * length),
          out: random(seed + 4, n),
          batch,
          heads,
          length,
          dh,
        },
        2e-6 * scale,
      );
    },
  );

  test.prop([shape])("backward equals the reference", ({ batch, heads, length, dh, seed }) => {
    const n = batch * length * heads * dh;
    const probs = causalProbabilities(seed + 5, batch * heads, length);
    compareKernel("attention_backward", {
      dOut: random(seed, n),
      q: random(seed + 1, n),
      k: random(seed + 2, n),
      v: random(seed + 3, n),
      probs: { data: probs },
      dQ: random(seed + 6, n),
      dK: random(seed + 7, n),
      dV: zeros(n),
      batch,
      heads,
      length,
      dh,
    });
  });

  test("scores in the thousands neither overflow nor divide by zero", () => {
    compareKernel("attention_forward", {
      q: { data: [3000, -3000, 3000, 1000] },
      k: { data: [3000, 2000, -3000, 2999] },
      v: random(3, 4),
      probs: zeros(16),
      out: zeros(4),
      batch: 1,
      heads: 1,
      length: 4,
      dh: 1,
    });
  });
});
