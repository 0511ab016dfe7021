import { afterAll, describe, expect, test } from "vitest";
import { expectReference, variantsWithoutSubgroups, webgpuRunner } from "../_testing/webgpu-call.ts";
import { attentionBackward, attentionForward } from "./webgpu.ts";

const runner = await webgpuRunner("attention");
afterAll(() => runner?.dispose());

/** Lengths below, at and above a block and a team; grouped queries; windows within and across blocks; capped scores. */
const cases = [
  { batch: 1, heads: 1, kvHeads: 1, length: 1, dh: 1, window: 0, softCap: 0 },
  { batch: 3, heads: 2, kvHeads: 2, length: 5, dh: 3, window: 0, softCap: 0 },
  { batch: 2, heads: 4, kvHeads: 2, length: 16, dh: 8, window: 3, softCap: 0 },
  { batch: 1, heads: 3, kvHeads: 1, length: 37, dh: 17, window: 6, softCap: 2 },
  { batch: 2, heads: 1, kvHeads: 1, length: 70, dh: 4, window: 0, softCap: 0.5 },
] as const;

const lengthsOf = ({ batch, heads, kvHeads, length, dh }: (typeof cases)[number]) => {
  const [q, k] = [batch * length * heads * dh, batch * length * kvHeads * dh];
  return { q, k, probs: batch * heads * length * length };
};

if (runner !== undefined) {
  describe.each(variantsWithoutSubgroups(runner))("$gemm", (variant) => {
    test.each(cases)(
      "the pattern and its output: $length positions, $heads heads on $kvHeads, window $window",
      async (shape) => {
        const { q, k, probs } = lengthsOf(shape);
        await expectReference(runner, variant, {
          name: "attention_forward",
          kernel: attentionForward,
          lengths: { q, k, v: k, probs, out: q },
          numbers: { ...shape, scale: 0.6 },
        });
      },
    );

    test.each(cases)("its gradients: $length positions, $heads heads on $kvHeads, window $window", async (shape) => {
      const { q, k, probs } = lengthsOf(shape);
      const vectors = { q, k, v: k, probs };
      const numbers = { ...shape, scale: 0.6 };
      await expectReference(runner, variant, {
        name: "attention_backward",
        kernel: attentionBackward,
        lengths: { dOut: q, ...vectors, dQ: q, dK: k, dV: k },
        numbers,
        // The pattern is one that the forward kernel writes: no weight on a key that is not seen.
        prepare(values) {
          const { length, window } = shape;
          values("probs").forEach((_, at, pattern) => {
            const [i, j] = [Math.floor(at / length) % length, at % length];
            const seen = j <= i && (window === 0 || j > i - window);
            pattern[at] = seen ? Math.fround(1 / (1 + i + (at % 7))) : 0;
          });
        },
      });
    });
  });

  test("scores of hundreds keep the softmax finite, and the largest takes all", async () => {
    for (const variant of variantsWithoutSubgroups(runner)) {
      const q = Float32Array.from([0, 0, 40]);
      const k = Float32Array.from([-40, 0, 40]);
      const arrays = { q, k, v: Float32Array.from([1, 2, 3]), probs: new Float32Array(9), out: new Float32Array(3) };
      const numbers = { batch: 1, heads: 1, kvHeads: 1, length: 3, dh: 1, window: 0, scale: 1, softCap: 0 };
      const { probs, out } = await runner.run({
        name: "attention_forward",
        kernel: attentionForward,
        variant,
        arrays,
        numbers,
      });
      expect([...(probs ?? [])].slice(6)).toEqual([0, 0, 1]);
      expect([...(out ?? [])].map((value) => Math.round(1e5 * value) / 1e5)).toEqual([1, 1.5, 3]);
    }
  });
}

test("the gradient of the scores takes as much scratch memory as the pattern", () => {
  const args = { batch: 3, heads: 2, kvHeads: 2, length: 5, dh: 3 };
  expect(attentionBackward.scratch?.(args, { gemm: "shared-tiles", subgroups: false, storage: "f32" })).toBe(150);
});
