import { fc, test } from "@fast-check/vitest";
import { describe } from "vitest";
import { scalarCount } from "../../kernels/_internal/optimizer-scalars.ts";
import { compareKernel, noise, random, zeros } from "./_testing/compare-kernel.ts";

// Kernels over flat vectors: fill, copy, add, sum of squares, clip scale, AdamW, shard reduction.
const size = fc.integer({ min: 1, max: 70 });

describe("flat kernels (wasm)", () => {
  test.prop([size, fc.integer()])("fill, copy and add equal the reference exactly", (n, seed) => {
    compareKernel("fill", { buffer: random(seed, n), value: 0.375, n }, 0);
    compareKernel("copy", { src: random(seed, n), dst: zeros(n), n }, 0);
    compareKernel("add", { src: random(seed, n), dst: random(seed + 1, n), n }, 1e-7);
  });

  test.prop([size, fc.integer(), fc.constantFrom(1e-4, 1, 1e3)])("sum of squares", (n, seed, scale) => {
    compareKernel("sum_of_squares", { x: random(seed, n, scale), out: zeros(1), n }, 1e-7);
  });

  test.prop([fc.float({ min: 0, max: 1000, noNaN: true }), fc.constantFrom(-1, 0, 0.5, 1, 100)])(
    "clip scale",
    (sumsq, clip) => {
      const scalars = new Float64Array(scalarCount);
      scalars[8] = clip;
      compareKernel("clip_scale", { sumsq: { data: [sumsq] }, scalars: { data: scalars } }, 3e-7);
    },
  );

  test.prop([size, fc.integer(), fc.integer({ min: 1, max: 5000 }), fc.constantFrom(0, 1)])(
    "adamw",
    (n, seed, t, decay) => {
      const scalars = Float32Array.of(
        3e-3,
        0.9,
        0.99,
        1e-8,
        0.1,
        1 - 0.9 ** t,
        1 - 0.99 ** t,
        0.5,
        1,
        2,
        0,
        0,
        0,
        0,
        0,
        0,
      );
      compareKernel("adamw", {
        param: random(seed, n),
        grad: random(seed + 1, n),
        m: random(seed + 2, n),
        v: { data: noise(seed + 3, n).map((x) => Math.abs(x)) },
        scalars: { data: scalars },
        n,
        decay,
      });
    },
  );

  test.prop([fc.integer({ min: 1, max: 9 }), size, fc.nat(7), fc.integer()])(
    "reduce shards",
    (shards, n, extra, seed) => {
      const stride = n + extra;
      compareKernel("reduce_shards", { first: random(seed, shards * stride), stride, out: zeros(n), shards, n });
    },
  );
});
