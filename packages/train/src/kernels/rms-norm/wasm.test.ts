import { fc, test } from "@fast-check/vitest";
import { describe } from "vitest";
import { compareKernel, random, zeros } from "../../engines/wasm/_testing/compare-kernel.ts";

const shape = fc.tuple(
  fc.integer({ min: 1, max: 9 }),
  fc.oneof(fc.integer({ min: 1, max: 21 }), fc.constantFrom(48, 64)),
  fc.integer(),
);

describe("rms norm (wasm)", () => {
  test.prop([shape, fc.constantFrom(1e-3, 1, 100)])("forward equals the reference", ([rows, d, seed], size) => {
    const x = random(seed, rows * d, size);
    const numbers = { rows, d, eps: 1e-2 };
    compareKernel("rms_norm_forward", {
      x,
      gain: random(seed + 1, d),
      y: zeros(rows * d),
      rstd: zeros(rows),
      ...numbers,
    });
  });

  test.prop([shape, fc.boolean(), fc.boolean()])(
    "backward equals the reference, whichever gradients are asked for",
    ([rows, d, seed], wantsX, wantsGain) => {
      compareKernel("rms_norm_backward", {
        dY: random(seed, rows * d),
        x: random(seed + 1, rows * d),
        gain: random(seed + 2, d),
        rstd: random(seed + 3, rows),
        dX: wantsX ? random(seed + 4, rows * d) : 0,
        dGain: wantsGain ? random(seed + 5, d) : 0,
        rows,
        d,
      });
    },
  );
});
