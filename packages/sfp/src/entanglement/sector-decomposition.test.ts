import { createHmm, NotNormalizedError, ShapeError, UnsupportedError } from "@semifactor/ghmm";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { jointBelief } from "../arbitraries/beliefs.ts";
import { sectorProcess } from "../arbitraries/semi-factored-processes.ts";
import { personaZ1r } from "../families/persona-z1r.ts";
import { phaseLockedZ1r } from "../families/phase-locked-z1r.ts";
import { partition } from "../structure/partition.ts";
import { semiFactored } from "../structure/semi-factored.ts";
import { tensorStructure } from "../structure/tensor-structure.ts";
import { mutualInformation } from "./mutual-information.ts";
import { schmidt } from "./schmidt.ts";
import { sectorDecomposition } from "./sector-decomposition.ts";

/** A random sector process and a belief over its states. */
const instances = sectorProcess().chain((process) =>
  jointBelief({ maxDimension: 3 })
    .filter(({ belief }) => belief.length === process.stateDim)
    .map(({ belief }) => ({ process, belief })),
);

describe("sectorDecomposition (T18)", () => {
  test("parts add up to the whole, in bits and in nats, and the label's share is at most chi", () => {
    fc.assert(
      fc.property(instances, ({ process, belief }) => {
        const parts = sectorDecomposition(process, belief);
        const dimensions = [process.structure.factors[0].dimension, process.structure.factors[1].dimension] as const;
        expect(parts.entropy).toBeCloseTo(schmidt(belief, dimensions).entropy, 12);
        expect(parts.entropy).toBeCloseTo(parts.within + parts.chi, 10);
        expect(parts.information).toBeCloseTo(mutualInformation(belief, dimensions), 12);
        expect(parts.information).toBeCloseTo(parts.informationWithin + parts.informationLabel, 10);
        expect(parts.informationLabel).toBeLessThanOrEqual(parts.chi + 1e-10);
        expect(sectorDecomposition(process, belief, { unit: "nats" }).chi).toBeCloseTo(parts.chi * Math.LN2, 12);
      }),
      { numRuns: 50 },
    );
  });

  test("sectors of several states of the second of three factors: the correlation inside is found there", () => {
    const structure = tensorStructure({
      factors: [
        { name: "capability", dimension: 2 },
        { name: "persona", dimension: 4 },
        { name: "rest", dimension: 1 },
      ],
    });
    const sectors = [
      [[0], [1]],
      [
        [0, 1],
        [2, 3],
      ],
      [[0]],
    ] as const;
    const blocks = [0, 1].map((i) => [
      [0, i, 0],
      [1, i, 0],
    ]);
    const identity = Array.from({ length: 8 }, (_, s) => Float64Array.from({ length: 8 }, (_, t) => (s === t ? 1 : 0)));
    const initial = [0.25, 0, 0.25, 0, 0, 0.25, 0, 0.25];
    const process = semiFactored({
      process: createHmm({ operators: [identity], initial }),
      structure,
      blocks: partition({ structure, sectors, blocks }),
    });
    // inside each sector the persona's state is the capability's: one bit; the sector itself is independent of it
    const parts = sectorDecomposition(process, initial);
    expect(parts).toMatchObject({ informationLabel: expect.closeTo(0, 12), chi: expect.closeTo(0, 12) });
    expect(parts.within).toBeCloseTo(1, 12);
    expect(parts.informationWithin).toBeCloseTo(1, 12);
  });

  test("rounding below zero counts as zero, also in a sector of small weight, and more is refused", () => {
    const process = personaZ1r();
    const exact = sectorDecomposition(process, [0.5, 0.5, 0, 0, 0, 0]);
    for (const belief of [
      [0.5, 0.5, -1e-17, 0, 0, 0],
      [0.5, 0.5, 0, 1e-13, -1e-14, 0],
      [0.5, 0.5, 0, 4e-13, -5e-13, 0],
    ]) {
      const parts = sectorDecomposition(process, belief);
      expect(parts.information).toBeCloseTo(exact.information, 10);
      expect(parts.entropy).toBeCloseTo(parts.within + parts.chi, 10);
    }
    expect(() => sectorDecomposition(process, [0.6, 0.5, -0.1, 0, 0, 0])).toThrow(
      "sectorDecomposition: belief[2] is -0.1",
    );
    expect(() => sectorDecomposition(process, JSON.parse("null"))).toThrow("sectorDecomposition: belief is null");
  });

  test("refuses blocks that are no sectors and beliefs that are none", () => {
    const graph = phaseLockedZ1r();
    expect(() => sectorDecomposition(graph, graph.initial)).toThrow(UnsupportedError);
    expect(() => sectorDecomposition(graph, graph.initial)).toThrow("first phase and second phase");
    fc.assert(
      fc.property(sectorProcess(), (process) => {
        expect(() => sectorDecomposition(process, [1])).toThrow(ShapeError);
        expect(() => sectorDecomposition(process, new Float64Array(process.stateDim).fill(1))).toThrow(
          NotNormalizedError,
        );
      }),
      { numRuns: 5 },
    );
  });
});
