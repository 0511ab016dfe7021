import {
  beliefState,
  InvalidArgumentError,
  NotBlockInvariantError,
  nextTokenDistribution,
  type Process,
} from "@semifactor/ghmm";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { commutatorDefect } from "../structure/commutator.ts";
import { semiFactored } from "../structure/semi-factored.ts";
import { leakySector } from "./leaky-sector.ts";
import { personaZ1r } from "./persona-z1r.ts";

const aligned = Float64Array.from({ length: 36 }, (_, i) => (i % 7 === 0 && i < 18 ? 1 : 0));

/** P(persona = 1) after `steps` steps with all tokens unseen, from a pure state. */
function personaAfter(process: Process, state: number, steps: number): number {
  let belief = Float64Array.from({ length: 6 }, (_, s) => (s === state ? 1 : 0));
  for (let t = 0; t < steps; t++) {
    const next = new Float64Array(6);
    process.alphabet.forEach((_, token) => {
      const operator = process.operator(token);
      for (let s = 0; s < 6; s++)
        for (let to = 0; to < 6; to++) next[to] = (next[to] ?? 0) + (belief[s] ?? 0) * (operator[6 * s + to] ?? 0);
    });
    belief = next;
  }
  return (belief[3] ?? 0) + (belief[4] ?? 0) + (belief[5] ?? 0);
}

describe("leakySector", () => {
  test("golden: the commutator with the persona projector is .3 lambda, and only lambda 0 is semi-factored", () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-6, max: 1, noNaN: true }), (leak) => {
        const { process, structure } = leakySector({ leak });
        expect(commutatorDefect(process, aligned).defect).toBeCloseTo(0.3 * leak, 14);
        expect(() => semiFactored({ process, structure, blocks: "sectors" })).toThrow(NotBlockInvariantError);
      }),
    );
    const { process, partition, structure } = leakySector({ leak: 0 });
    expect(semiFactored({ process, structure, blocks: partition }).defect).toBe(0);
    for (let token = 0; token < 4; token++) expect(process.operator(token)).toEqual(personaZ1r().operator(token));
  });

  test("T28: the effect of setting the persona decays as (1 - lambda)^(visits to SR)", () => {
    const { process } = leakySector({ leak: 0.25 });
    for (let steps = 0; steps <= 12; steps++) {
      const effect = personaAfter(process, 3, steps) - personaAfter(process, 0, steps);
      // from S0 the phase is SR after two steps, and again every three
      expect(effect).toBeCloseTo(0.75 ** Math.floor(steps / 3), 12);
    }
  });

  test("at lambda 1 the past says nothing about the persona after SR", () => {
    const { process } = leakySector({ leak: 1 });
    const [first, second] = [
      [0, 1, 0],
      [2, 3, 2],
    ].map((word) => nextTokenDistribution(process, beliefState(process, word)));
    first?.forEach((value, token) => {
      expect(value).toBeCloseTo(second?.[token] ?? -1, 12);
    });
  });

  test("refuses bad parameters under its own name", () => {
    expect(() => leakySector({ leak: -0.1 })).toThrow(InvalidArgumentError);
    expect(() => leakySector({ leak: 0.1, random: [2, 0] })).toThrow("leakySector: random[0] is 2");
  });
});
