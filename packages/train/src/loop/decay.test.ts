import { InvalidArgumentError } from "@semifactor/ghmm";
import { describe, expect, test } from "vitest";
import { parameterLayout } from "../plan/parameter-layout.ts";
import { tinyModel, tinyRun } from "./_testing/tiny-run.ts";
import { type DecaySpec, withDecay } from "./decay.ts";
import { train } from "./train.ts";

const { config, adapters } = tinyModel;
const model = { layout: parameterLayout(config, adapters), adapters };
const decayed = (decay: DecaySpec) => {
  const spec = withDecay("all", decay, model, "test");
  if (typeof spec === "string") throw new Error("not resolved");
  return spec.filter((item) => item.decay).map(({ parameter }) => parameter);
};

describe("withDecay", () => {
  test("matrices is what the trainable set does by itself", () => {
    expect(withDecay("all", "matrices", model, "test")).toBe("all");
    const list = [{ parameter: "unembed.b_U" }];
    expect(withDecay(list, "matrices", model, "test")).toBe(list);
  });

  test("all, none and a function of the name", () => {
    expect(decayed("all")).toEqual([...model.layout.entries.keys()]);
    expect(decayed("none")).toEqual([]);
    expect(decayed((name) => name.startsWith("ln_final"))).toEqual(["ln_final.w", "ln_final.b"]);
  });

  test("what a trained parameter says of itself stays", () => {
    const list = [{ parameter: "unembed.b_U", decay: false }, { parameter: "embed.W_E" }];
    expect(withDecay(list, "all", model, "test")).toEqual([list[0], { parameter: "embed.W_E", decay: true }]);
  });

  test("adapters are resolved to their factors; a set that does not resolve is refused", () => {
    expect(withDecay("adapters", "none", model, "test")).toEqual([
      { parameter: "blocks.0.mlp.W_out.lora_A", decay: false },
      { parameter: "blocks.0.mlp.W_out.lora_B", decay: false },
    ]);
    const bare = { layout: parameterLayout(config, []), adapters: [] };
    expect(() => withDecay("adapters", "none", bare, "test")).toThrow(InvalidArgumentError);
  });
});

describe("decay in a step", () => {
  /** Weights after one step with a decay so strong that it shows, over those without. */
  const ratio = async (decay: DecaySpec, parameter: string) => {
    const step = async (weightDecay: number) => {
      const optimizer = { learningRate: 0.01, weightDecay, decay };
      const { model: trained } = await train({ ...tinyRun, steps: 1, optimizer });
      return trained.weights.get(parameter)?.[0] ?? Number.NaN;
    };
    return (await step(10)) - (await step(0));
  };
  const before = (name: string): number => tinyModel.weights.get(name)?.[0] ?? Number.NaN;

  test.each([
    ["matrices", "embed.W_E", true],
    ["matrices", "ln_final.w", false],
    ["all", "ln_final.w", true],
    ["none", "embed.W_E", false],
    [(name: string) => name === "ln_final.w", "ln_final.w", true],
    [(name: string) => name === "ln_final.w", "embed.W_E", false],
  ] as const)("%s: %s decays: %s", async (decay, parameter, decays) => {
    expect(await ratio(decay, parameter)).toBeCloseTo(decays ? -0.1 * before(parameter) : 0, 12);
  });
});
