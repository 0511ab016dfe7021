import { describe, expect, test } from "vitest";
import { createHmm } from "../process/create.ts";
import { goldenMean } from "../processes/golden-mean.ts";
import { beliefMartingale } from "./belief-martingale.ts";

describe("beliefMartingale (T6)", () => {
  test("the weight of a block has no drift, whatever its value", () => {
    const twoCoins = createHmm({
      operators: [
        [
          [0.9, 0],
          [0, 0.2],
        ],
        [
          [0.1, 0],
          [0, 0.8],
        ],
      ],
      initial: [0.3, 0.7],
    });
    expect(beliefMartingale.residual({ process: twoCoins, functional: [1, 0], maxLength: 6 })).toBeLessThan(1e-14);
  });

  test("the probability of a state that mixes drifts by what its operator says", () => {
    // from the second state of the golden mean process the first follows for certain: 0 becomes 1
    const instance = { process: goldenMean({ p: 0.5 }), functional: [1, 0] };
    expect(beliefMartingale.residual(instance)).toBeCloseTo(1, 12);
  });

  test("the mean belief of a process started in a corner moves to its next law", () => {
    const corner = { ...goldenMean({ p: 0.5 }), initial: Float64Array.of(1, 0) };
    expect(beliefMartingale.residual({ process: corner, maxLength: 1 })).toBeCloseTo(0.5, 12);
  });
});

test("a functional of another length is refused", () => {
  const process = goldenMean({ p: 0.5 });
  expect(() => beliefMartingale.residual({ process, functional: [1] })).toThrow(
    "functional has 1 entries for 2 states",
  );
  expect(() => beliefMartingale.residual({ process, maxLength: Number.NaN })).toThrow("maxLength is NaN");
});
