import { fc } from "@fast-check/vitest";
import { describe, expect, test } from "vitest";
import { InvalidArgumentError, UnsupportedError } from "../numeric/errors.ts";
import { coin } from "../processes/coin.ts";
import { mess3 } from "../processes/mess3.ts";
import { createKey } from "../random/key.ts";
import { checkTheorem } from "./check-theorem.ts";
import { normalization } from "./normalization.ts";
import type { Theorem } from "./theorem.ts";

/** "Every integer is below 50", which holds up to rounding of 0. */
const small: Theorem<number> = {
  id: "small",
  name: "Integers are below 50",
  statement: "$n < 50$",
  status: "standard",
  proof: "By counting.",
  use: "Tests.",
  needs: "a process of at least two states",
  instanceOf: ({ process }) => (process.stateDim > 1 ? process.stateDim : undefined),
  hypotheses: [{ id: "small integers", statement: "$n < 50$" }],
  arbitrary: fc.nat(49),
  residual: (n) => Math.max(0, n - 49),
  tolerance: () => 0.5,
  counterexamples: [{ drops: "small integers", description: "fifty", instance: 50 }],
};

describe("checkTheorem", () => {
  test("counts runs, keeps the worst instance, runs the counterexamples", () => {
    const check = checkTheorem({ ...small, residual: (n) => n / 1000 }, { runs: 200 });
    expect(check).toMatchObject({
      id: "small",
      holds: true,
      runs: 200,
      largestResidual: 0.049,
      worst: { instance: 49 },
    });
    expect(check.failure).toBeUndefined();
    expect(checkTheorem(small).counterexamples).toEqual([
      { drops: "small integers", description: "fifty", instance: 50, residual: 1, tolerance: 0.5, violates: true },
    ]);
  });

  test("shrinks a failing instance", () => {
    const check = checkTheorem({ ...small, arbitrary: fc.nat(1000) });
    expect(check.holds).toBe(false);
    expect(check.failure).toEqual({ instance: 50, residual: 1, tolerance: 0.5 });
    expect(check.worst.residual).toBeGreaterThan(0.5);
  });

  test("checks an instance of one's own", () => {
    const process = mess3({ x: 0.15, a: 0.6 });
    expect(checkTheorem(normalization, { instance: { process } })).toMatchObject({ holds: true, runs: 1 });
    const doubled = { ...process, initial: process.initial.map((value) => 2 * value) };
    const { holds, failure } = checkTheorem(normalization, { instance: { process: doubled } });
    expect(holds).toBe(false);
    expect(failure?.residual).toBeCloseTo(1, 12);
  });

  test("checks the instance that a process makes", () => {
    const process = mess3({ x: 0.15, a: 0.6 });
    expect(checkTheorem(small, { subject: { process } })).toMatchObject({
      holds: true,
      runs: 1,
      worst: { instance: 3 },
    });
    const doubled = { ...small, instanceOf: () => 51 };
    expect(checkTheorem(doubled, { subject: { process } })).toMatchObject({ holds: false, failure: { residual: 2 } });
  });

  test("a process that a theorem does not apply to is refused with what is missing", () => {
    const subject = { process: coin({ p: 0.5 }) };
    expect(() => checkTheorem(small, { subject })).toThrow(UnsupportedError);
    expect(() => checkTheorem(small, { subject })).toThrow(
      "small does not apply to the subject. It needs a process of at least two states.",
    );
    const { needs: _, ...silent } = small;
    expect(() => checkTheorem(silent, { subject })).toThrow("Give one that satisfies its hypotheses");
    expect(() => checkTheorem(small, { subject, instance: 3 })).toThrow("both an instance and a subject");
  });

  test("the same key draws the same instances, another one others", () => {
    const worst = (seed: number) =>
      checkTheorem(
        { ...small, arbitrary: fc.nat(10 ** 6), tolerance: () => 10 ** 6 },
        { key: createKey(seed), runs: 5 },
      ).worst;
    expect(worst(1)).toEqual(worst(1));
    expect(worst(1)).not.toEqual(worst(2));
  });

  test("a residual that is not a number is no proof", () => {
    expect(checkTheorem({ ...small, residual: () => Number.NaN }, { instance: 1 })).toMatchObject({
      holds: false,
      failure: { residual: Number.POSITIVE_INFINITY },
    });
  });

  test("an error in an instance is thrown, not counted", () => {
    const broken = () => {
      throw new RangeError("broken");
    };
    expect(() => checkTheorem({ ...small, residual: broken })).toThrow("broken");
  });

  test.each(["T1", undefined, {}])("refuses %o for a theorem", (theorem) => {
    const call = () => checkTheorem(theorem as unknown as Theorem<number>);
    expect(call).toThrow(InvalidArgumentError);
    expect(call).toThrow(`checkTheorem: theorem is ${JSON.stringify(theorem)}`);
  });

  test.each([0, -1, 1.5, Number.NaN, 1e9])("refuses %s runs", (runs) => {
    expect(() => checkTheorem(small, { runs })).toThrow(InvalidArgumentError);
    expect(() => checkTheorem(small, { runs })).toThrow(`runs is ${runs}`);
  });
});
