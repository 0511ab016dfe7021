import { InvalidArgumentError, ShapeError } from "@semifactor/ghmm";
import { describe, expect, test } from "vitest";
import { createReferenceEngine } from "../engines/reference.ts";
import { architectures } from "../model/_testing/architectures.ts";
import { directTransformer, type Edit } from "../model/_testing/direct-transformer.ts";
import { randomModel } from "../model/_testing/random-model.ts";
import { type HookPoint, hookPoints } from "../model/hook-points.ts";
import type { Transformer } from "../model/transformer.ts";
import { activationGradients } from "./gradients.ts";
import { run } from "./run.ts";

const engine = createReferenceEngine();
const length = 3;
const sequences = [
  [0, 1, 2],
  [4, 4, 1],
];
const tokens = sequences.flat();
const targets = [1, -1, 2, 0, 0, 1];

/** Mean cross-entropy of the direct evaluation, with one element of one activation of the second sequence moved. */
function loss(model: Transformer, hook?: HookPoint, place = 0, step = 0): number {
  const edit: Edit = (name, rows) => {
    if (name !== hook) return rows;
    const width = rows[0]?.length ?? 1;
    return rows.map((row, i) => row.map((value, j) => (i * width + j === place ? value + step : value)));
  };
  let sum = 0;
  for (const [s, sequence] of sequences.entries()) {
    const { logits } = directTransformer(model, sequence, s === 1 ? edit : undefined);
    for (const [t, row] of logits.entries()) {
      const target = targets[s * length + t] ?? -1;
      if (target < 0) continue;
      const total = row.reduce((all, value) => all + Math.exp(value), 0);
      sum += Math.log(total) - (row[target] ?? Number.NaN);
    }
  }
  return sum / targets.filter((target) => target >= 0).length;
}

describe.each([{ name: "the default model", options: {} }, ...architectures])(
  "gradients with respect to activations of $name",
  ({ options }) => {
    const model = randomModel(options, ["blocks.0.attn.W_Q"]);
    const at = hookPoints(model.config, model.adapters);

    test("equal central finite differences at every hook point, and ask for no trained parameter", async () => {
      const { gradients } = await activationGradients(model, { tokens, targets, length, engine, at });
      for (const hook of at) {
        const { values } = gradients[hook] ?? { values: [] };
        const half = values.length / 2;
        for (let place = 0; place < half; place += 1 + Math.floor(half / 5)) {
          // Entries above the diagonal of a pattern are no part of the function.
          if (hook.endsWith("pattern") && place % length > Math.floor(place / length) % length) continue;
          const step = 1e-5;
          const slope = (loss(model, hook, place, step) - loss(model, hook, place, -step)) / (2 * step);
          expect(Math.abs((values[half + place] ?? Number.NaN) - slope), `${hook} ${place}`).toBeLessThan(1e-7);
        }
      }
    });
  },
);

test("each hook point alone has the gradient that it has among all", async () => {
  const model = randomModel();
  const at = hookPoints(model.config);
  const all = await activationGradients(model, { tokens, targets, length, engine, at });
  for (const hook of at) {
    const { gradients } = await activationGradients(model, { tokens, targets, length, engine, at: [hook] });
    expect(gradients[hook]?.values, hook).toEqual(all.gradients[hook]?.values);
  }
});

test("the gradient of one logit is a row of the Jacobian", async () => {
  const model = randomModel();
  const hook = "blocks.1.hook_resid_pre";
  const logitGradient = new Float64Array(2 * length * 3);
  logitGradient[2 * 3 + 1] = 1;
  const options = { tokens, length, engine };
  const { gradients, logits } = await activationGradients(model, { ...options, logitGradient, at: [hook] });
  expect(logits).toEqual((await run(model, options)).logits);
  const moved = async (scale: number) => {
    const interventions = [{ hook, vector: [0, 0, 1, 0], scale, rows: [0], positions: [1] }] as const;
    return (await run(model, { ...options, interventions })).logits[2 * 3 + 1] ?? Number.NaN;
  };
  const slope = ((await moved(1e-5)) - (await moved(-1e-5))) / 2e-5;
  expect(gradients[hook].values[4 + 2]).toBeCloseTo(slope, 8);
  expect(Array.from(gradients[hook].values.subarray(12)).every((value) => value === 0)).toBe(true);
});

test("gradients under an intervention are those of the changed activation", async () => {
  const model = randomModel();
  const hook = "blocks.0.hook_resid_mid";
  const options = { tokens, targets, length, engine, at: ["blocks.0.hook_resid_pre", hook] as const };
  const direction = [1, 1, 0, 0];
  const interventions = [{ kind: "project", hook, direction }] as const;
  const { gradients } = await activationGradients(model, { ...options, interventions });
  const patched = await run(model, { tokens, length, engine, capture: [hook], interventions });
  const { values } = patched.captured[hook];
  const given = await activationGradients(model, {
    ...options,
    at: [hook],
    interventions: [{ kind: "patch", hook, values }],
  });
  for (const [i, value] of gradients[hook].values.entries()) {
    expect(value).toBeCloseTo(given.gradients[hook].values[i] ?? Number.NaN, 12);
  }
});

describe("refusals", () => {
  const model = randomModel();
  const attempt = (extra: object) =>
    activationGradients(model, { tokens, length, engine, at: ["hook_embed"], targets, ...extra });

  test.each<[string, object, new (...args: never[]) => Error]>([
    ["no hook point", { at: [] }, InvalidArgumentError],
    ["an unknown hook point", { at: ["hook_x"] }, InvalidArgumentError],
    ["two objectives", { logitGradient: new Float64Array(18) }, InvalidArgumentError],
    ["no objective", { targets: undefined }, InvalidArgumentError],
    ["too few targets", { targets: [1] }, ShapeError],
    ["a target that is not predicted", { targets: [3, 0, 0, 0, 0, 0] }, InvalidArgumentError],
    ["nothing but masked targets", { targets: [-1, -1, -1, -1, -1, -1] }, InvalidArgumentError],
    [
      "a gradient that is not finite",
      { targets: undefined, logitGradient: new Float64Array(18).fill(Number.NaN) },
      InvalidArgumentError,
    ],
  ])("%s", async (_, extra, kind) => {
    await expect(attempt(extra)).rejects.toThrow(kind);
  });
});
