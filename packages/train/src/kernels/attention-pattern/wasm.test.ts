import { test } from "@fast-check/vitest";
import { describe } from "vitest";
import {
  type BufferArgument,
  compareKernel,
  noise,
  random,
  zeros,
} from "../../engines/wasm/_testing/compare-kernel.ts";
import { attentionCase, causalProbabilities } from "../_testing/attention-cases.ts";

/** Some pattern, as an intervention may leave it: its rows need not sum to 1; huge above the diagonal, which no kernel may read. */
function changedPattern(seed: number, patterns: number, length: number): BufferArgument {
  const seen = (i: number): boolean => i % length <= Math.floor(i / length) % length;
  return { data: noise(seed, patterns).map((value, i) => (seen(i) ? value : 1e30)) };
}

describe("the halves of attention (wasm)", () => {
  test.prop([attentionCase])("a changed pattern is applied as in the reference", (shape) => {
    const { seed, queries, keys, patterns, window: _, scale: __, softCap: ___, ...numbers } = shape;
    compareKernel("attention_apply_forward", {
      probs: changedPattern(seed, patterns, numbers.length),
      v: random(seed + 1, keys),
      out: random(seed + 2, queries),
      ...numbers,
    });
  });

  test.prop([attentionCase])("gradients of a changed pattern and of the values equal the reference", (shape) => {
    const { seed, queries, keys, patterns, window: _, scale: __, softCap: ___, ...numbers } = shape;
    compareKernel("attention_apply_backward", {
      dOut: random(seed, queries),
      probs: changedPattern(seed + 1, patterns, numbers.length),
      v: random(seed + 2, keys),
      dProbs: random(seed + 3, patterns),
      dV: random(seed + 4, keys),
      ...numbers,
    });
  });

  test.prop([attentionCase])("gradients of queries and keys equal the reference", (shape) => {
    const { seed, queries, keys, patterns, ...numbers } = shape;
    const probs = causalProbabilities(seed + 5, patterns / numbers.length ** 2, numbers.length, numbers.window);
    compareKernel("attention_scores_backward", {
      dProbs: random(seed, patterns),
      q: random(seed + 1, queries, 3),
      k: random(seed + 2, keys),
      probs: { data: probs },
      dQ: random(seed + 3, queries),
      dK: zeros(keys),
      ...numbers,
    });
  });
});
