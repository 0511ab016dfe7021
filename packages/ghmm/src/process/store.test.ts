import { describe, expect, test } from "vitest";
import { InvalidArgumentError } from "../numeric/errors.ts";
import { mess3 } from "../processes/mess3.ts";
import { zeroOneRandom } from "../processes/zero-one-random.ts";

describe("Process.step", () => {
  const process = zeroOneRandom({ p: 0.5 });

  test("writes the normalised update and returns the probability", () => {
    const out = new Float64Array(3);
    expect(process.step([0.5, 0.5, 0], 0, out)).toBe(0.5);
    expect(Array.from(out)).toEqual([0, 1, 0]);
  });

  test("out may be the belief itself", () => {
    const dense = mess3({ x: 0.15, a: 0.6 });
    const belief = Float64Array.of(0.2, 0.3, 0.5);
    const out = new Float64Array(3);
    const probability = dense.step(belief, 1, out);
    expect(dense.step(belief, 1, belief)).toBe(probability);
    expect(belief).toEqual(out);
  });

  test("an impossible token returns 0 and leaves out alone", () => {
    const out = Float64Array.of(7, 8, 9);
    expect(process.step([1, 0, 0], 1, out)).toBe(0);
    expect(process.step([1 - 1e-13, 1e-13, 0], 1, out)).toBe(0);
    expect(Array.from(out)).toEqual([7, 8, 9]);
    expect(process.step([1 - 1e-11, 1e-11, 0], 1, out)).toBeGreaterThan(0);
  });

  test.each([-1, 2, 0.5, Number.NaN])("refuses the token %s", (token) => {
    expect(() => process.step([1, 0, 0], token, new Float64Array(3))).toThrow(InvalidArgumentError);
    expect(() => process.operator(token)).toThrow(
      `Process.operator: token is ${token}. Give a token index from 0 to 1`,
    );
  });

  test("a process cannot be changed", () => {
    expect(Object.isFrozen(process)).toBe(true);
    expect(Object.isFrozen(process.alphabet)).toBe(true);
  });
});
