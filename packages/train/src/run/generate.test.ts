import { createKey, InvalidArgumentError, ShapeError } from "@semifactor/ghmm";
import { describe, expect, test } from "vitest";
import { createReferenceEngine } from "../engines/reference.ts";
import { directTransformer } from "../model/_testing/direct-transformer.ts";
import { randomModel } from "../model/_testing/random-model.ts";
import { generate } from "./generate.ts";
import { logProbabilities } from "./log-probabilities.ts";

const engine = createReferenceEngine();
const model = randomModel({ nCtx: 12 });
const key = createKey(4);
const options = { newTokens: 6, key, engine };
const prompts = [[0], [4, 3, 2, 1], [2, 2]];

/** Logits after a prefix, by the direct evaluation. */
const logitsAfter = (prefix: readonly number[]): readonly number[] =>
  directTransformer(model, prefix).logits.at(-1) ?? [];

describe("generate", () => {
  test("temperature 0 always takes the most probable token", async () => {
    const { tokens } = await generate(model, { ...options, prompt: [4, 3, 2, 1], temperature: 0 });
    const sequence = [4, 3, 2, 1];
    for (const token of tokens) {
      const logits = logitsAfter(sequence);
      expect(token).toBe(logits.indexOf(Math.max(...logits)));
      sequence.push(token);
    }
    expect(sequence.length).toBe(10);
  });

  test("log-probabilities are those that the model gives to the continuations, whatever the temperature", async () => {
    for (const extra of [{}, { temperature: 0.5 }, { temperature: 3, topK: 2 }]) {
      const { tokens, logProbabilities: own } = await generate(model, { ...options, ...extra, prompt: prompts });
      const continuations = prompts.map((_, i) => tokens.subarray(6 * i, 6 * i + 6));
      const { byToken } = await logProbabilities(model, { prompts, continuations, engine });
      for (const [at, value] of byToken.flatMap((one) => [...one]).entries()) expect(own[at]).toBeCloseTo(value, 12);
    }
  });

  test("tokens are as frequent as they are probable", async () => {
    const count = 3000;
    const temperature = 1.7;
    const prompt = Array.from({ length: count }, () => [3, 1]);
    const { tokens } = await generate(model, { ...options, prompt, newTokens: 1, temperature });
    const weights = logitsAfter([3, 1]).map((logit) => Math.exp(logit / temperature));
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    for (const [token, weight] of weights.entries()) {
      const expected = weight / total;
      const frequency = tokens.filter((one) => one === token).length / count;
      expect(Math.abs(frequency - expected)).toBeLessThan(4 * Math.sqrt((expected * (1 - expected)) / count));
    }
  });

  test("a continuation depends on key and index alone, not on the other prompts, and a longer one extends it", async () => {
    const all = await generate(model, { ...options, prompt: prompts });
    expect(all.count).toBe(3);
    for (const [i, prompt] of prompts.entries()) {
      const own = all.tokens.slice(6 * i, 6 * i + 6);
      const alone = await generate(model, { ...options, prompt: Int32Array.from(prompt), firstIndex: i });
      expect(alone.tokens).toEqual(own);
      const longer = await generate(model, { ...options, prompt, firstIndex: i, newTokens: 8 });
      expect(longer.tokens.slice(0, 6)).toEqual(own);
    }
    const same = await generate(model, { ...options, prompt: Array.from({ length: 40 }, () => [0]), newTokens: 2 });
    expect(new Set(same.tokens).size).toBe(3);
    const other = await generate(model, { ...options, prompt: prompts, key: createKey(5) });
    expect(other.tokens).not.toEqual(all.tokens);
  });

  test("topK 1 is temperature 0; topK 2 never takes the least probable of three", async () => {
    const greedy = await generate(model, { ...options, prompt: prompts, temperature: 0 });
    expect((await generate(model, { ...options, prompt: prompts, topK: 1, temperature: 5 })).tokens).toEqual(
      greedy.tokens,
    );
    const { tokens } = await generate(model, {
      ...options,
      prompt: Array.from({ length: 200 }, () => [1]),
      newTokens: 1,
      topK: 2,
      temperature: 50,
    });
    const logits = logitsAfter([1]);
    expect([...new Set(tokens)].sort()).toEqual([0, 1, 2].filter((token) => logits[token] !== Math.min(...logits)));
  });

  test("the context ends a continuation, or slides over it", async () => {
    const full = { ...options, prompt: [1, 2, 0, 1], temperature: 0 };
    const { tokens } = await generate(model, { ...full, newTokens: 9 });
    await expect(generate(model, { ...full, newTokens: 10 })).rejects.toThrow(ShapeError);
    const slid = await generate(model, { ...full, newTokens: 14, slide: true });
    expect(slid.tokens.slice(0, 9)).toEqual(tokens);
    const sequence = [1, 2, 0, 1];
    for (const token of slid.tokens) {
      const logits = logitsAfter(sequence.slice(-12));
      expect(token).toBe(logits.indexOf(Math.max(...logits)));
      sequence.push(token);
    }
  });

  test("no new tokens are nothing", async () => {
    expect((await generate(model, { ...options, prompt: [0], newTokens: 0 })).tokens.length).toBe(0);
  });
});

describe("refusals", () => {
  const attempt = (extra: object) => generate(model, { ...options, prompt: [0], ...extra });
  test.each([
    ["no prompt", { prompt: [] }, ShapeError],
    ["an empty prompt among others", { prompt: [[0], []] }, ShapeError],
    ["a token out of range", { prompt: [0, 5] }, InvalidArgumentError],
    ["half a token", { prompt: [[0.5]] }, InvalidArgumentError],
    ["a negative temperature", { temperature: -1 }, InvalidArgumentError],
    ["no temperature", { temperature: Number.NaN }, InvalidArgumentError],
    ["topK 0", { topK: 0 }, InvalidArgumentError],
    ["topK above the number of outputs", { topK: 4 }, InvalidArgumentError],
    ["half a new token", { newTokens: 0.5 }, InvalidArgumentError],
    ["a key that is none", { key: [0, -1] }, InvalidArgumentError],
  ])("%s", async (_, extra, kind) => {
    await expect(attempt(extra)).rejects.toThrow(kind);
  });

  test("logits that are not finite are named", async () => {
    const weights = new Map(model.weights);
    weights.set("unembed.b_U", Float64Array.of(0, 0, 1e300));
    weights.set("unembed.W_U", new Float64Array(12).fill(1.7e308));
    await expect(generate({ ...model, weights }, { ...options, prompt: [0] })).rejects.toThrow(
      /^generate: the logit of token/,
    );
  });
});
