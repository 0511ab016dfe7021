import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compilePlan } from "../../plan/compile.ts";
import { tinyModel } from "../_testing/tiny-run.ts";
import { firstNonFinite, firstNonFiniteGradient, firstNonFiniteParameter } from "./first-non-finite.ts";

const { config, adapters } = tinyModel;
const plan = compilePlan({ config, adapters, batch: 1, length: 1, trainable: "all" });

describe("firstNonFinite", () => {
  test("is the first of a range", () => {
    fc.assert(
      fc.property(fc.array(fc.double()), fc.nat(10), (values, from) => {
        const index = values.findIndex((value, i) => i >= from && !Number.isFinite(value));
        const found = firstNonFinite(values, from);
        expect(found).toEqual(index < 0 ? undefined : { index, value: values[index] });
      }),
    );
    expect(firstNonFinite([1, Number.NaN], 0, 1)).toBeUndefined();
  });
});

describe("parameters and gradients", () => {
  const place = (name: string) => plan.parameters.entries.get(name)?.offset ?? Number.NaN;
  const run = (name: string) =>
    plan.trainable?.runs.find(({ parameter }) => parameter === name)?.gradientOffset ?? Number.NaN;

  test("the first parameter in the order of the model's vector is named, with its own index", () => {
    const flat = new Float64Array(plan.parameters.length);
    expect(firstNonFiniteParameter(plan.parameters, flat)).toBeUndefined();
    flat[place("ln_final.b") + 2] = Number.NaN;
    expect(firstNonFiniteParameter(plan.parameters, flat)).toBe('"ln_final.b" has NaN at index 2');
    flat[place("embed.W_E") + 7] = Number.NEGATIVE_INFINITY;
    expect(firstNonFiniteParameter(plan.parameters, flat)).toBe('"embed.W_E" has -Infinity at index 7');
  });

  test("of gradients the last parameter is named: the backward pass reaches it first", () => {
    const gradient = new Float64Array(plan.trainable?.gradientLength ?? 0);
    expect(firstNonFiniteGradient(plan, gradient)).toBeUndefined();
    gradient[run("embed.W_E") + 1] = Number.NaN;
    expect(firstNonFiniteGradient(plan, gradient)).toBe('the gradient of "embed.W_E" has NaN at index 1');
    gradient[run("unembed.b_U") + 3] = Number.POSITIVE_INFINITY;
    expect(firstNonFiniteGradient(plan, gradient)).toBe('the gradient of "unembed.b_U" has Infinity at index 3');
    expect(firstNonFiniteGradient(plan, gradient, "moment m of ")).toContain('moment m of "unembed.b_U"');
  });

  test("padding between parameters is not looked at", () => {
    const flat = new Float64Array(plan.parameters.length).fill(Number.NaN);
    for (const { offset, count } of plan.parameters.entries.values()) flat.fill(0, offset, offset + count);
    expect(firstNonFiniteParameter(plan.parameters, flat)).toBeUndefined();
  });
});
