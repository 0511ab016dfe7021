import type { WebgpuKernel } from "../../engines/webgpu/webgpu-kernel.ts";
import { scoresBackward } from "../_webgpu/attention-scores.ts";
import { queryPass } from "../_webgpu/attention-team.ts";
import { columnLoop, dotTile, eachElement, keyLoop, scoreFunctions, sumTile } from "../_webgpu/attention-tiles.ts";

const scores = eachElement(
  (r, s) => `if (sees(first + ${r}u, key + ${s}u)) {
  let score = score_of(t[${r}][${s}]);
  probs_put(pattern_of(first + ${r}u, key + ${s}u), score);
  largest[${r}] = max(largest[${r}], score);
}`,
);

const exponentials = eachElement(
  (r, s) => `if (sees(first + ${r}u, key + ${s}u)) {
  let at = pattern_of(first + ${r}u, key + ${s}u);
  let value = exp(probs_at(at) - largest[${r}]);
  probs_put(at, value);
  total[${r}] += value;
}`,
);

const probabilities = eachElement(
  (r, s) => `if (first + ${r}u < p.length && key + ${s}u < p.length) {
  let at = pattern_of(first + ${r}u, key + ${s}u);
  if (sees(first + ${r}u, key + ${s}u)) { probs_put(at, probs_at(at) / total[${r}]); } else { probs_put(at, 0.0); }
}`,
);

/** probs = causal softmax(scores), out = probs v. */
export const attentionForward: WebgpuKernel = queryPass({
  windowed: true,
  declarations: [scoreFunctions, dotTile("query_key", "q", "k"), sumTile("output", "probs", "v")].join("\n"),
  body: `var largest = vec4<f32>(-3.4e38);
var total: vec4<f32>;
${keyLoop("first_block", "last_block", `let t = query_key(first, key);\n${scores}`)}
largest = team_reduce(lane, member, team, largest, true);
${keyLoop("first_block", "last_block", exponentials)}
total = team_reduce(lane, member, team, total, false);
${keyLoop("0u", "all_blocks - 1u", probabilities)}
team_barrier();
${columnLoop("output", "out")}`,
});

/** dQ, dK and dV, overwritten. */
export const attentionBackward: WebgpuKernel = scoresBackward("dOut . v", [
  { pattern: "probs", vectors: "dOut", out: "dV" },
]);
