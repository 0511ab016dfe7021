import { fc, test } from "@fast-check/vitest";
import { createKey, InvalidArgumentError, NotNormalizedError, normal, ShapeError, uniform } from "@semifactor/ghmm";
import { describe, expect } from "vitest";
import { randomDirection } from "./random-direction.ts";
import { steeringDirection } from "./steering-direction.ts";
import { steeringEffect } from "./steering-effect.ts";

const norm = (vector: ArrayLike<number>) => Math.hypot(...Array.from(vector));

describe("steeringDirection", () => {
  test.prop([fc.nat(1e6), fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 3 })], { numRuns: 30 })(
    "recovers h = belief . V + c",
    (seed, d, k) => {
      const rows = 40;
      const beliefs = uniform(createKey(seed), rows * k);
      const v = normal(createKey(seed + 1), k * d);
      const c = normal(createKey(seed + 2), d);
      const activations = Float64Array.from({ length: rows * d }, (_, at) => {
        const [n, i] = [Math.floor(at / d), at % d];
        let value = c[i] ?? 0;
        for (let j = 0; j < k; j++) value += (beliefs[n * k + j] ?? 0) * (v[j * d + i] ?? 0);
        return value;
      });
      const found = steeringDirection({ activations, dimension: d, beliefs });
      found.directions.forEach((value, at) => {
        expect(Math.abs(value - (v[at] ?? 0))).toBeLessThan(1e-10);
      });
      found.intercept.forEach((value, i) => {
        expect(Math.abs(value - (c[i] ?? 0))).toBeLessThan(1e-10);
      });
      found.norms.forEach((value, j) => {
        expect(value).toBeCloseTo(norm(v.subarray(j * d, (j + 1) * d)), 10);
      });
      expect(found.r2).toBeCloseTo(1, 10);
    },
  );

  test("it is where activations go, not what a probe reads: noise off the direction does not turn it", () => {
    // h = b (1, 1) + (s, -s), s large: the probe of b is (1/2, 1/2) up to noise; the direction is (1, 1) up to noise / sqrt(N).
    const rows = 4000;
    const b = uniform(createKey(1), rows);
    const s = normal(createKey(2), rows);
    const activations = Float64Array.from({ length: 2 * rows }, (_, at) => {
      const n = Math.floor(at / 2);
      return (b[n] ?? 0) + (at % 2 === 0 ? 1 : -1) * (s[n] ?? 0);
    });
    const { directions, r2 } = steeringDirection({ activations, dimension: 2, beliefs: b });
    // Standard error of each coefficient: 1 / sqrt(4000 / 12) = .055.
    expect(Math.abs((directions[0] ?? 0) - 1)).toBeLessThan(0.25);
    expect(((directions[0] ?? 0) + (directions[1] ?? 0)) / 2).toBeCloseTo(1, 10);
    expect(r2).toBeLessThan(0.15);
  });

  test("a whole probability vector is refused with the remedy", () => {
    const half = uniform(createKey(3), 30);
    const beliefs = Float64Array.from({ length: 60 }, (_, i) => {
      const p = half[Math.floor(i / 2)] ?? 0;
      return i % 2 === 0 ? p : 1 - p;
    });
    const call = () => steeringDirection({ activations: normal(createKey(4), 60), dimension: 2, beliefs });
    expect(call).toThrow(InvalidArgumentError);
    expect(call).toThrow(/column 1 is a linear combination.*one coordinate is redundant/);
  });

  test.each([
    [
      "equal activations",
      { activations: new Float64Array(20).fill(2) },
      InvalidArgumentError,
      "all 10 activation rows are equal",
    ],
    [
      "a constant belief",
      { beliefs: new Float64Array(10).fill(0.3) },
      InvalidArgumentError,
      "belief column 0 is constant (0.3",
    ],
    ["beliefs of other rows", { beliefs: new Float64Array(9) }, ShapeError, "beliefs has 9 entries"],
    ["too few rows", { beliefs: new Float64Array(100) }, ShapeError, "10 rows cannot determine 11"],
    [
      "NaN",
      { activations: normal(createKey(1), 20).with(3, Number.NaN) },
      InvalidArgumentError,
      "activations[1, 1] is NaN",
    ],
  ])("refuses %s", (_, change, Class, message) => {
    const good = { activations: normal(createKey(1), 20), dimension: 2, beliefs: uniform(createKey(2), 10) };
    expect(() => steeringDirection({ ...good, ...change })).toThrow(Class);
    expect(() => steeringDirection({ ...good, ...change })).toThrow(message);
  });
});

describe("randomDirection", () => {
  test.prop([fc.nat(1e6), fc.integer({ min: 1, max: 64 })])(
    "has the norm of like and depends on the key",
    (seed, d) => {
      const like = Float32Array.from(normal(createKey(seed), d), (value) => 5 * value + 1e-3);
      const drawn = randomDirection({ like, key: createKey(seed + 1) });
      expect(drawn).toHaveLength(d);
      expect(norm(drawn) / norm(like)).toBeCloseTo(1, 12);
      expect([...randomDirection({ like, key: createKey(seed + 1) })]).toEqual([...drawn]);
    },
  );

  test("directions of different keys are nearly orthogonal in high dimension", () => {
    const like = new Float64Array(1000).fill(1);
    const [a, b] = [randomDirection({ like, key: createKey(1) }), randomDirection({ like, key: createKey(2) })];
    const cosine = a.reduce((sum, value, i) => sum + value * (b[i] ?? 0), 0) / 1000;
    expect(Math.abs(cosine)).toBeLessThan(5 / Math.sqrt(1000));
  });

  test.each([[[]], [[0, 0]], [[1, Number.NaN]]])("refuses like = %j", (values) => {
    expect(() => randomDirection({ like: Float64Array.from(values), key: createKey(0) })).toThrow(InvalidArgumentError);
  });
});

describe("steeringEffect", () => {
  // outcome = 2 alignment + capability, laws = product of the two marginals
  const product = (q: number, y: number) => [(1 - q) * (1 - y), (1 - q) * y, q * (1 - y), q * y];
  const labels = { outcomes: 4, alignmentOf: [0, 0, 1, 1], capabilityOf: [0, 1, 0, 1], misalignedOutcomes: [[2, 3]] };
  const share = fc.double({ min: 0, max: 1, noNaN: true });

  test.prop([share, share, share, share])("total variation of each marginal of a product law", (q, y, q2, y2) => {
    const effect = steeringEffect({
      ...labels,
      base: Float64Array.from(product(q, y)),
      steered: Float64Array.from(product(q2, y2)),
    });
    expect(effect.mean.alignment).toBeCloseTo(Math.abs(q - q2), 12);
    expect(effect.mean.capability).toBeCloseTo(Math.abs(y - y2), 12);
    expect(effect.mean.qBase).toBeCloseTo(q, 12);
    expect(effect.mean.qSteered).toBeCloseTo(q2, 12);
  });

  test("no intervention has exactly no effect, and contexts are kept apart", () => {
    const base = Float64Array.from([...product(0.2, 0.3), ...product(0.1, 0.9)]);
    const sets = [[2, 3], [0]];
    const none = steeringEffect({ ...labels, misalignedOutcomes: sets, base, steered: base });
    expect([...none.alignment, ...none.capability]).toEqual([0, 0, 0, 0]);
    const steered = Float64Array.from([...product(0.9, 0.3), ...product(0.1, 0.9)]);
    const one = steeringEffect({ ...labels, misalignedOutcomes: sets, base, steered });
    expect(one.alignment[0]).toBeCloseTo(0.7, 12);
    expect(one.alignment[1]).toBe(0);
    expect(one.mean.alignment).toBeCloseTo(0.35, 12);
    expect(one.qBase[1]).toBeCloseTo(0.09, 12);
  });

  test("refuses laws and labels of other shapes", () => {
    const base = Float64Array.from(product(0.2, 0.3));
    expect(() => steeringEffect({ ...labels, base, steered: new Float64Array(8) })).toThrow(ShapeError);
    expect(() => steeringEffect({ ...labels, base, steered: new Float64Array(4) })).toThrow(NotNormalizedError);
    expect(() => steeringEffect({ ...labels, base, steered: base, capabilityOf: [0, 1] })).toThrow(ShapeError);
    expect(() => steeringEffect({ ...labels, base, steered: base, misalignedOutcomes: [[4]] })).toThrow(
      InvalidArgumentError,
    );
  });
});
