import { createKey, zeroOneRandom } from "@semifactor/ghmm";
import { describe, expect, test } from "vitest";
import { createReferenceEngine } from "../../engines/reference.ts";
import { createTransformer, type Transformer } from "../../model/transformer.ts";
import { evaluateExcess } from "../evaluate-excess.ts";
import { evaluateLoss } from "../evaluate-loss.ts";
import { generate } from "../generate.ts";
import { activationGradients } from "../gradients.ts";
import { logProbabilities } from "../log-probabilities.ts";
import { run } from "../run.ts";

const model = createTransformer({ nLayers: 1, dModel: 2, nHeads: 1, nCtx: 4, vocabularySize: 2 });
const engine = createReferenceEngine();
const tokens = [0, 1, 1, 0];

/** Functions as a caller without types sees them, with arguments that are right. */
type Untyped = (model?: unknown, options?: unknown) => Promise<unknown>;
const process = zeroOneRandom({ p: 0.5 });
const functions: readonly (readonly [string, Untyped, Record<string, unknown>])[] = [
  ["run", run as Untyped, { tokens, length: 4, engine }],
  [
    "activationGradients",
    activationGradients as Untyped,
    { tokens, length: 4, engine, at: ["hook_embed"], targets: tokens },
  ],
  ["evaluateLoss", evaluateLoss as Untyped, { tokens, length: 3, engine }],
  ["evaluateExcess", evaluateExcess as Untyped, { process, length: 3, count: 2, key: createKey(0), engine }],
  ["generate", generate as Untyped, { prompt: [0], newTokens: 1, key: createKey(0), engine }],
  ["logProbabilities", logProbabilities as Untyped, { prompts: [[0]], continuations: [[1]], engine }],
];

test.each(["capture", "capturePositions", "interventions"])("run says that %s is no list", async (name) => {
  const options = { tokens, length: 4, engine, [name]: "hook_embed" };
  await expect((run as Untyped)(model, options)).rejects.toThrow(`run: ${name} is "hook_embed". Give an array.`);
});

test("evaluateLoss takes arrays and booleans, and says which token is no integer", async () => {
  const options = { tokens: Int32Array.from(tokens), length: 3, engine };
  const loss = evaluateLoss as Untyped;
  expect(await loss(model, { ...options, tokens })).toEqual(await loss(model, options));
  const masked = await loss(model, { ...options, lossMask: Uint8Array.of(1, 0, 1) });
  expect(await loss(model, { ...options, lossMask: [true, false, true] })).toEqual(masked);
  await expect(loss(model, { ...options, tokens: [0, 0.5, 1, 0] })).rejects.toThrow(/token 0.5 at index 1/);
});

describe.each(functions)("%s without types", (name, call, options) => {
  test("takes what is right", async () => {
    await call(model, options);
  });

  test.each(Object.keys(options))("says that %s is missing", async (missing) => {
    const rest = { ...options, [missing]: undefined };
    await expect(call(model, rest)).rejects.toMatchObject({ name: expect.stringMatching(/^(Invalid|Shape)/) });
    await expect(call(model, rest)).rejects.toThrow(new RegExp(`\\b${missing} `));
  });

  test("says what stands in the place of model, options and engine", async () => {
    await expect(call(undefined, options)).rejects.toThrow(`${name}: model is no model`);
    await expect(call({ ...model, weights: {} } as unknown as Transformer, options)).rejects.toThrow(/no model/);
    await expect(call(Promise.resolve(model), options)).rejects.toThrow(/model is a promise. Await it/);
    await expect(call(model)).rejects.toThrow(/options is undefined/);
    await expect(call(model, { ...options, engine: Promise.resolve(engine) })).rejects.toThrow(/engine is a promise/);
    await expect(call(model, { ...options, engine: "wasm" })).rejects.toThrow(/engine is wasm/);
  });
});
