import { fc, test } from "@fast-check/vitest";
import { InvalidArgumentError, NotNormalizedError, ShapeError } from "@semifactor/ghmm";
import { describe, expect } from "vitest";
import { capabilityKl } from "./capability-kl.ts";

const bits = [0, 1, 0, 1];

describe("capabilityKl", () => {
  test("by hand, two contexts", () => {
    const { perContext, mean, max } = capabilityKl({
      outcomes: 4,
      model: Float64Array.of(0.1, 0.4, 0.1, 0.4, 0.25, 0.25, 0.25, 0.25),
      capabilityOf: bits,
      bayes: Float64Array.of(0.5, 0.5, 0.95, 0.05),
    });
    const first = 0.5 * Math.log(0.5 / 0.2) + 0.5 * Math.log(0.5 / 0.8);
    const second = 0.95 * Math.log(1.9) + 0.05 * Math.log(0.1);
    expect(perContext[0]).toBeCloseTo(first, 14);
    expect(perContext[1]).toBeCloseTo(second, 14);
    expect(mean).toBeCloseTo((first + second) / 2, 14);
    expect(max).toBeCloseTo(Math.max(first, second), 14);
  });

  test.prop([fc.array(fc.integer({ min: 1, max: 99 }), { minLength: 4, maxLength: 4 })])(
    "moving mass between outcomes of one label changes nothing; the exact law gives 0",
    (weights) => {
      const sum = weights.reduce((a, b) => a + b, 0);
      const [a = 0, b = 0, c = 0, d = 0] = weights.map((w) => w / sum);
      const options = { outcomes: 4, capabilityOf: bits, bayes: Float64Array.of(0.3, 0.7) };
      const before = capabilityKl({ ...options, model: Float64Array.of(a, b, c, d) });
      const after = capabilityKl({ ...options, model: Float64Array.of(a + c, 0, 0, b + d) });
      expect(after.mean).toBeCloseTo(before.mean, 12);
      const exact = capabilityKl({
        ...options,
        bayes: Float64Array.of(a + c, b + d),
        model: Float64Array.of(a, b, c, d),
      });
      expect(Math.abs(exact.mean)).toBeLessThan(1e-15);
    },
  );

  test("a label the model excludes is infinitely bad; one that Bayes excludes costs only its mass", () => {
    const options = { outcomes: 2, capabilityOf: [0, 1] };
    expect(capabilityKl({ ...options, model: Float64Array.of(1, 0), bayes: Float64Array.of(0.5, 0.5) }).max).toBe(
      Number.POSITIVE_INFINITY,
    );
    expect(
      capabilityKl({ ...options, model: Float64Array.of(0.5, 0.5), bayes: Float64Array.of(1, 0) }).mean,
    ).toBeCloseTo(Math.LN2, 14);
  });

  test("takes more contexts than a call takes arguments", () => {
    const contexts = 200_000;
    const bayes = new Float64Array(2 * contexts).fill(0.5);
    const model = new Float64Array(2 * contexts).fill(0.5);
    model.set([0.25, 0.75], 10);
    expect(capabilityKl({ outcomes: 2, model, capabilityOf: [0, 1], bayes }).max).toBeCloseTo(
      0.5 * Math.log(4 / 3),
      12,
    );
  });

  test("refuses other shapes and rows that are no laws", () => {
    const good = {
      outcomes: 4,
      model: Float64Array.of(0.25, 0.25, 0.25, 0.25),
      capabilityOf: bits,
      bayes: Float64Array.of(0.5, 0.5),
    };
    expect(() => capabilityKl({ ...good, bayes: Float64Array.of(1) })).toThrow(ShapeError);
    expect(() => capabilityKl({ ...good, capabilityOf: [0, 1] })).toThrow(ShapeError);
    expect(() => capabilityKl({ ...good, model: new Float64Array(4) })).toThrow(NotNormalizedError);
    expect(() => capabilityKl({ ...good, bayes: Float64Array.of(1.5, -0.5) })).toThrow(InvalidArgumentError);
  });
});
