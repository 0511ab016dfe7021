import { fc, test } from "@fast-check/vitest";
import { describe } from "vitest";
import { compareKernel, type KernelArguments, random } from "../../engines/wasm/_testing/compare-kernel.ts";
import type { KernelName } from "../index.ts";

// Shapes beside and across every boundary of the tiles (4 rows, 8 or 4 columns), of the row blocks (32) and of the depth blocks (256).
const rows = fc.oneof(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 29, max: 37 }));
const width = fc.oneof(fc.integer({ min: 1, max: 19 }), fc.constantFrom(24, 48, 64));
const shape = fc.tuple(rows, width, width, fc.integer());
const deep = fc.tuple(
  fc.integer({ min: 1, max: 6 }),
  fc.integer({ min: 254, max: 262 }),
  fc.integer({ min: 1, max: 9 }),
  fc.integer(),
);

/** Sums of up to 262 products of numbers below 1 in float32: far below any mistake, above the rounding. */
const compare = (name: KernelName, args: KernelArguments): void => compareKernel(name, args, 1e-5);

for (const kind of ["linear", "linear_transposed"] as const) {
  describe(`${kind} (wasm)`, () => {
    test.prop([fc.oneof(shape, deep), fc.boolean(), fc.constantFrom("none", "other", "y")])(
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

    test.prop([shape])("forward adds in place when the residual is the output", ([m, nIn, nOut, seed]) => {
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

    test.prop([
      fc.oneof(
        shape,
        fc.tuple(fc.integer({ min: 1, max: 6 }), width, fc.integer({ min: 254, max: 262 }), fc.integer()),
      ),
      fc.constantFrom(0, 1),
    ])("input gradient equals the reference", ([m, nIn, nOut, seed], accumulate) => {
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
    });

    test.prop([
      fc.oneof(shape, fc.tuple(fc.integer({ min: 254, max: 262 }), rows, width, fc.integer())),
      fc.boolean(),
      fc.boolean(),
    ])("weight and bias gradients equal the reference", ([m, nIn, nOut, seed], hasWeight, hasBias) => {
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
    });
  });
}
