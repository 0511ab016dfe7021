import { afterAll, describe, expect, test } from "vitest";
import { expectReference, variantsOf, webgpuRunner, without } from "../_testing/webgpu-call.ts";
import { crossEntropy } from "./webgpu.ts";

const runner = await webgpuRunner("cross-entropy");
afterAll(() => runner?.dispose());

/** Vocabularies on both sides of where a workgroup takes a row, and of its size. */
const cases = [
  { rows: 1, vocabulary: 1 },
  { rows: 131, vocabulary: 3 },
  { rows: 5, vocabulary: 64 },
  { rows: 7, vocabulary: 65 },
  { rows: 3, vocabulary: 1000 },
];

if (runner !== undefined) {
  describe.each(variantsOf(runner))("$gemm, subgroups: $subgroups", (variant) => {
    test.each(cases)("$rows rows of $vocabulary, with and without the gradient", async ({ rows, vocabulary }) => {
      const lengths = {
        logits: rows * vocabulary,
        targets: rows,
        weights: rows,
        rowLoss: rows,
        dLogits: rows * vocabulary,
      };
      // Every third target is ignored.
      const targets = Array.from({ length: rows }, (_, r) => (r % 3 === 2 ? -1 : (r * 37) % vocabulary));
      for (const absent of [[], ["dLogits"]]) {
        await expectReference(runner, variant, {
          name: "cross_entropy",
          kernel: crossEntropy,
          lengths: without(lengths, absent),
          integers: { targets },
          numbers: { rows, vocabulary },
        });
      }
    });

    test("logits of hundreds are no overflow, and an ignored row is 0 whatever its logits", async () => {
      const vocabulary = 70;
      const logits = new Float32Array(3 * vocabulary);
      logits.set([500, -500, 499], 0);
      logits.fill(-300, vocabulary, 2 * vocabulary);
      logits.fill(Number.POSITIVE_INFINITY, 2 * vocabulary);
      const arrays = {
        logits,
        targets: Int32Array.from([0, 5, -1]),
        weights: Float32Array.from([1, 2, 3]),
        rowLoss: new Float32Array(3).fill(9),
        dLogits: new Float32Array(3 * vocabulary).fill(9),
      };
      const numbers = { rows: 3, vocabulary };
      const { rowLoss, dLogits } = await runner.run({
        name: "cross_entropy",
        kernel: crossEntropy,
        variant,
        arrays,
        numbers,
      });
      expect(rowLoss?.[0]).toBeCloseTo(Math.log1p(Math.exp(-1)), 5);
      expect(rowLoss?.[1]).toBeCloseTo(Math.log(vocabulary), 4);
      expect(rowLoss?.[2]).toBe(0);
      expect(dLogits?.[0]).toBeCloseTo(1 / (1 + Math.exp(-1)) - 1, 5);
      expect(dLogits?.[vocabulary]).toBeCloseTo(2 / vocabulary, 6);
      expect(dLogits?.[vocabulary + 5]).toBeCloseTo(2 / vocabulary - 2, 5);
      expect(new Set(dLogits?.slice(2 * vocabulary))).toEqual(new Set([0]));
    });
  });
}

test("a workgroup takes 64 rows of a small vocabulary, else one, on a GPU", () => {
  const variant = { gemm: "shared-tiles", subgroups: false, storage: "f32" } as const;
  expect(crossEntropy.workgroups({ rows: 130, vocabulary: 64 }, variant)).toEqual([3, 1]);
  expect(crossEntropy.workgroups({ rows: 130, vocabulary: 65 }, variant)).toEqual([130, 1]);
  expect(crossEntropy.workgroups({ rows: 130, vocabulary: 65 }, { ...variant, gemm: "register-tiles" })).toEqual([
    3, 1,
  ]);
  expect(crossEntropy.workgroups({ rows: 0, vocabulary: 65 }, variant)).toEqual([0, 1]);
});
