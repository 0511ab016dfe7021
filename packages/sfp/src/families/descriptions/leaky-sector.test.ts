import { netOperator } from "@semifactor/ghmm/internal";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { partitionDefect } from "../../structure/commutator.ts";
import { leakySector } from "../leaky-sector.ts";
import { quantityOf } from "./_testing/quantity-of.ts";
import { leakySectorDescription as family } from "./leaky-sector.ts";

const unit = fc.double({ min: 0, max: 1, noNaN: true });

describe("closed forms of leakySector", () => {
  test("the largest entry between blocks, for any personas", () => {
    fc.assert(
      fc.property(unit, fc.integer({ min: 2, max: 5 }), unit, unit, (leak, personas, p, q) => {
        const random = Array.from({ length: personas }, (_, i) => (i === 0 ? p : q));
        const options = { leak, random };
        const { process, partition, tokenSizes } = leakySector(options);
        const entry = quantityOf(family, options, "largest entry between blocks");
        expect(entry).toBeCloseTo(partitionDefect("test", process, partition).defect, 14);
        expect(tokenSizes).toEqual([2, 2]);
      }),
    );
  });

  // theory notes 2.7: .3 lambda at the parameters of semi
  test.each([0, 0.1, 0.5, 1])("golden: 0.3 lambda at lambda %d", (leak) => {
    expect(quantityOf(family, { leak }, "largest entry between blocks")).toBeCloseTo(0.3 * leak, 14);
  });

  test("with N personas the net effect of setting one decays by 1 - lambda at every visit to SR", () => {
    const [leak, personas] = [0.25, 4];
    const { process } = leakySector({ leak, personas });
    const d = 3 * personas;
    const net = netOperator(
      process.alphabet.map((_, token) => process.operator(token)),
      d,
    );
    const spread = (steps: number) => {
      const of = (start: number) => {
        let belief = Float64Array.from({ length: d }, (_, s) => (s === start ? 1 : 0));
        for (let t = 0; t < steps; t++) {
          const next = new Float64Array(d);
          belief.forEach((weight, s) => {
            for (let to = 0; to < d; to++) next[to] = (next[to] ?? 0) + weight * (net[s * d + to] ?? 0);
          });
          belief = next;
        }
        return belief.slice(9).reduce((sum, weight) => sum + weight, 0); // the last persona
      };
      return of(9) - of(0);
    };
    const left = quantityOf(family, { leak, personas }, "effect of the persona that is left after a visit to SR");
    for (let steps = 0; steps <= 9; steps++) expect(spread(steps)).toBeCloseTo(left ** Math.floor(steps / 3), 12);
  });

  test("quantities need the leak, as the family does", () => {
    expect(() => family.quantities()).toThrow("leakySector: leak is NaN");
  });
});
