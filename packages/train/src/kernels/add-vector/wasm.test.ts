import { fc, test } from "@fast-check/vitest";
import { describe } from "vitest";
import { compareKernel, random, zeros } from "../../engines/wasm/_testing/compare-kernel.ts";

describe("add vector (wasm)", () => {
  test.prop([
    fc.integer({ min: 1, max: 3 }),
    fc.integer({ min: 1, max: 4 }),
    fc.integer({ min: 1, max: 9 }),
    fc.integer(),
    fc.nat(3),
    fc.boolean(),
  ])("equals the reference at one position and at all, in place and not", (batch, length, d, seed, where, inPlace) => {
    const x = random(seed, batch * length * d);
    compareKernel("add_vector", {
      x,
      vector: random(seed + 1, d),
      y: inPlace ? { data: [], sameAs: "x" } : zeros(batch * length * d),
      batch,
      length,
      d,
      scale: 0.75,
      position: where < length ? where : -1,
    });
  });
});
