import { fc, test } from "@fast-check/vitest";
import { describe } from "vitest";
import { compareKernel, integers, noise, random, zeros } from "../../engines/wasm/_testing/compare-kernel.ts";

describe("embedding (wasm)", () => {
  test.prop([
    fc.integer({ min: 1, max: 3 }),
    fc.integer({ min: 1, max: 5 }),
    fc.integer({ min: 1, max: 13 }),
    fc.integer(),
    fc.boolean(),
    fc.boolean(),
    fc.boolean(),
  ])("forward and backward equal the reference", (batch, length, d, seed, hasPos, wantsE, wantsPos) => {
    const vocabulary = 5;
    const rows = batch * length;
    const tokens = integers(
      noise(seed, rows).map((u) => Math.min(vocabulary - 1, Math.floor(((u + 1) / 2) * vocabulary))),
    );
    compareKernel("embed_forward", {
      tokens,
      wE: random(seed + 1, vocabulary * d),
      wPos: hasPos ? random(seed + 2, (length + 2) * d) : 0,
      out: zeros(rows * d),
      batch,
      length,
      d,
    });
    compareKernel("embed_backward", {
      tokens,
      dOut: random(seed + 3, rows * d),
      dWE: wantsE ? random(seed + 4, vocabulary * d) : 0,
      dWPos: wantsPos ? random(seed + 5, (length + 2) * d) : 0,
      batch,
      length,
      d,
    });
  });
});
