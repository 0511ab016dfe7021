import type { WebgpuKernel } from "../../engines/webgpu/webgpu-kernel.ts";
import { scoresBackward } from "../_webgpu/attention-scores.ts";
import { keyPass, queryPass } from "../_webgpu/attention-team.ts";
import { columnLoop, dotTile, eachElement, keyLoop, sumTile } from "../_webgpu/attention-tiles.ts";

/** out = probs v for a pattern that was changed after the softmax. */
export const attentionApplyForward: WebgpuKernel = queryPass({
  windowed: false,
  declarations: sumTile("output", "probs", "v"),
  body: columnLoop("output", "out"),
});

const gradients = eachElement(
  (r, s) => `if (first + ${r}u < p.length && key + ${s}u < p.length) {
  dProbs_put(pattern_of(first + ${r}u, key + ${s}u), select(0.0, t[${r}][${s}], sees(first + ${r}u, key + ${s}u)));
}`,
);

/** dProbs_ij = dOut_i . v_j, 0 where key > query, and dV_j = sum_i probs_ij dOut_i, overwritten. */
export const attentionApplyBackward: WebgpuKernel = {
  ...queryPass({
    windowed: false,
    declarations: dotTile("gradient_value", "dOut", "v"),
    body: keyLoop(
      "0u",
      "all_blocks - 1u",
      `var t: mat4x4<f32>;\nif (block <= last_block) { t = gradient_value(first, key); }\n${gradients}`,
    ),
  }),
  second: keyPass([{ pattern: "probs", vectors: "dOut", out: "dV" }], false),
};

/** dQ and dK, overwritten, from the gradient of the pattern. */
export const attentionScoresBackward: WebgpuKernel = scoresBackward("given", []);
