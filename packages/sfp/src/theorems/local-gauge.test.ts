import { tensorProduct, zeroOneRandom } from "@semifactor/ghmm";
import { checkTheorem } from "@semifactor/ghmm/theorems";
import { describe, expect, test } from "vitest";
import { phaseLockedZ1r } from "../families/phase-locked-z1r.ts";
import { staticLabels } from "../families/static-labels.ts";
import { localGauge } from "./local-gauge.ts";

const identity = (d: number) => Float64Array.from({ length: d * d }, (_, i) => (i % (d + 1) === 0 ? 1 : 0));

describe("localGauge (T24)", () => {
  test("nothing changes in the same basis, entropies included", () => {
    const process = phaseLockedZ1r({ kappa: 0.5 });
    expect(localGauge.residual({ process, dimensions: [3, 3], basis: identity(9), entropies: true })).toBeLessThan(
      1e-14,
    );
  });

  test("a global basis changes ranks by whole numbers", () => {
    const [global] = localGauge.counterexamples;
    expect(global?.instance === undefined ? 0 : localGauge.residual(global.instance)).toBeGreaterThanOrEqual(1);
  });

  test("stretching one state changes the entropy as computed by hand", () => {
    // labels of alpha = .5 have M = [[3, 1], [1, 3]] / 8; b S^-1 divides the second row by 3: [[9, 3], [1, 3]] / 24
    const entropy = ([a = 0, b = 0, c = 0, d = 0]: readonly number[]) => {
      const [trace, determinant] = [a * a + b * b + c * c + d * d, (a * d - b * c) ** 2];
      const spread = Math.sqrt(trace ** 2 / 4 - determinant);
      return [trace / 2 + spread, trace / 2 - spread].reduce((sum, x) => sum - (x / trace) * Math.log2(x / trace), 0);
    };
    const [, stretched] = localGauge.counterexamples;
    const start = Math.abs(entropy([3, 1, 1, 3]) - entropy([9, 3, 1, 3]));
    // the start is one of the beliefs
    expect(stretched === undefined ? 0 : localGauge.residual(stretched.instance)).toBeGreaterThanOrEqual(start - 1e-12);
    expect(start).toBeGreaterThan(0.05);
  });

  test("applies to a process with declared factors, and to no other", () => {
    const process = tensorProduct(zeroOneRandom({ p: 0.5 }), zeroOneRandom({ p: 0.3 }));
    const factors = [
      { name: "a", dimension: 3 },
      { name: "c", dimension: 3 },
    ];
    const instance = localGauge.instanceOf({ process, factors });
    expect(instance === undefined ? false : checkTheorem(localGauge, { instance }).holds).toBe(true);
    expect(localGauge.instanceOf({ process })).toBeUndefined();
    expect(localGauge.instanceOf({ process: staticLabels() })).toBeUndefined();
  });
});
