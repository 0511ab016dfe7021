import {
  coin,
  createKey,
  fanizza,
  foldIn,
  InvalidArgumentError,
  logWordProbability,
  mess3,
  optimalLoss,
  ShapeError,
  sampleSequences,
  zeroOneRandom,
} from "@semifactor/ghmm";
import { describe, expect, test } from "vitest";
import { createReferenceEngine } from "../engines/reference.ts";
import { randomModel } from "../model/_testing/random-model.ts";
import { createTransformer, type Transformer } from "../model/transformer.ts";
import { evaluateExcess } from "./evaluate-excess.ts";
import { evaluateLoss } from "./evaluate-loss.ts";
import { logProbabilities } from "./log-probabilities.ts";

const engine = createReferenceEngine();
const key = createKey(12);

/** A model that gives every token after anything the probability softmax(b): all weights but the output's bias are 0. */
function constantModel(bias: readonly number[], inputs: number): Transformer {
  const sizes = { nLayers: 1, dModel: 2, nHeads: 1, nCtx: 12, vocabularySize: inputs, outputSize: bias.length };
  const model = createTransformer(sizes);
  const weights = new Map([...model.weights].map(([name, values]) => [name, values.map(() => 0)] as const));
  weights.set("unembed.b_U", Float64Array.from(bias));
  return { ...model, weights };
}

const sum = (values: Iterable<number>): number => [...values].reduce((total, value) => total + value, 0);

describe.each([false, true])("evaluateExcess, bos %s", (bos) => {
  const process = mess3({ x: 0.15, a: 0.6 });
  const model = randomModel({ vocabularySize: 4, outputSize: 3, nCtx: 5 });
  const options = { process, length: 5, count: 70, key, bos, engine };

  test("the loss is the model's on the sequences of the key, the excess that beyond their own log-probability", async () => {
    const { mean, byPosition } = await evaluateExcess(model, options);
    const width = bos ? 5 : 6;
    const { tokens } = sampleSequences(process, { count: 70, length: width, key });
    const words = Array.from({ length: 70 }, (_, i) => [...tokens.subarray(i * width, (i + 1) * width)]);
    const rows = words.map((word) => (bos ? [3, ...word] : word));
    const plain = await evaluateLoss(model, { tokens: Int32Array.from(rows.flat()), length: 5, engine });
    expect(mean.loss).toBeCloseTo(plain.loss, 12);
    for (const [t, loss] of plain.byPosition.entries()) expect(byPosition.loss[t]).toBeCloseTo(loss, 12);
    const { byToken } = await logProbabilities(model, {
      prompts: rows.map((row) => row.slice(0, 1)),
      continuations: rows.map((row) => row.slice(1)),
      engine,
    });
    for (let t = 0; t < 5; t++) {
      const differences = words.map((word, i) => {
        const end = bos ? t + 1 : t + 2;
        const own =
          logWordProbability(process, word.slice(0, end)) - logWordProbability(process, word.slice(0, end - 1));
        return own - (byToken[i]?.[t] ?? Number.NaN);
      });
      const average = sum(differences) / 70;
      expect(byPosition.excess[t]).toBeCloseTo(average, 12);
      const variance = sum(differences.map((one) => (one - average) ** 2)) / 69;
      expect(byPosition.excessStandardError[t]).toBeCloseTo(Math.sqrt(variance / 70), 12);
    }
    expect(mean.excess).toBeCloseTo(sum(byPosition.excess) / 5, 12);
    expect(mean.loss).toBeCloseTo(sum(byPosition.loss) / 5, 12);
    expect(mean.optimal).toBeCloseTo(sum(byPosition.optimal) / 5, 12);
  });

  test("other keys give other sequences, the same key the same", async () => {
    const first = await evaluateExcess(model, options);
    expect(await evaluateExcess(model, options)).toEqual(first);
    expect((await evaluateExcess(model, { ...options, key: createKey(13) })).mean.loss).not.toBe(first.mean.loss);
  });
});

describe("against known values", () => {
  test("a coin's own probabilities have excess 0 with error 0, in every sequence", async () => {
    // A stationary process that forgets: next tokens of Mess3 at x = 1/3 do not depend on the past.
    const process = mess3({ x: 1 / 3, a: 0.6 });
    const { mean, byPosition } = await evaluateExcess(constantModel([0, 0, 0], 3), {
      process,
      length: 4,
      count: 20,
      key,
      engine,
    });
    expect(mean.excess).toBeCloseTo(0, 12);
    expect(mean.excessStandardError).toBeCloseTo(0, 12);
    expect(mean.loss).toBeCloseTo(Math.log(3), 12);
    expect([...byPosition.optimal].map((value) => Math.exp(value))).toEqual(Array(4).fill(expect.closeTo(3, 12)));
  });

  test("of a model that knows only the frequencies of Z1R's tokens, the excess grows to the information in the past", async () => {
    const process = zeroOneRandom({ p: 0.5 });
    const { mean, byPosition, optimalMethod } = await evaluateExcess(constantModel([0, 0], 3), {
      process,
      length: 12,
      count: 2000,
      key,
      bos: true,
      engine,
    });
    expect(optimalMethod).toBe("exact");
    // ln 2 for the first token, ln 2 / 3 once the phase is known.
    expect(byPosition.optimal[0]).toBeCloseTo(Math.log(2), 12);
    expect(byPosition.optimal[11]).toBeCloseTo(Math.log(2) / 3, 2);
    for (let t = 0; t < 12; t++) {
      const truth = Math.log(2) - (byPosition.optimal[t] ?? Number.NaN);
      const error = Math.abs((byPosition.excess[t] ?? Number.NaN) - truth);
      expect(error).toBeLessThanOrEqual(4 * (byPosition.excessStandardError[t] ?? 0) + 1e-12);
    }
    expect(Math.abs(mean.excess - (Math.log(2) - mean.optimal))).toBeLessThan(4 * mean.excessStandardError + 1e-12);
    expect([...byPosition.optimalStandardError]).toEqual(Array(12).fill(0));
  });

  test("pairing makes the standard error small: below a tenth of the loss's for a model that is nearly right", async () => {
    const bias = [Math.log(0.8) + 0.05, Math.log(0.2)];
    const model = constantModel(bias, 2);
    const { mean } = await evaluateExcess(model, { process: coin({ p: 0.8 }), length: 8, count: 500, key, engine });
    expect(mean.excessStandardError).toBeLessThan(0.1 * mean.lossStandardError);
    // The relative entropy of the model to the coin.
    const q = 1 / (1 + Math.exp((bias[1] ?? 0) - (bias[0] ?? 0)));
    const truth = 0.8 * Math.log(0.8 / q) + 0.2 * Math.log(0.2 / (1 - q));
    expect(Math.abs(mean.excess - truth)).toBeLessThan(4 * mean.excessStandardError);
  });

  test("loss, optimal and excess add up where there are too many beliefs and the optimum is sampled", async () => {
    const options = { process: mess3({ x: 0.15, a: 0.6 }), length: 6, count: 40, key, engine };
    const model = constantModel([0, 0, 0], 3);
    // Beliefs of Mess3 at position t: 3^t.
    const exact = await evaluateExcess(model, { ...options, maxStates: 729 });
    const { mean, byPosition, optimalMethod, count } = await evaluateExcess(model, { ...options, maxStates: 728 });
    expect([exact.optimalMethod, optimalMethod, count]).toEqual(["exact", "sampled", 40]);
    expect(mean.loss).toBeCloseTo(Math.log(3), 12);
    expect(mean.loss - mean.optimal).toBeCloseTo(mean.excess, 12);
    expect(mean.excess).toBe(exact.mean.excess);
    expect(Math.abs(mean.optimal - exact.mean.optimal)).toBeLessThan(4 * mean.optimalStandardError);
    for (let t = 0; t < 6; t++) {
      expect((byPosition.loss[t] ?? 0) - (byPosition.optimal[t] ?? 0)).toBeCloseTo(byPosition.excess[t] ?? 9, 12);
      expect(byPosition.optimalStandardError[t]).toBeGreaterThan(0);
    }
  });

  test("a process that is no hidden Markov model is evaluated as well", async () => {
    const process = fanizza({ alpha: 2000, lambda: 0.49 });
    const { mean } = await evaluateExcess(constantModel([0, 0], 2), { process, length: 5, count: 200, key, engine });
    expect(Math.abs(mean.excess - (Math.log(2) - mean.optimal))).toBeLessThan(4 * mean.excessStandardError);
  });
});

test.each([
  ["one sequence", { count: 1 }, InvalidArgumentError],
  ["no length", { length: 0 }, InvalidArgumentError],
  ["a model with too few inputs", { bos: true }, InvalidArgumentError],
  ["a model with too few outputs", { process: mess3({ x: 0.15, a: 0.6 }) }, InvalidArgumentError],
  ["sequences longer than the context", { length: 13 }, ShapeError],
  ["a key that is none", { key: [0, 0.5] as const }, InvalidArgumentError],
])("%s is refused by name", async (_, extra, kind) => {
  const options = { process: zeroOneRandom({ p: 0.5 }), length: 4, count: 4, key, engine, ...extra };
  await expect(evaluateExcess(constantModel([0, 0], 2), options)).rejects.toThrow(kind);
});

test("the truth lies within two and three standard errors as often as the normal distribution says", async () => {
  // A model of equal probabilities loses ln 3 everywhere, so that its excess is known: ln 3 minus the optimum.
  const process = mess3({ x: 0.15, a: 0.6 });
  const [length, evaluations] = [4, 200];
  const model = constantModel([0, 0, 0], 3);
  const optimal = optimalLoss(process, { length: length + 1, method: "exact" }).loss.slice(1);
  const deviations: number[] = [];
  for (let i = 0; i < evaluations; i++) {
    const options = { process, length, count: 100, key: foldIn(key, i), engine };
    const { excess, excessStandardError } = (await evaluateExcess(model, options)).mean;
    deviations.push(Math.abs(excess - (Math.log(3) - sum(optimal) / length)) / excessStandardError);
  }
  const within = (errors: number): number => deviations.filter((deviation) => deviation < errors).length / evaluations;
  // 0.954 and 0.997; the standard error of the former is 0.015.
  expect(within(2)).toBeGreaterThan(0.9);
  expect(within(2)).toBeLessThan(0.99);
  expect(within(3)).toBeGreaterThan(0.98);
});
