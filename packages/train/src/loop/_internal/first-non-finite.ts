import type { WeightArray } from "../../model/transformer.ts";
import type { CompiledPlan } from "../../plan/compile.ts";
import type { ParameterLayout } from "../../plan/parameter-layout.ts";

/** The first value of an array that is not finite, with its index; undefined if all are. */
export function firstNonFinite(
  values: ArrayLike<number>,
  from = 0,
  end = values.length,
): { readonly index: number; readonly value: number } | undefined {
  for (let index = from; index < end; index++) {
    const value = values[index] ?? Number.NaN;
    if (!Number.isFinite(value)) return { index, value };
  }
  return undefined;
}

/** Says which value of which tensor is meant. */
export function describeValue(tensor: string, value: number, index: number): string {
  return `${tensor} has ${value} at index ${index}`;
}

/** The first parameter of a flat vector that is not finite, described; undefined if all are. */
export function firstNonFiniteParameter(layout: ParameterLayout, flat: WeightArray): string | undefined {
  for (const { name, offset, count } of layout.entries.values()) {
    const found = firstNonFinite(flat, offset, offset + count);
    if (found !== undefined) return describeValue(`"${name}"`, found.value, found.index - offset);
  }
  return undefined;
}

/**
 * The first parameter whose part of a vector in gradient order is not finite, described; the last of the model, whose gradient is computed first, comes
 * first.
 */
export function firstNonFiniteGradient(
  { parameters, trainable }: CompiledPlan,
  flat: WeightArray,
  what = "the gradient of ",
): string | undefined {
  const order = [...parameters.entries.keys()];
  const runs = [...(trainable?.runs ?? [])].sort((a, b) => order.indexOf(b.parameter) - order.indexOf(a.parameter));
  for (const { parameter, gradientOffset, count } of runs) {
    const found = firstNonFinite(flat, gradientOffset, gradientOffset + count);
    if (found !== undefined) return describeValue(`${what}"${parameter}"`, found.value, found.index - gradientOffset);
  }
  return undefined;
}
