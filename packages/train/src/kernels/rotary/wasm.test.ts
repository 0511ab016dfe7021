import { fc, test } from "@fast-check/vitest";
import { describe } from "vitest";
import { type BufferArgument, compareKernel, random, zeros } from "../../engines/wasm/_testing/compare-kernel.ts";

const shape = fc
  .record({
    batch: fc.integer({ min: 1, max: 2 }),
    length: fc.integer({ min: 1, max: 4 }),
    heads: fc.integer({ min: 1, max: 3 }),
    pairs: fc.integer({ min: 0, max: 11 }),
    rest: fc.integer({ min: 0, max: 5 }),
    interleaved: fc.constantFrom(0, 1),
    direction: fc.constantFrom(1, -1),
    seed: fc.integer(),
  })
  .filter(({ pairs, rest }) => pairs + rest > 0)
  .map(({ pairs, rest, ...others }) => ({ ...others, rotaryDim: 2 * pairs, dh: 2 * pairs + rest }));

describe("rotary (wasm)", () => {
  test.prop([shape, fc.boolean()])("equals the reference, in place too", ({ seed, ...numbers }, inPlace) => {
    const { batch, length, heads, dh, rotaryDim } = numbers;
    const n = batch * length * heads * dh;
    const y: BufferArgument = inPlace ? { data: [], sameAs: "x" } : zeros(n);
    compareKernel(
      "rotary",
      // Two rows more than there are positions, and any numbers for cosines and sines.
      { x: random(seed, n), table: random(seed + 1, (length + 2) * rotaryDim), y, ...numbers },
      4e-7,
    );
  });
});
