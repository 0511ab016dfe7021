import { coin } from "@semifactor/ghmm";
import { checkTheorem } from "@semifactor/ghmm/theorems";
import { describe, expect, test } from "vitest";
import { personaZ1r } from "../families/persona-z1r.ts";
import { staticLabels } from "../families/static-labels.ts";
import { globalGauge } from "./global-gauge.ts";

describe("globalGauge (T25)", () => {
  test("makes a product of perfectly correlated labels, and correlated labels of a product", () => {
    for (const [alpha, target] of [
      [1, [0.25, 0.25, 0.25, 0.25]],
      [0, [0.5, 0, 0, 0.5]],
    ] as const) {
      const instance = { process: staticLabels({ alpha }), dimensions: [2, 2], target } as const;
      expect(globalGauge.residual(instance)).toBeLessThan(1e-13);
    }
  });

  test("without a change of basis the start stays where it was", () => {
    const [local] = globalGauge.counterexamples;
    // (1/2, 0, 0, 1/2) against the uniform belief
    expect(local === undefined ? 0 : globalGauge.residual(local.instance)).toBeCloseTo(0.25, 14);
  });

  test("a target of another norm is no belief", () => {
    const instance = { process: staticLabels(), dimensions: [2, 2], target: [1, 1, 0, 0] } as const;
    expect(globalGauge.residual(instance)).toBe(Number.POSITIVE_INFINITY);
  });

  test("applies to processes with two factors", () => {
    const process = personaZ1r();
    const factors = [
      { name: "persona", dimension: 2 },
      { name: "phase", dimension: 3 },
    ];
    const instance = globalGauge.instanceOf({ process, factors });
    expect(Array.from(instance?.target ?? [])).toEqual(new Array(6).fill(1 / 6));
    expect(instance === undefined ? false : checkTheorem(globalGauge, { instance }).holds).toBe(true);
    expect(globalGauge.instanceOf({ process: coin({ p: 0.5 }) })).toBeUndefined();
  });
});
