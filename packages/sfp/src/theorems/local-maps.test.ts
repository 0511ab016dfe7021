import { mess3 } from "@semifactor/ghmm";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { mutualInformation, schmidt } from "../entanglement/index.ts";
import { staticLabels } from "../families/static-labels.ts";
import { appliedToFirst } from "./_internal/maps.ts";
import { type LocalMapInstance, localMaps } from "./local-maps.ts";

const find = (part: string) => {
  const found = localMaps.counterexamples.find(({ description }) => description.startsWith(part));
  if (found === undefined) throw new Error(`no counterexample starts with ${part}`);
  return found.instance;
};

describe("localMaps (T21)", () => {
  test("(e) merging states raises S_sqrt while I falls: the numbers of the theory notes", () => {
    const { belief, map } = find("(e)");
    const merged = appliedToFirst(belief, map, 3);
    const entropy = (b: ArrayLike<number>, dA: number) => schmidt(b, [dA, 3], { embedding: "sqrt" }).entropy;
    expect(entropy(belief, 4)).toBeCloseTo(1.041396, 6);
    expect(entropy(merged, 3)).toBeCloseTo(1.087329, 6);
    expect(mutualInformation(belief, [4, 3])).toBeCloseTo(0.663028, 6);
    expect(mutualInformation(merged, [3, 3])).toBeCloseTo(0.573028, 6);
    expect(localMaps.residual(find("(e)"))).toBeCloseTo(1.087329 - 1.041396, 5);
    // the same map and belief satisfy the claim that is made, about I
    const { measure: _, ...claimed } = find("(e)");
    expect(localMaps.residual(claimed)).toBe(0);
  });

  test("(c) a filter that always succeeds would make 9 to 1 maximally entangled", () => {
    const before = -0.9 * Math.log2(0.9) - 0.1 * Math.log2(0.1);
    expect(localMaps.residual(find("(c)"))).toBeCloseTo(1 - before, 12);
  });

  test("(b), (f) S_amp changes under splitting and grows under noise", () => {
    expect(localMaps.residual(find("(b)"))).toBeCloseTo(0.069004592, 8);
    expect(localMaps.residual(find("(f)"))).toBeGreaterThan(0.08);
  });

  test("the arbitrary makes every claim, with correlated beliefs", () => {
    const drawn = fc.sample(localMaps.arbitrary, { numRuns: 300, seed: 3 });
    for (const claim of ["orthogonal", "splitting", "kraus", "stochastic"]) {
      const correlated = drawn.filter((it) => it.claim === claim && mutualInformation(it.belief, it.dimensions) > 0.01);
      expect(correlated.length).toBeGreaterThan(15);
    }
  });

  test("applies to the start of a process of two factors", () => {
    const two = [
      { name: "a", dimension: 2 },
      { name: "c", dimension: 2 },
    ];
    const instance: LocalMapInstance | undefined = localMaps.instanceOf({
      process: staticLabels({ alpha: 1 }),
      factors: two,
    });
    expect(instance?.claim).toBe("stochastic");
    expect(instance === undefined ? 1 : localMaps.residual(instance)).toBe(0);
    expect(localMaps.instanceOf({ process: mess3({ x: 0.15, a: 0.6 }) })).toBeUndefined();
  });
});
