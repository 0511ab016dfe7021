import { InvalidArgumentError } from "@semifactor/ghmm";
import { describe, expect, test } from "vitest";
import { completeConfig } from "./config.ts";
import { checkHookPoint, hookPoints, hookShape, isResidualHookPoint } from "./hook-points.ts";

const config = completeConfig({ nLayers: 2, dModel: 6, nHeads: 3, dMlp: 7, nCtx: 5, vocabularySize: 4 });

test("hook points are unique and in the order of the computation", () => {
  const points = hookPoints({ nLayers: 2 });
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
  expect(hookShape(config, hook, 4)).toEqual(shape);
});

test("interventions are possible at three points of every block and nowhere else", () => {
  expect(hookPoints(config).filter(isResidualHookPoint)).toEqual(
    [0, 1].flatMap((i) => ["pre", "mid", "post"].map((place) => `blocks.${i}.hook_resid_${place}`)),
  );
  expect(isResidualHookPoint("blocks.0.hook_resid_end")).toBe(false);
  expect(isResidualHookPoint("xblocks.0.hook_resid_pre")).toBe(false);
});

describe("checkHookPoint", () => {
  test("accepts every hook point of the model", () => {
    for (const hook of hookPoints(config)) expect(() => checkHookPoint("run", config, hook)).not.toThrow();
  });

  test.each(["blocks.2.hook_resid_pre", "hook_resid_pre", "blocks.0.attn.hook_o", ""])(
    'refuses "%s" by name',
    (hook) => {
      const attempt = () => checkHookPoint("run", config, hook);
      expect(attempt).toThrow(InvalidArgumentError);
      expect(attempt).toThrow(`no hook point "${hook}"`);
      expect(attempt).toThrow(/blocks\.1\.hook_resid_post/);
    },
  );
});
