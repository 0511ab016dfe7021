import { InvalidArgumentError, ShapeError } from "@semifactor/ghmm";
import { describe, expect, test } from "vitest";
import { createReferenceEngine } from "../engines/reference.ts";
import { directTransformer } from "../model/_testing/direct-transformer.ts";
import { randomModel } from "../model/_testing/random-model.ts";
import { logProbabilities } from "./log-probabilities.ts";

const engine = createReferenceEngine();
const model = randomModel({ nCtx: 20 });

/** ln p of every token of a continuation, by the direct evaluation. */
function direct(prompt: readonly number[], continuation: readonly number[]): readonly number[] {
  const { logits } = directTransformer(model, [...prompt, ...continuation].slice(0, -1));
  return continuation.map((token, t) => {
    const row = logits[prompt.length - 1 + t] ?? [];
    return (row[token] ?? Number.NaN) - Math.log(row.reduce((sum, logit) => sum + Math.exp(logit), 0));
  });
}

describe("logProbabilities", () => {
  const pairs = [
    [[0], [1]],
    [
      [4, 3, 2],
      [0, 1, 2, 2],
    ],
    [[1], []],
    [
      [0, 1, 0, 1, 0, 1, 0, 1, 0],
      [2, 0],
    ],
    [[3], [0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1]],
    [
      [2, 2],
      [1, 1, 1],
    ],
  ] as const;

  test("of ragged continuations of ragged prompts are those of the direct evaluation", async () => {
    const { byToken, totals } = await logProbabilities(model, {
      prompts: pairs.map(([prompt]) => prompt),
      continuations: pairs.map(([, continuation]) => continuation),
      engine,
    });
    for (const [index, [prompt, continuation]] of pairs.entries()) {
      const expected = direct(prompt, continuation);
      expect(byToken[index]?.length).toBe(expected.length);
      for (const [t, value] of expected.entries()) expect(byToken[index]?.[t]).toBeCloseTo(value, 12);
      expect(totals[index]).toBeCloseTo(
        expected.reduce((sum, value) => sum + value, 0),
        12,
      );
    }
  });

  test("do not depend on the other pairs", async () => {
    const all = await logProbabilities(model, {
      prompts: pairs.map(([prompt]) => prompt),
      continuations: pairs.map(([, continuation]) => Int32Array.from(continuation)),
      engine,
    });
    for (const [index, [prompt, continuation]] of pairs.entries()) {
      const alone = await logProbabilities(model, { prompts: [prompt], continuations: [continuation], engine });
      expect(alone.byToken).toEqual([all.byToken[index]]);
    }
  });

  test("the probabilities of all continuations of one length sum to 1", async () => {
    const continuations = Array.from({ length: 27 }, (_, i) => [Math.floor(i / 9), Math.floor(i / 3) % 3, i % 3]);
    const prompts = continuations.map(() => [4, 0]);
    const { totals } = await logProbabilities(model, { prompts, continuations, engine });
    expect(totals.reduce((sum, total) => sum + Math.exp(total), 0)).toBeCloseTo(1, 12);
  });

  test("of nothing are nothing", async () => {
    expect(await logProbabilities(model, { prompts: [], continuations: [], engine })).toEqual({
      byToken: [],
      totals: new Float64Array(0),
    });
  });
});

test.each([
  ["fewer prompts than continuations", { prompts: [], continuations: [[0]] }, ShapeError, /0 prompts for 1 cont/],
  ["an empty prompt", { prompts: [[0], []], continuations: [[0], [0]] }, ShapeError, /prompt 1 is empty/],
  ["a pair that is too long", { prompts: [Array(20).fill(0)], continuations: [[0, 0]] }, ShapeError, /have 22 tokens/],
  [
    "a token that is none",
    { prompts: [[0, 5]], continuations: [[0]] },
    InvalidArgumentError,
    /prompt 0 has the token 5 at index 1/,
  ],
  [
    "a token that is not predicted",
    { prompts: [[0]], continuations: [[0, 3]] },
    InvalidArgumentError,
    /continuation 0 has the token 3/,
  ],
  ["half a token", { prompts: [[0.5]], continuations: [[0]] }, InvalidArgumentError, /0.5/],
  ["NaN", { prompts: [[0]], continuations: [[Number.NaN]] }, InvalidArgumentError, /NaN/],
])("%s is refused by name", async (_, pairs, kind, message) => {
  const attempt = () => logProbabilities(model, { ...pairs, engine });
  await expect(attempt()).rejects.toThrow(kind);
  await expect(attempt()).rejects.toThrow(message);
});
