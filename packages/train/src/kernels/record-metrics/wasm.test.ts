import { fc, test } from "@fast-check/vitest";
import { describe } from "vitest";
import { compareKernel, random } from "../../engines/wasm/_testing/compare-kernel.ts";
import { scalarCount, scalarIndex } from "../_internal/optimizer-scalars.ts";

describe("record metrics (wasm)", () => {
  test.prop([
    fc.integer({ min: 1, max: 5 }),
    fc.oneof(fc.integer({ min: 1, max: 20 }), fc.constant(1000)),
    fc.nat(7),
    fc.integer({ min: 1, max: 9 }),
    // Also slots that do not exist: nothing may be written.
    fc.constantFrom(-1, 0, 1, 4, 8, 9, 1e9, Number.NaN),
    fc.integer(),
  ])("equals the reference, summed in float64", (shards, rows, extra, slots, slot, seed) => {
    const stride = rows + extra;
    const scalars = new Float32Array(scalarCount).fill(0.5);
    scalars[scalarIndex.gradientNorm] = 1.25;
    scalars[scalarIndex.slot] = Number.isNaN(slot) ? slots : slot;
    compareKernel(
      "record_metrics",
      {
        rowLoss: random(seed, shards * stride),
        weights: random(seed + 1, shards * stride),
        stride,
        scalars: { data: scalars },
        metrics: random(seed + 2, 2 * slots),
        shards,
        rows,
        slots,
      },
      1e-7,
    );
  });
});
