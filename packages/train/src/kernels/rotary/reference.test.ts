import { fc, test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import { fillNormal, largestError, type NamedArena, namedArena } from "../_testing/named-call.ts";

interface Shape {
  readonly batch: number;
  readonly length: number;
  readonly heads: number;
  readonly dh: number;
  readonly rotaryDim: number;
  readonly interleaved: number;
}

const shape: fc.Arbitrary<Shape> = fc
  .record({
    batch: fc.integer({ min: 1, max: 2 }),
    length: fc.integer({ min: 1, max: 5 }),
    heads: fc.integer({ min: 1, max: 2 }),
    pairs: fc.integer({ min: 1, max: 4 }),
    rest: fc.integer({ min: 0, max: 3 }),
    interleaved: fc.constantFrom(0, 1),
  })
  .map(({ pairs, rest, ...others }) => ({ ...others, rotaryDim: 2 * pairs, dh: 2 * pairs + rest }));
const seeds = fc.integer({ min: 0, max: 2 ** 31 });

/** Angle i of position t: t 100^(-2 i / rotaryDim), as of a published model with base 100. */
const angle = (t: number, i: number, rotaryDim: number): number => t * 100 ** ((-2 * i) / rotaryDim);

/** An arena with random x and the table of {@link angle}. */
function rotaryArena({ batch, length, heads, dh, rotaryDim }: Shape, seed: number): NamedArena {
  const n = batch * length * heads * dh;
  const arena = namedArena({ x: n, y: n, table: length * rotaryDim });
  fillNormal(arena.values("x"), seed);
  const table = arena.values("table");
  for (let t = 0; t < length; t++) {
    for (let i = 0; i < rotaryDim / 2; i++) {
      table[t * rotaryDim + i] = Math.cos(angle(t, i, rotaryDim));
      table[t * rotaryDim + rotaryDim / 2 + i] = Math.sin(angle(t, i, rotaryDim));
    }
  }
  return arena;
}

const sumOfSquares = (values: Float64Array): number => values.reduce((sum, value) => sum + value * value, 0);

describe("rotary positions", () => {
  test.prop([shape, seeds])("a rotation keeps the norm of every head; the first position is not rotated", (s, seed) => {
    const arena = rotaryArena(s, seed);
    const [x, y] = [arena.values("x"), arena.values("y")];
    arena.call("rotary", { ...s, direction: 1 });
    for (let at = 0; at < x.length; at += s.dh) {
      expect(sumOfSquares(y.subarray(at, at + s.dh))).toBeCloseTo(sumOfSquares(x.subarray(at, at + s.dh)), 10);
      const position = Math.floor(at / (s.heads * s.dh)) % s.length;
      if (position === 0) expect(y.subarray(at, at + s.dh)).toEqual(x.subarray(at, at + s.dh));
      expect(y.subarray(at + s.rotaryDim, at + s.dh)).toEqual(x.subarray(at + s.rotaryDim, at + s.dh));
    }
  });

  test.prop([shape, seeds])("back after forward is the identity, in place", (s, seed) => {
    const arena = rotaryArena(s, seed);
    const before = arena.values("x").slice();
    arena.call("rotary", { ...s, direction: 1 });
    arena.values("x").set(arena.values("y"));
    arena.call("rotary", { ...s, direction: -1 });
    expect(largestError(arena.values("y"), before)).toBeLessThan(1e-14);
  });

  test.prop([shape, seeds])("turning back is the adjoint, so it is the backward pass", (s, seed) => {
    const arena = rotaryArena(s, seed);
    const [x, y] = [arena.values("x"), arena.values("y")];
    const product = (a: Float64Array, b: Float64Array): number => a.reduce((sum, v, i) => sum + v * (b[i] ?? NaN), 0);
    const input = x.slice();
    arena.call("rotary", { ...s, direction: 1 });
    const output = y.slice();
    fillNormal(x, seed + 1);
    const dOutput = x.slice();
    arena.call("rotary", { ...s, direction: -1 });
    expect(product(input, y)).toBeCloseTo(product(output, dOutput), 10);
  });

  test.prop([shape, seeds])("pair i is the complex number a + b i times e^(i angle)", (s, seed) => {
    const arena = rotaryArena(s, seed);
    const [x, y] = [arena.values("x"), arena.values("y")];
    arena.call("rotary", { ...s, direction: 1 });
    const last = (s.batch * s.length * s.heads - 1) * s.dh;
    for (let i = 0; i < s.rotaryDim / 2; i++) {
      const [a, b] = s.interleaved ? [2 * i, 2 * i + 1] : [i, i + s.rotaryDim / 2];
      const phase = angle(s.length - 1, i, s.rotaryDim) + Math.atan2(x[last + b] ?? 0, x[last + a] ?? 0);
      const size = Math.hypot(x[last + a] ?? 0, x[last + b] ?? 0);
      expect(y[last + a]).toBeCloseTo(size * Math.cos(phase), 12);
      expect(y[last + b]).toBeCloseTo(size * Math.sin(phase), 12);
    }
  });

  test.prop([fc.constantFrom(0, 1), fc.integer({ min: 1, max: 4 }), seeds])(
    "the product of a rotated query and a rotated key depends on the difference of their positions alone",
    (interleaved, pairs, seed) => {
      const length = 6;
      const s = { batch: 1, length, heads: 1, dh: 2 * pairs, rotaryDim: 2 * pairs, interleaved };
      const arena = rotaryArena(s, seed);
      // The same query and the same key at every position.
      const rotated = (offset: number): readonly Float64Array[] => {
        const x = arena.values("x");
        const draws = new Float64Array(s.dh);
        fillNormal(draws, seed + offset);
        for (let t = 0; t < length; t++) x.set(draws, t * s.dh);
        arena.call("rotary", { ...s, direction: 1 });
        return Array.from({ length }, (_, t) => arena.values("y").slice(t * s.dh, (t + 1) * s.dh));
      };
      const queries = rotated(1);
      const keys = rotated(2);
      const score = (i: number, j: number): number =>
        Array.from(queries[i] ?? []).reduce((sum, value, c) => sum + value * (keys[j]?.[c] ?? Number.NaN), 0);
      for (let i = 1; i < length; i++) {
        for (let j = 1; j <= i; j++) expect(score(i, j)).toBeCloseTo(score(i - j, 0), 10);
      }
    },
  );
});
