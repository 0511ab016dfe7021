import { afterAll, expect, test } from "vitest";
import {
  absencesOf,
  expectReference,
  variantsWithoutSubgroups,
  webgpuRunner,
  without,
} from "../_testing/webgpu-call.ts";
import { linearTransposedBackwardInput, linearTransposedBackwardWeight, linearTransposedForward } from "./webgpu.ts";

const runner = await webgpuRunner("linear-transposed");
afterAll(() => runner?.dispose());

/** Rows, inputs and outputs. */
const shapes = [
  [1, 1, 1],
  [19, 33, 7],
  [65, 18, 70],
  [9, 40, 2],
] as const;

const cases = shapes.map(([rows, nIn, nOut]) => ({ rows, nIn, nOut }));

if (runner !== undefined) {
  for (const variant of variantsWithoutSubgroups(runner)) {
    const title = variant.gemm;

    test(`y = residual + scale (x w^T) + bias, with and without bias and residual (${title})`, async () => {
      for (const { rows, nIn, nOut } of cases) {
        const lengths = { x: rows * nIn, w: nIn * nOut, bias: nOut, residual: rows * nOut, y: rows * nOut };
        for (const absent of absencesOf(variant, ["bias", "residual"], [])) {
          await expectReference(runner, variant, {
            name: "linear_transposed_forward",
            kernel: linearTransposedForward,
            lengths: without(lengths, absent),
            numbers: { rows, nIn, nOut, scale: 0.75 },
          });
        }
      }
    });

    test(`dX = scale dY w, written or added (${title})`, async () => {
      for (const { rows, nIn, nOut } of cases) {
        for (const accumulate of [0, 1]) {
          await expectReference(runner, variant, {
            name: "linear_transposed_backward_input",
            kernel: linearTransposedBackwardInput,
            lengths: { dY: rows * nOut, w: nIn * nOut, dX: rows * nIn },
            numbers: { rows, nIn, nOut, scale: -1.5, accumulate },
          });
        }
      }
    });

    test(`dW += scale dY^T x and dBias += column sums of dY, either or both (${title})`, async () => {
      for (const { rows, nIn, nOut } of cases) {
        const lengths = { x: rows * nIn, dY: rows * nOut, dW: nIn * nOut, dBias: nOut };
        for (const absent of absencesOf(variant, ["dW", "dBias"], ["dBias"])) {
          await expectReference(runner, variant, {
            name: "linear_transposed_backward_weight",
            kernel: linearTransposedBackwardWeight,
            lengths: without(lengths, absent),
            numbers: { rows, nIn, nOut, scale: 0.5 },
          });
        }
      }
    });
  }
}

test("a call over no rows needs no workgroups", () => {
  const none = { rows: 0, nIn: 4, nOut: 4 };
  for (const gemm of ["shared-tiles", "register-tiles"] as const) {
    const [x, y] = linearTransposedForward.workgroups(none, { gemm, subgroups: true, storage: "f32" });
    expect(x * y).toBe(0);
  }
});
