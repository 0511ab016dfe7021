import { fc, test } from "@fast-check/vitest";
import { describe } from "vitest";
import { compareKernel, integers, noise, random, zeros } from "../../engines/wasm/_testing/compare-kernel.ts";

const small = fc.integer({ min: 1, max: 4 });

describe("gather positions (wasm)", () => {
  test.prop([small, small, fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 9 }), fc.nat(7), fc.integer()])(
    "equals the reference exactly",
    (batch, groups, length, width, count, seed) => {
      const positions = noise(seed, count).map((u) => Math.min(length - 1, Math.floor(((u + 1) / 2) * length)));
      compareKernel(
        "gather_positions",
        {
          src: random(seed + 1, batch * groups * length * width),
          positions: integers(positions),
          dst: zeros(batch * groups * count * width),
          batch,
          groups,
          length,
          width,
          count,
        },
        0,
      );
    },
  );
});
