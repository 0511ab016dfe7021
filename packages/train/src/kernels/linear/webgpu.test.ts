import { afterAll, expect, test } from "vitest";
import { absencesOf, expectReference, productVariants, webgpuRunner, without } from "../_testing/webgpu-call.ts";
import { linearBackwardInput, linearBackwardWeight, linearForward } from "./webgpu.ts";

const runner = await webgpuRunner("linear");
afterAll(() => runner?.dispose());

/** Rows, inputs and outputs: 1, one less and one more than a tile or a step of the sum, narrow and wide, several tiles. */
const shapes = [
  [1, 1, 1],
  [3, 17, 5],
  [33, 16, 31],
  [70, 37, 65],
  [130, 5, 2],
  [7, 34, 131],
] as const;

const cases = shapes.map(([rows, nIn, nOut]) => ({ rows, nIn, nOut }));

if (runner !== undefined) {
  for (const variant of productVariants(runner)) {
    const title = `${variant.gemm}, subgroups: ${variant.subgroups}`;

    test(`y = residual + scale (x w) + bias, with and without bias and residual (${title})`, async () => {
      for (const { rows, nIn, nOut } of cases) {
        const lengths = { x: rows * nIn, w: nIn * nOut, bias: nOut, residual: rows * nOut, y: rows * nOut };
        const numbers = { rows, nIn, nOut, scale: 0.75 };
        const call = { name: "linear_forward", kernel: linearForward, numbers } as const;
        for (const absent of absencesOf(variant, ["bias", "residual"], ["bias", "residual"])) {
          await expectReference(runner, variant, { ...call, lengths: without(lengths, absent) });
        }
        await expectReference(runner, variant, {
          ...call,
          lengths: without(lengths, ["residual"]),
          same: { residual: "y" },
        });
      }
    });

    test(`dX = scale dY w^T, written or added (${title})`, async () => {
      for (const { rows, nIn, nOut } of cases) {
        for (const accumulate of [0, 1]) {
          await expectReference(runner, variant, {
            name: "linear_backward_input",
            kernel: linearBackwardInput,
            lengths: { dY: rows * nOut, w: nIn * nOut, dX: rows * nIn },
            numbers: { rows, nIn, nOut, scale: -1.5, accumulate },
          });
        }
      }
    });

    test(`dW += scale x^T dY and dBias += column sums of dY, either or both (${title})`, async () => {
      for (const { rows, nIn, nOut } of cases) {
        const lengths = { x: rows * nIn, dY: rows * nOut, dW: nIn * nOut, dBias: nOut };
        for (const absent of absencesOf(variant, ["dW", "dBias"], ["dW"])) {
          await expectReference(runner, variant, {
            name: "linear_backward_weight",
            kernel: linearBackwardWeight,
            lengths: without(lengths, absent),
            numbers: { rows, nIn, nOut, scale: 0.5 },
          });
        }
      }
    });
  }

  test("what is read past the end of a factor does not reach the product, be it infinite", async () => {
    for (const variant of productVariants(runner)) {
      const [rows, nIn, nOut] = [3, 2, 5];
      const arrays = {
        x: new Float32Array(rows * nIn).fill(1),
        w: new Float32Array(nIn * nOut).fill(2),
        y: new Float32Array(rows * nOut),
        // Lies behind the others, where a tile that is too large would read.
        guard: new Float32Array(4096).fill(Number.POSITIVE_INFINITY),
      };
      const numbers = { rows, nIn, nOut, scale: 1 };
      const { y, guard } = await runner.run({
        name: "linear_forward",
        kernel: linearForward,
        variant,
        arrays,
        numbers,
      });
      expect([...(y ?? [])]).toEqual(new Array(rows * nOut).fill(4));
      expect(new Set(guard)).toEqual(new Set([Number.POSITIVE_INFINITY]));
    }
  });
}

test("a call over no rows needs no workgroups", () => {
  const none = { rows: 0, nIn: 4, nOut: 4 };
  for (const gemm of ["shared-tiles", "register-tiles"] as const) {
    const [x, y] = linearForward.workgroups(none, { gemm, subgroups: false, storage: "f32" });
    expect(x * y).toBe(0);
  }
});
