import { createHmm, goldenMean } from "@semifactor/ghmm";
import { checkTheorem } from "@semifactor/ghmm/theorems";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { leakySector } from "../families/leaky-sector.ts";
import { personaZ1r } from "../families/persona-z1r.ts";
import { commutatorDefect } from "../structure/commutator.ts";
import { netConservation } from "./net-conservation.ts";

const firstPersona = Float64Array.from({ length: 36 }, (_, i) => (i % 7 === 0 && i < 18 ? 1 : 0));

describe("netConservation (T16)", () => {
  test("holds on random instances; the counterexamples violate it by the 0.3 of the theory notes", () => {
    const { holds, counterexamples } = checkTheorem(netConservation);
    expect(holds).toBe(true);
    expect(counterexamples.every(({ violates }) => violates)).toBe(true);
    const [oblique, signed] = counterexamples.map(({ residual }) => residual);
    // theory notes, T16: TPw = Pw yet max |[P, T^x]| = .3
    expect(oblique).toBeCloseTo(0.3, 14);
    // row (-1/2, 1) times diag(.8, .2), written in the new basis: entry -1/2 (.8 - .2)
    expect(signed).toBeCloseTo(0.3, 14);
  });

  test("random instances conserve, leak a little and mix", () => {
    const defects = fc
      .sample(netConservation.arbitrary, 200)
      .map(({ process, projectors }) => commutatorDefect(process, projectors[0] ?? []).defect);
    expect(defects.filter((defect) => defect === 0).length).toBeGreaterThan(20);
    expect(defects.filter((defect) => defect > 0 && defect < 1e-2).length).toBeGreaterThan(20);
    expect(defects.filter((defect) => defect > 0.05).length).toBeGreaterThan(20);
  });

  test("both inequalities, by hand: a leak through one entry, and through all of them", () => {
    // one token and two states: the net defect is the leak itself, and the first inequality is an equality
    const one = createHmm({
      operators: [
        [
          [1 - 0.2, 0.2],
          [0, 1],
        ],
      ],
      initial: [1, 0],
    });
    expect(netConservation.residual({ process: one, projectors: [[1, 0, 0, 0]] })).toBeLessThan(1e-15);
    // a leak divided equally over two tokens and two states outside: net 0.4, each entry 0.1, 0.4 <= 2 * 3 * 0.1
    const row = [0.3, 0.1, 0.1];
    const spread = createHmm({
      operators: [
        [row, [0, 0.5, 0], [0, 0, 0.5]],
        [row, [0, 0.5, 0], [0, 0, 0.5]],
      ],
      initial: [1, 0, 0],
    });
    expect(netConservation.residual({ process: spread, projectors: [[1, 0, 0, 0, 0, 0, 0, 0, 0]] })).toBeLessThan(
      1e-15,
    );
  });

  test("a subject needs blocks and non-negative operators", () => {
    const blocks = [
      [0, 1, 2],
      [3, 4, 5],
    ];
    const { process } = leakySector({ leak: 0.5 });
    expect(netConservation.instanceOf({ process, blocks })).toEqual({
      process,
      projectors: [firstPersona, firstPersona.toReversed()],
    });
    expect(netConservation.instanceOf({ process })).toBeUndefined();
    const signed = { ...process, certificate: { kind: "similar-to-hmm", hmm: process } } as const;
    expect(netConservation.instanceOf({ process: signed, blocks })).toBeUndefined();
    const semi = netConservation.instanceOf({ process: personaZ1r(), blocks });
    expect(semi === undefined ? 1 : netConservation.residual(semi)).toBeLessThan(1e-15);
  });

  test("what is no projector is refused", () => {
    const process = goldenMean({ p: 0.5 });
    expect(() => netConservation.residual({ process, projectors: [[1, 1, 0, 1]] })).toThrow(
      "projectors[0] is not idempotent",
    );
    expect(() => netConservation.residual({ process, projectors: [[1]] })).toThrow("projectors[0] has 1 entries");
  });
});
