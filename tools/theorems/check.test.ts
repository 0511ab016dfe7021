import { coin, goldenMean, UnsupportedError } from "@semifactor/ghmm";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { allHold, runTheorem } from "./check.ts";
import { smallTheorem } from "./testing/small-theorem.ts";

const random = { runs: 40, key: 7 };

describe("runTheorem", () => {
  test("a theorem that holds, with its residuals counted by powers of ten", () => {
    const scaled = { ...smallTheorem, residual: (n: unknown) => (n === 50 ? 1 : Number(n) / 1e4) };
    let last = 0;
    const { verdict, check, spread, reason } = runTheorem(scaled, random, (done) => {
      last = done;
    });
    expect({ verdict, reason, last }).toEqual({ verdict: "holds", reason: undefined, last: 40 });
    expect(check?.runs).toBe(40);
    expect(Object.values(spread).reduce((sum, count) => sum + count, 0)).toBe(40);
    expect(Object.keys(spread).every((name) => ["0", "1e-4", "1e-3"].includes(name))).toBe(true);
    expect(Object.keys(spread)).toEqual([...Object.keys(spread)].sort((a, b) => Number(a) - Number(b)));
  });

  test("the same key gives the same outcome", () => {
    const scaled = { ...smallTheorem, residual: (n: unknown) => (n === 50 ? 1 : Number(n) / 1e4) };
    expect(runTheorem(scaled, random).spread).toEqual(runTheorem(scaled, random).spread);
    expect(runTheorem(scaled, random).spread).not.toEqual(runTheorem(scaled, { runs: 40, key: 8 }).spread);
  });

  test("a theorem that is false, with the smallest failing instance", () => {
    const outcome = runTheorem({ ...smallTheorem, arbitrary: fc.nat(1000) }, random);
    expect(outcome).toMatchObject({ verdict: "FAILS", check: { failure: { instance: 50, residual: 1 } } });
    expect(outcome.reason).toBe("an instance has residual 1, its tolerance is 0.5");
    expect(allHold([outcome])).toBe(false);
  });

  test("a counterexample that is none", () => {
    const tame = { drops: "small", description: "three", instance: 3 };
    const outcome = runTheorem({ ...smallTheorem, counterexamples: [tame] }, random);
    expect(outcome).toMatchObject({ verdict: "FAILS", reason: "a counterexample (without small) has residual 0" });
  });

  test("an error is no verdict on the theorem, and no success", () => {
    const residual = () => {
      throw new RangeError("broken");
    };
    const outcome = runTheorem({ ...smallTheorem, residual }, random);
    expect(outcome).toMatchObject({ verdict: "ERROR", reason: "RangeError: broken" });
    expect(allHold([outcome])).toBe(false);
  });
});

describe("runTheorem of a process", () => {
  const subject = { process: goldenMean({ p: 0.5 }) };

  test("checks the instance that it makes", () => {
    const outcome = runTheorem(smallTheorem, { subject });
    expect(outcome).toMatchObject({ verdict: "holds", check: { runs: 1, worst: { instance: 2 } }, spread: { "0": 1 } });
  });

  test("says what is missing where it does not apply", () => {
    const outcome = runTheorem(smallTheorem, { subject: { process: coin({ p: 0.5 }) } });
    expect(outcome).toMatchObject({ verdict: "not checked", reason: "needs two states" });
    expect(allHold([outcome])).toBe(true);
  });

  test("a process that is too large for it, or not what it declares, is not checked; a fault of the program is an error", () => {
    const details = { source: "checkTheorem", problem: "d is 10^9", remedy: "Give less" };
    const throwing = (error: Error) => ({
      ...smallTheorem,
      instanceOf: () => {
        throw error;
      },
    });
    expect(runTheorem(throwing(new UnsupportedError(details)), { subject })).toMatchObject({
      verdict: "not checked",
      reason: "UnsupportedError: checkTheorem: d is 10^9. Give less.",
    });
    expect(runTheorem(throwing(new TypeError("x is undefined")), { subject })).toMatchObject({ verdict: "ERROR" });
  });
});
