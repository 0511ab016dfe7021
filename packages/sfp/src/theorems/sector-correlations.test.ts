import { beliefState } from "@semifactor/ghmm";
import { checkTheorem } from "@semifactor/ghmm/theorems";
import { describe, expect, test } from "vitest";
import { personaMess3 } from "../families/persona-mess3.ts";
import { personaZ1r } from "../families/persona-z1r.ts";
import { phaseLockedZ1r } from "../families/phase-locked-z1r.ts";
import { sectorCorrelations } from "./sector-correlations.ts";

const personaAndPhase = [
  { name: "persona", dimension: 2 },
  { name: "phase", dimension: 3 },
];
const sectors = [
  [0, 1, 2],
  [3, 4, 5],
];

describe("sectorCorrelations (T18)", () => {
  test("holds along words of personas whose capability reveals them", () => {
    const process = personaMess3({ theta: 1 });
    const beliefs = [[], [3], [3, 4], [3, 4, 0, 5]].map((word) => beliefState(process, word));
    const instance = { beliefs, dimensions: [2, 3], blockOf: process.partition.blockOf } as const;
    expect(sectorCorrelations.residual(instance)).toBeLessThan(1e-13);
  });

  test("fails by the correlation within the parts for blocks that are no sectors", () => {
    const [graph] = sectorCorrelations.counterexamples;
    // each part is a perfectly correlated bit with S = I = 1, the whole has none: the second equation misses by 1 and more
    expect(graph === undefined ? 0 : sectorCorrelations.residual(graph.instance)).toBeGreaterThanOrEqual(1 - 1e-12);
  });

  test("applies to sector processes, with their beliefs arranged by the conserved factor", () => {
    const process = personaZ1r({ variant: "semi-s" });
    const instance = sectorCorrelations.instanceOf({ process, factors: personaAndPhase, blocks: sectors });
    expect(instance?.dimensions).toEqual([2, 3]);
    expect(instance?.beliefs.length).toBeGreaterThan(20);
    expect(instance === undefined ? false : checkTheorem(sectorCorrelations, { instance }).holds).toBe(true);
    const graph = phaseLockedZ1r();
    expect(
      sectorCorrelations.instanceOf({
        process: graph,
        factors: graph.structure.factors,
        blocks: graph.partition.blocks.map(({ states }) => states),
      }),
    ).toBeUndefined();
    expect(sectorCorrelations.instanceOf({ process })).toBeUndefined();
  });
});
