import { test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import { attentionCase } from "../_testing/attention-cases.ts";
import { fillNormal, largestError, namedArena } from "../_testing/named-call.ts";

const runs = { numRuns: 40 };

describe("the halves of attention", () => {
  test.prop([attentionCase], runs)("together are attention, where the pattern is left as it was", (s) => {
    const { queries, keys, patterns, seed, ...numbers } = s;
    const arena = namedArena({
      ...{ q: queries, k: keys, v: keys, dOut: queries, probs: patterns, dProbs: patterns },
      ...{ out: queries, dQ: queries, dK: keys, dV: keys },
    });
    for (const [i, name] of ["q", "k", "v", "dOut"].entries()) fillNormal(arena.values(name), Math.abs(seed % 1e6) + i);
    const results = ["out", "dQ", "dK", "dV"];
    arena.call("attention_forward", numbers);
    arena.call("attention_backward", numbers);
    const whole = results.map((name) => arena.values(name).slice());
    for (const name of results) arena.values(name).fill(Number.NaN);
    arena.call("attention_apply_forward", numbers);
    arena.call("attention_apply_backward", numbers);
    arena.call("attention_scores_backward", numbers);
    for (const [i, name] of results.entries()) {
      expect(largestError(arena.values(name), whole[i] ?? []), name).toBeLessThan(1e-13);
    }
  });

  test.prop([attentionCase], runs)(
    "the output is linear in the pattern; entries above the diagonal are not read",
    (s) => {
      const { queries, keys, patterns, seed, ...numbers } = s;
      const arena = namedArena({ probs: patterns, v: keys, out: queries });
      const [probs, out] = [arena.values("probs"), arena.values("out")];
      const apply = (pattern: Float64Array): Float64Array => {
        probs.set(pattern);
        arena.call("attention_apply_forward", numbers);
        return out.slice();
      };
      const [a, b] = [new Float64Array(patterns), new Float64Array(patterns)];
      for (const [i, array] of [arena.values("v"), a, b].entries()) fillNormal(array, Math.abs(seed % 1e6) + i);
      const above = (at: number): boolean => at % s.length > Math.floor(at / s.length) % s.length;
      const sum = apply(a.map((value, at) => value + 2 * (b[at] ?? Number.NaN)));
      const [first, second] = [apply(a.map((value, at) => (above(at) ? Number.NaN : value))), apply(b)];
      expect(
        largestError(
          first.map((value, at) => value + 2 * (second[at] ?? Number.NaN)),
          sum,
        ),
      ).toBeLessThan(1e-12);
    },
  );
});
