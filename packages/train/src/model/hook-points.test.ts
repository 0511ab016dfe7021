import { InvalidArgumentError } from "@semifactor/ghmm";
import { describe, expect, test } from "vitest";
import { architectures } from "./_testing/architectures.ts";
import { randomModel } from "./_testing/random-model.ts";
import { completeConfig } from "./config.ts";
import { checkHookPoint, hookLayout, hookPoints, hookShape, loraHookPoint } from "./hook-points.ts";

const config = completeConfig({ nLayers: 2, dModel: 6, nHeads: 3, dMlp: 7, nCtx: 5, vocabularySize: 4 });

test("hook points are unique and in the order of the computation", () => {
  const points = hookPoints(config);
  expect(new Set(points).size).toBe(points.length);
  expect(points.slice(0, 4)).toEqual([
    "hook_embed",
    "hook_pos_embed",
    "blocks.0.hook_resid_pre",
    "blocks.0.ln1.hook_normalized",
  ]);
  expect(points.at(-1)).toBe("ln_final.hook_normalized");
});

test.each([
  ["blocks.0.attn.hook_pattern", [3, 4, 4]],
  ["blocks.0.attn.hook_q", [4, 3, 2]],
  ["blocks.0.attn.hook_z", [4, 3, 2]],
  ["blocks.1.mlp.hook_pre", [4, 7]],
  ["blocks.1.mlp.hook_post", [4, 7]],
  ["blocks.1.hook_mlp_out", [4, 6]],
  ["blocks.1.hook_resid_post", [4, 6]],
  ["hook_pos_embed", [4, 6]],
  ["ln_final.hook_normalized", [4, 6]],
] as const)("%s has shape %j at length 4", (hook, shape) => {
  expect(hookShape(config, [], hook, 4)).toEqual(shape);
});

test("grouped queries, rotary positions, gates and norms after the layers have their own hook points", () => {
  const gemma = completeConfig({
    nLayers: 1,
    dModel: 6,
    nHeads: 4,
    dHead: 2,
    nKeyValueHeads: 2,
    nCtx: 5,
    vocabularySize: 4,
    gatedMlp: true,
    normalization: "pre-rms-norm",
    postNormalization: true,
    positional: "rotary",
  });
  const points = hookPoints(gemma);
  for (const hook of ["attn.hook_rot_q", "attn.hook_rot_k", "mlp.hook_pre_linear", "ln2_post.hook_normalized"]) {
    expect(points).toContain(`blocks.0.${hook}`);
    expect(hookPoints(config)).not.toContain(`blocks.0.${hook}`);
  }
  expect(points).not.toContain("hook_pos_embed");
  expect(hookShape(gemma, [], "blocks.0.attn.hook_rot_k", 3)).toEqual([3, 2, 2]);
  expect(hookShape(gemma, [], "blocks.0.attn.hook_z", 3)).toEqual([3, 4, 2]);
  expect(hookLayout(gemma, [], "blocks.0.attn.hook_pattern", 3)).toEqual({ groups: 4, width: 3 });
  expect(hookPoints(completeConfig({ ...config, attentionOnly: true, normalization: "none" }))).not.toContain(
    "blocks.0.hook_resid_mid",
  );
});

test("every enabled adapter has a hook point of its rank, at the end", () => {
  const model = randomModel({}, ["unembed.W_U", "blocks.0.mlp.W_in"]);
  const [first, second] = model.adapters;
  const adapters = [
    { ...first, name: "narrow" },
    { ...second, enabled: false },
  ] as typeof model.adapters;
  const points = hookPoints(model.config, adapters);
  expect(points.slice(-2)).toEqual(["ln_final.hook_normalized", "unembed.W_U.hook_lora.narrow"]);
  expect(hookShape(model.config, adapters, "unembed.W_U.hook_lora.narrow", 3)).toEqual([3, 2]);
});

test("the name of an adapter makes no pattern of what it reads", () => {
  const adapter = {
    name: "hook_pattern",
    target: "blocks.0.mlp.W_in",
    rank: 2,
    alpha: 1,
    rsLora: false,
    enabled: true,
  };
  const hook = loraHookPoint("blocks.0.mlp.W_in", adapter.name);
  expect(hookPoints(config, [adapter])).toContain(hook);
  expect(hookShape(config, [adapter], hook, 4)).toEqual([4, 2]);
});

test.each(architectures)("a shape has as many elements as the layout says: $name", ({ options }) => {
  const { config: its } = randomModel(options);
  for (const hook of hookPoints(its)) {
    const { groups, width } = hookLayout(its, [], hook, 3);
    expect(
      hookShape(its, [], hook, 3).reduce((product, size) => product * size, 1),
      hook,
    ).toBe(groups * 3 * width);
  }
});

describe("checkHookPoint", () => {
  test("accepts every hook point of the model", () => {
    for (const hook of hookPoints(config)) expect(() => checkHookPoint("run", config, [], hook)).not.toThrow();
  });

  test.each(["blocks.2.hook_resid_pre", "hook_resid_pre", "blocks.0.attn.hook_o", ""])(
    'refuses "%s" by name',
    (hook) => {
      const attempt = () => checkHookPoint("run", config, [], hook);
      expect(attempt).toThrow(InvalidArgumentError);
      expect(attempt).toThrow(`no hook point "${hook}"`);
      expect(attempt).toThrow(/blocks\.1\.hook_resid_post/);
    },
  );
});
