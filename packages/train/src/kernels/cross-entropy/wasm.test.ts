import { fc, test } from "@fast-check/vitest";
import { describe } from "vitest";
import { compareKernel, integers, noise, random } from "../../engines/wasm/_testing/compare-kernel.ts";

describe("cross entropy (wasm)", () => {
  test.prop([
    fc.integer({ min: 1, max: 9 }),
    fc.oneof(fc.integer({ min: 1, max: 11 }), fc.constantFrom(24, 50)),
    fc.integer(),
    fc.constantFrom(1, 20, 1000),
    fc.boolean(),
  ])(
    "losses and gradients equal the reference, ignored targets included",
    (rows, vocabulary, seed, scale, wantsGradient) => {
      const targets = noise(seed, rows).map((u) => Math.floor(((u + 1) / 2) * (vocabulary + 1)) - 1);
      compareKernel("cross_entropy", {
        logits: random(seed + 1, rows * vocabulary, scale),
        targets: integers(targets.map((t) => Math.min(t, vocabulary - 1))),
        weights: random(seed + 2, rows),
        rowLoss: random(seed + 3, rows),
        dLogits: wantsGradient ? random(seed + 4, rows * vocabulary) : 0,
        rows,
        vocabulary,
      });
    },
  );
});
