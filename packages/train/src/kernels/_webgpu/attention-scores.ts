import type { WebgpuArguments, WebgpuKernel } from "../../engines/webgpu/webgpu-kernel.ts";
import { type KeyProduct, keyPass, queryPass } from "./attention-team.ts";
import { columnLoop, dotTile, eachElement, keyLoop, scoreFunctions, sumTile } from "./attention-tiles.ts";

/** Number of elements of the pattern of a call. */
function patternLength({ batch = 0, heads = 0, length = 0 }: WebgpuArguments): number {
  return batch * heads * length * length;
}

/**
 * Backward through the scores: dS_ij = scale slope_ij probs_ij (dP_ij - sum_j probs_ij dP_ij) goes to the scratch memory, dQ_i = sum_j dS_ij k_j; a second dispatch
 * sums dK and the other products over the queries. dP is given as a buffer `dProbs`, or computed as dOut_i . v_j.
 */
export function scoresBackward(dP: "given" | "dOut . v", others: readonly KeyProduct[]): WebgpuKernel {
  const given = dP === "given";
  const pair = (r: number, s: number): string => `first + ${r}u, key + ${s}u`;
  const mean = eachElement((r, s) => {
    const value = given ? `dProbs_at(pattern_of(${pair(r, s)}))` : `t[${r}][${s}]`;
    const keep = given ? "" : ` scratch_put(pattern_of(${pair(r, s)}), value);`;
    return `    if (sees(${pair(r, s)})) { let value = ${value}; mean[${r}] += probs_at(pattern_of(${pair(r, s)})) * value;${keep} }`;
  });
  const scores = eachElement(
    (r, s) => `    if (first + ${r}u < p.length && key + ${s}u < p.length) {
      let at = pattern_of(${pair(r, s)});
      var value = 0.0;
      if (sees(${pair(r, s)})) { value = p.scale * probs_at(at) * (${given ? "dProbs" : "scratch"}_at(at) - mean[${r}]); }
      if (p.softCap > 0.0) { value *= slope_of(dots[${r}][${s}]); }
      scratch_put(at, value);
    }`,
  );
  return {
    ...queryPass({
      windowed: true,
      declarations: [
        scoreFunctions,
        dotTile("query_key", "q", "k"),
        given ? "" : dotTile("gradient_value", "dOut", "v"),
        sumTile("query_gradient", "scratch", "k"),
      ].join("\n"),
      body: `var mean: vec4<f32>;
${keyLoop("first_block", "last_block", `${given ? "" : "let t = gradient_value(first, key);"}\n${mean}`)}
mean = team_reduce(lane, member, team, mean, false);
${keyLoop("first_block", "last_block", `var dots: mat4x4<f32>;\nif (p.softCap > 0.0) { dots = query_key(first, key); }\n${scores}`)}
team_barrier();
${columnLoop("query_gradient", "dQ")}`,
    }),
    second: keyPass([...others, { pattern: "scratch", vectors: "q", out: "dK" }], true),
    scratch: patternLength,
  };
}
