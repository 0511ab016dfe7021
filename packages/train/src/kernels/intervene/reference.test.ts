import { fc, test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import { fillNormal, largestError, namedArena } from "../_testing/named-call.ts";

interface Shape {
  readonly batch: number;
  readonly groups: number;
  readonly length: number;
  readonly width: number;
}

type Direction = "intervene_forward" | "intervene_backward";

const modes = { add: 0, projectOut: 1, clamp: 2, replace: 3, scale: 4 };

const shapes: fc.Arbitrary<Shape> = fc.record({
  batch: fc.integer({ min: 1, max: 3 }),
  groups: fc.integer({ min: 1, max: 2 }),
  length: fc.integer({ min: 1, max: 4 }),
  width: fc.integer({ min: 1, max: 5 }),
});
const seeds = fc.integer({ min: 0, max: 2 ** 31 });

/** Rows of length `width`. */
const rowsOf = (values: ArrayLike<number>, width: number): readonly (readonly number[])[] =>
  Array.from({ length: Math.floor(values.length / width) }, (_, r) =>
    Array.from(values).slice(r * width, (r + 1) * width),
  );

const dot = (a: readonly number[], b: readonly number[]): number =>
  a.reduce((sum, v, i) => sum + v * (b[i] ?? Number.NaN), 0);

/** One call on normal draws: the activation before and after, by vectors, with the strength of each vector. */
function intervene(
  kernel: Direction,
  { batch, groups, length, width }: Shape,
  mode: number,
  seed: number,
  change: { readonly strength?: (index: number) => number; readonly unit?: boolean } = {},
) {
  const n = batch * groups * length * width;
  const x = kernel === "intervene_forward" ? "x" : "d";
  const arena = namedArena({ [x]: n, values: mode === modes.replace ? n : width + 1, strength: batch * length });
  for (const [i, name] of [x, "values", "strength"].entries()) fillNormal(arena.values(name), seed + i);
  const { strength, unit = false } = change;
  if (strength !== undefined) arena.values("strength").set(arena.values("strength").map((_, i) => strength(i)));
  const values = arena.values("values");
  if (unit) {
    const norm = Math.hypot(...values.subarray(0, width));
    values.set(values.subarray(0, width).map((value) => value / norm));
  }
  const before = rowsOf(arena.values(x), width);
  arena.call(kernel, { batch, groups, length, width, mode });
  const strengths = before.map((_, r) => {
    const b = Math.floor(r / (groups * length));
    return arena.values("strength")[b * length + (r % length)] ?? Number.NaN;
  });
  return { before, after: rowsOf(arena.values(x), width), values: [...values], strengths };
}

describe("intervene_forward", () => {
  test.prop([shapes, seeds])("follows the formula of every mode", (shape, seed) => {
    const { width } = shape;
    for (const mode of Object.values(modes)) {
      const { before, after, values, strengths } = intervene("intervene_forward", shape, mode, seed);
      const v = values.slice(0, width);
      for (const [r, x] of before.entries()) {
        const s = strengths[r] ?? Number.NaN;
        const expected = x.map((value, j) => {
          const vj = v[j] ?? Number.NaN;
          if (mode === modes.add) return value + s * vj;
          if (mode === modes.projectOut) return value - s * dot(x, v) * vj;
          if (mode === modes.clamp) return value + s * ((values[width] ?? Number.NaN) - dot(x, v)) * vj;
          if (mode === modes.replace) return value + s * ((values[r * width + j] ?? Number.NaN) - value);
          return value * (1 + s * vj);
        });
        expect(largestError(after[r] ?? [], expected)).toBeLessThan(1e-13);
      }
    }
  });

  test.prop([shapes, seeds, fc.constantFrom(...Object.values(modes))])(
    "writes nothing where the strength is 0, not even the same number",
    (shape, seed, mode) => {
      const { before, after, strengths } = intervene("intervene_forward", shape, mode, seed, {
        strength: (i) => i % 2,
      });
      for (const [r, x] of before.entries()) if (strengths[r] === 0) expect(after[r]).toEqual(x);
    },
  );

  test.prop([shapes, seeds])("along a unit vector nothing is left, or what the clamp says", (shape, seed) => {
    const options = { unit: true, strength: () => 1 };
    const removed = intervene("intervene_forward", shape, modes.projectOut, seed, options);
    for (const x of removed.after) expect(dot(x, removed.values.slice(0, -1))).toBeCloseTo(0, 12);
    const clamped = intervene("intervene_forward", shape, modes.clamp, seed, options);
    const target = clamped.values.at(-1) ?? Number.NaN;
    for (const x of clamped.after) expect(dot(x, clamped.values.slice(0, -1))).toBeCloseTo(target, 12);
  });

  test.prop([shapes, seeds])("strength 1 replaces by exactly the values", (shape, seed) => {
    const { after, values } = intervene("intervene_forward", shape, modes.replace, seed, { strength: () => 1 });
    expect(after.flat()).toEqual(values);
  });

  test("one position of every sequence, all groups", () => {
    const arena = namedArena({ x: 16, values: 3, strength: 4 });
    arena.values("values").set([10, -10, 99]);
    arena.values("strength").set([0, 0.5, 0, 0.25]);
    arena.call("intervene_forward", { batch: 2, groups: 2, length: 2, width: 2, mode: modes.add });
    expect([...arena.values("x")]).toEqual([0, 0, 5, -5, 0, 0, 5, -5, 0, 0, 2.5, -2.5, 0, 0, 2.5, -2.5]);
  });
});

describe("intervene_backward", () => {
  test.prop([shapes, seeds, fc.constantFrom(...Object.values(modes))])(
    "leaves the gradient of a vector of strength 0, and of an added vector, as it is",
    (shape, seed, mode) => {
      const { before, after, strengths } = intervene("intervene_backward", shape, mode, seed, {
        strength: (i) => i % 2,
      });
      for (const [r, d] of before.entries()) {
        if (strengths[r] === 0 || mode === modes.add) expect(after[r]).toEqual(d);
      }
    },
  );

  test.prop([shapes, seeds])("nothing flows into what was replaced or, along v, clamped", (shape, seed) => {
    const options = { unit: true, strength: () => 1 };
    const replaced = intervene("intervene_backward", shape, modes.replace, seed, { strength: () => 1 });
    expect(replaced.after.flat().every((value) => value === 0)).toBe(true);
    for (const mode of [modes.projectOut, modes.clamp]) {
      const { after, values } = intervene("intervene_backward", shape, mode, seed, options);
      for (const d of after) expect(dot(d, values.slice(0, -1))).toBeCloseTo(0, 12);
    }
  });
});
