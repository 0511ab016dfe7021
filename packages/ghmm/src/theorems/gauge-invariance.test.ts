import { describe, expect, test } from "vitest";
import { mess3 } from "../processes/mess3.ts";
import { zeroOneRandom } from "../processes/zero-one-random.ts";
import { gaugeInvariance } from "./gauge-invariance.ts";

const basis = [
  [2, 0, 1],
  [0, 1, 0],
  [1, 0, 1],
];

describe("gaugeInvariance (T4)", () => {
  test("makes the image where none is given", () => {
    expect(gaugeInvariance.residual({ process: mess3({ x: 0.15, a: 0.6 }), basis })).toBeLessThan(1e-14);
  });

  test("an image of another process is told apart", () => {
    const image = zeroOneRandom({ p: 0.3 });
    const identity = basis.map((row, i) => row.map((_, j) => (i === j ? 1 : 0)));
    // SR -> S0 emits 1 with 0.3 instead of 0.5: the unnormalised state after "1" differs by 0.2 / 3
    const instance = { process: zeroOneRandom({ p: 0.5 }), basis: identity, image, maxLength: 1 };
    expect(gaugeInvariance.residual(instance)).toBeCloseTo(0.2 / 3, 12);
  });

  test("the tolerance grows with the square of the condition number", () => {
    const process = zeroOneRandom({ p: 0.5 });
    expect(gaugeInvariance.tolerance({ process, basis, condition: 10 })).toBeCloseTo(1e-10, 20);
  });
});
