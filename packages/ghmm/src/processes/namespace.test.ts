import { fc, test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import { stationaryState } from "../process/stationary.ts";
import { coin } from "./coin.ts";
import { evenOnes } from "./even-ones.ts";
import { goldenMean } from "./golden-mean.ts";
import { mess3 } from "./mess3.ts";
import { processes } from "./namespace.ts";
import { zeroOneRandom } from "./zero-one-random.ts";

const open = fc.double({ min: 0.01, max: 0.99, noNaN: true });
const anyProcess = fc.oneof(
  open.map((p) => processes.coin({ p })),
  open.map((p) => processes.goldenMean({ p })),
  open.map((p) => processes.evenOnes({ p })),
  open.map((p) => processes.zeroOneRandom({ p })),
  fc.tuple(open, open).map(([x, a]) => processes.mess3({ x: x / 2, a })),
);

describe("the named processes", () => {
  test("are the functions of their own names, and cannot be replaced", () => {
    expect(processes).toEqual({ coin, evenOnes, goldenMean, mess3, zeroOneRandom });
    expect(Object.isFrozen(processes)).toBe(true);
  });

  test.prop([anyProcess])("start in their stationary state", (process) => {
    const pi = stationaryState(process);
    process.initial.forEach((value, s) => {
      expect(Math.abs(value - (pi[s] ?? Number.NaN))).toBeLessThan(1e-12);
    });
    expect(process.certificate).toEqual({ kind: "hmm" });
  });
});
