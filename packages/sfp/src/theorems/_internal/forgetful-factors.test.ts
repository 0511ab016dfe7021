import { netOperator, operatorsOf, vectorTimesMatrix } from "@semifactor/ghmm/internal";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { stochasticMatrix } from "../../arbitraries/beliefs.ts";
import { forgetfulFactor, mixingFactor, reversibleChain, withEmissions } from "./forgetful-factors.ts";

test("the net operator of a process is the one it was made from", () => {
  const net = Float64Array.of(0.25, 0.75, 0.5, 0.5);
  const process = withEmissions(net, 2, [0.25, 1]);
  expect(Array.from(netOperator(operatorsOf(process), 2))).toEqual(Array.from(net));
  expect(process.operator(1)[0]).toBe(0.25 * 0.25);
});

test("a forgetful factor keeps mu_c of a difference at state c", () => {
  const { process, dimensions, memory } = forgetfulFactor(
    [0.5, 0.25],
    Float64Array.of(0.9, 0.1, 0.3, 0.7),
    Float64Array.of(0.2, 0.8, 1, 0),
    2,
  );
  expect([dimensions, memory]).toEqual([
    [2, 2],
    [0.5, 0.25],
  ]);
  const net = netOperator(operatorsOf(process), 4);
  const after = new Float64Array(4);
  vectorTimesMatrix([-1, 0, 1, 0], net, 4, after); // (-1, 1) at c = 0
  [-0.1, -0.4, 0.1, 0.4].forEach((value, s) => {
    expect(after[s]).toBeCloseTo(value, 14);
  });
});

describe("mixing factors", () => {
  test("reversible chains obey detailed balance with the stationary law", () => {
    fc.assert(
      fc.property(stochasticMatrix(3, 3), (weights) => {
        const chain = reversibleChain(weights, 3);
        const { stationary } = mixingFactor(chain, Float64Array.of(1, 1, 1), 3, 1);
        for (let a = 0; a < 3; a++) {
          expect(chain.subarray(3 * a, 3 * a + 3).reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 13);
          for (let to = 0; to < 3; to++) {
            const flow = (stationary[a] ?? 0) * (chain[3 * a + to] ?? 0);
            expect(flow).toBeCloseTo((stationary[to] ?? 0) * (chain[3 * to + a] ?? 0), 12);
          }
        }
      }),
    );
  });

  test("two states: the rate is the trace minus one", () => {
    const { rate, stationary } = mixingFactor(Float64Array.of(0.9, 0.1, 0.3, 0.7), Float64Array.of(1, 1), 2, 1);
    expect(rate).toBeCloseTo(0.6, 14);
    expect(stationary[0]).toBeCloseTo(0.75, 13);
  });
});
