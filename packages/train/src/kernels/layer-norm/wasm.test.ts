import { fc, test } from "@fast-check/vitest";
import { describe } from "vitest";
import { compareKernel, float32, noise, random, zeros } from "../../engines/wasm/_testing/compare-kernel.ts";

const shape = fc.tuple(
  fc.integer({ min: 1, max: 9 }),
  fc.oneof(fc.integer({ min: 2, max: 21 }), fc.constantFrom(48, 64)),
  fc.integer(),
);

describe("layer norm (wasm)", () => {
  test.prop([shape, fc.boolean()])(
    "forward equals the reference, with and without bias",
    ([rows, d, seed], hasBias) => {
      compareKernel(
        "layer_norm_forward",
        {
          x: { data: float32(noise(seed, rows * d, 2).map((v) => v + 3)) },
          gain: random(seed + 1, d),
          bias: hasBias ? random(seed + 2, d) : 0,
          y: zeros(rows * d),
          mean: zeros(rows),
          rstd: zeros(rows),
          rows,
          d,
          eps: 1e-2,
        },
        5e-6,
      );
    },
  );

  test.prop([shape, fc.boolean(), fc.boolean(), fc.boolean()])(
    "backward equals the reference, whichever gradients are asked for",
    ([rows, d, seed], wantsX, wantsGain, wantsBias) => {
      compareKernel("layer_norm_backward", {
        dY: random(seed, rows * d),
        x: random(seed + 1, rows * d),
        gain: random(seed + 2, d),
        mean: random(seed + 3, rows),
        rstd: random(seed + 4, rows),
        dX: wantsX ? random(seed + 5, rows * d) : 0,
        dGain: wantsGain ? random(seed + 6, d) : 0,
        dBias: wantsBias ? random(seed + 7, d) : 0,
        rows,
        d,
      });
    },
  );
});
