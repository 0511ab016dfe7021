import { afterAll, describe, expect, test } from "vitest";
import { expectReference, variantsWithoutSubgroups, webgpuRunner } from "../_testing/webgpu-call.ts";
import { attentionApplyBackward, attentionApplyForward, attentionScoresBackward } from "./webgpu.ts";

const runner = await webgpuRunner("attention-pattern");
afterAll(() => runner?.dispose());

const cases = [
  { batch: 1, heads: 1, kvHeads: 1, length: 1, dh: 1, window: 0, softCap: 0 },
  { batch: 2, heads: 4, kvHeads: 2, length: 6, dh: 5, window: 2, softCap: 0 },
  { batch: 1, heads: 3, kvHeads: 3, length: 33, dh: 7, window: 0, softCap: 1.5 },
] as const;

const lengthsOf = ({ batch, heads, kvHeads, length, dh }: (typeof cases)[number]) => {
  const [q, k] = [batch * length * heads * dh, batch * length * kvHeads * dh];
  return { q, k, pattern: batch * heads * length * length };
};

if (runner !== undefined) {
  describe.each(variantsWithoutSubgroups(runner))("$gemm", (variant) => {
    test.each(cases)("out = probs v, whatever stands above the diagonal: $length positions", async (shape) => {
      const { q, k, pattern } = lengthsOf(shape);
      await expectReference(runner, variant, {
        name: "attention_apply_forward",
        kernel: attentionApplyForward,
        lengths: { probs: pattern, v: k, out: q },
        numbers: shape,
      });
    });

    test.each(cases)("dProbs and dV: $length positions", async (shape) => {
      const { q, k, pattern } = lengthsOf(shape);
      await expectReference(runner, variant, {
        name: "attention_apply_backward",
        kernel: attentionApplyBackward,
        lengths: { dOut: q, probs: pattern, v: k, dProbs: pattern, dV: k },
        numbers: shape,
      });
    });

    test.each(cases)("dQ and dK from dProbs: $length positions, window $window, cap $softCap", async (shape) => {
      const { q, k, pattern } = lengthsOf(shape);
      await expectReference(runner, variant, {
        name: "attention_scores_backward",
        kernel: attentionScoresBackward,
        lengths: { dProbs: pattern, q, k, probs: pattern, dQ: q, dK: k },
        numbers: { ...shape, scale: 0.4 },
      });
    });
  });
}

test("a call over no sequences needs no workgroups", () => {
  const none = { batch: 0, heads: 2, kvHeads: 2, length: 4, dh: 3 };
  for (const { workgroups, second } of [attentionApplyForward, attentionApplyBackward, attentionScoresBackward]) {
    for (const count of [workgroups, ...(second === undefined ? [] : [second.workgroups])]) {
      const [x, y] = count(none, { gemm: "shared-tiles", subgroups: false, storage: "f32" });
      expect(x * y).toBe(0);
    }
  }
});
