import { fc, test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import {
  compareKernel,
  float32,
  type KernelArguments,
  noise,
  random,
  variants,
} from "../../engines/wasm/_testing/compare-kernel.ts";
import { instantiateKernels, kernelBinary, type WasmVariant } from "../../engines/wasm/kernel-module.ts";
import type { KernelName } from "../index.ts";

// Shapes beside and across every boundary of the tiles (6 or 4 rows, 8 or 4 columns), of the row blocks (96) and of the depth blocks (256), and vectors.
const rows = fc.oneof(fc.integer({ min: 1, max: 26 }), fc.integer({ min: 94, max: 110 }));
const width = fc.oneof(fc.constant(1), fc.integer({ min: 1, max: 19 }), fc.constantFrom(24, 48, 64));
const shape = fc.tuple(rows, width, width, fc.integer());
const deep = fc.tuple(
  fc.integer({ min: 1, max: 6 }),
  fc.integer({ min: 254, max: 262 }),
  fc.integer({ min: 1, max: 9 }),
  fc.integer(),
);
/** Fewer runs for the many sums of the larger shapes. */
const runs = { numRuns: 60 };

/** Sums of up to 262 products of numbers below 1 in float32: far below any mistake, above the rounding. */
const compare = (name: KernelName, args: KernelArguments): void => compareKernel(name, args, 1e-5);

for (const kind of ["linear", "linear_transposed"] as const) {
  describe(`${kind} (wasm)`, () => {
    test.prop([fc.oneof(shape, deep), fc.boolean(), fc.constantFrom("none", "other", "y")], runs)(
      "forward equals the reference",
      ([m, nIn, nOut, seed], hasBias, residual) => {
        compare(`${kind}_forward`, {
          x: random(seed, m * nIn),
          w: random(seed + 1, nIn * nOut),
          bias: hasBias ? random(seed + 2, nOut) : 0,
          y: random(seed + 3, m * nOut),
          residual: residual === "none" ? 0 : residual === "other" ? random(seed + 4, m * nOut) : 0,
          rows: m,
          nIn,
          nOut,
          scale: 0.5,
        });
      },
    );

    test.prop([shape], runs)("forward adds in place when the residual is the output", ([m, nIn, nOut, seed]) => {
      compare(`${kind}_forward`, {
        x: random(seed, m * nIn),
        w: random(seed + 1, nIn * nOut),
        bias: 0,
        residual: random(seed + 3, m * nOut),
        y: { data: [], sameAs: "residual" },
        rows: m,
        nIn,
        nOut,
        scale: -2,
      });
    });

    const inputShape = fc.oneof(
      shape,
      fc.tuple(fc.integer({ min: 1, max: 6 }), width, fc.integer({ min: 254, max: 262 }), fc.integer()),
    );
    test.prop([inputShape, fc.constantFrom(0, 1)], runs)(
      "input gradient equals the reference",
      ([m, nIn, nOut, seed], accumulate) => {
        compare(`${kind}_backward_input`, {
          dY: random(seed, m * nOut),
          w: random(seed + 1, nIn * nOut),
          dX: random(seed + 2, m * nIn),
          rows: m,
          nIn,
          nOut,
          scale: 1.5,
          accumulate,
        });
      },
    );

    const weightShape = fc.oneof(shape, fc.tuple(fc.integer({ min: 254, max: 262 }), rows, width, fc.integer()));
    test.prop([weightShape, fc.boolean(), fc.boolean()], runs)(
      "weight and bias gradients equal the reference",
      ([m, nIn, nOut, seed], hasWeight, hasBias) => {
        compare(`${kind}_backward_weight`, {
          x: random(seed, m * nIn),
          dY: random(seed + 1, m * nOut),
          dW: hasWeight ? random(seed + 2, nIn * nOut) : 0,
          dBias: hasBias ? random(seed + 3, nOut) : 0,
          rows: m,
          nIn,
          nOut,
          scale: 0.25,
        });
      },
    );
  });
}

const memory = new WebAssembly.Memory({ initial: 32, maximum: 65536 });
const instances = new Map(
  variants.map((variant) => [
    variant,
    instantiateKernels(new WebAssembly.Module(kernelBinary(variant, false)), memory, 2 ** 20),
  ]),
);

/** linear_forward with bias and residual in a wasm variant. */
function forward(variant: WasmVariant, x: number[], w: number[], bias: number[], residual: number[], nIn: number) {
  const [rows, nOut] = [x.length / nIn, bias.length];
  const arrays = [x, w, bias, residual];
  const starts = arrays.map((_, i) => arrays.slice(0, i).reduce((sum, { length }) => sum + length, 16));
  const end = starts.reduce((last, start, i) => Math.max(last, start + (arrays[i]?.length ?? 0)), 0);
  const floats = new Float32Array(memory.buffer);
  for (const [i, array] of arrays.entries()) floats.set(array, starts[i]);
  instances.get(variant)?.linear_forward?.(...starts.map((start) => 4 * start), 4 * end, rows, nIn, nOut, 0.7);
  return Array.from(floats.subarray(end, end + rows * nOut));
}

const vectorShape = fc.tuple(fc.integer({ min: 1, max: 40 }), fc.constantFrom(1, 3, 40, 257), fc.integer());
const zeros = (length: number): number[] => Array<number>(length).fill(0);

describe.each(variants)("products with a vector (%s): the bits of the same entries in a larger product", (variant) => {
  test.prop([vectorShape], { numRuns: 20 })("one column", ([m, nIn, seed]) => {
    const [x, w, residual] = [noise(seed, m * nIn), noise(seed + 1, nIn), noise(seed + 2, m)];
    const twice = (values: number[]): number[] => values.flatMap((value) => [value, 0]);
    const wide = forward(variant, x, twice(w), [0.3, 0], twice(residual), nIn);
    expect(forward(variant, x, w, float32([0.3]), residual, nIn)).toEqual(wide.filter((_, i) => i % 2 === 0));
  });

  test.prop([vectorShape], { numRuns: 20 })("one row", ([n, nIn, seed]) => {
    const [x, w, residual] = [noise(seed, nIn), noise(seed + 1, nIn * n), noise(seed + 2, n)];
    const bias = noise(seed + 3, n);
    const tall = forward(variant, [...x, ...zeros(nIn)], w, bias, [...residual, ...residual], nIn);
    expect(forward(variant, x, w, bias, residual, nIn)).toEqual(tall.slice(0, n));
  });

  test.prop([fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 6 }), fc.integer()], { numRuns: 20 })(
    "inner dimension 1",
    (fourRows, fourColumns, seed) => {
      const [m, n] = [4 * fourRows, 4 * fourColumns];
      const [x, w, bias, residual] = [noise(seed, m), noise(seed + 1, n), noise(seed + 2, n), noise(seed + 3, m * n)];
      const deep = x.flatMap((value) => [value, 0]);
      const expected = forward(variant, deep, [...w, ...zeros(n)], bias, residual, 2);
      expect(forward(variant, x, w, bias, residual, 1)).toEqual(expected);
    },
  );
});
