import { createHmm, createKey, InvalidArgumentError, NotConvergedError } from "@semifactor/ghmm";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { wordsOfLength } from "../_testing/words.ts";
import { semiFactoredProcess } from "../arbitraries/semi-factored-processes.ts";
import { personaMess3 } from "../families/persona-mess3.ts";
import { personaZ1r } from "../families/persona-z1r.ts";
import { phaseLockedZ1r } from "../families/phase-locked-z1r.ts";
import { staticLabels } from "../families/static-labels.ts";
import { blockLogOdds } from "./block-log-odds.ts";
import { blockProcess, withBlockWeights } from "./blocks.ts";
import { expectedDrift } from "./expected-drift.ts";
import { type SemiFactoredProcess, semiFactored } from "./semi-factored.ts";
import { tensorStructure } from "./tensor-structure.ts";

/** D(P_a || P_b) over the words of a length, in bits: the sum of the first drifts. */
function wordDivergence(process: SemiFactoredProcess, a: number, b: number, length: number): number {
  const other = blockProcess(process, b);
  const second = new Map(wordsOfLength(other, length).map(({ tokens, probability }) => [tokens.join(), probability]));
  return wordsOfLength(blockProcess(process, a), length).reduce((sum, { tokens, probability }) => {
    return sum + probability * Math.log2(probability / (second.get(tokens.join()) ?? 0));
  }, 0);
}

/** Two personas that toss coins of the given biases. */
function coins(first: number, second: number): SemiFactoredProcess {
  return staticLabels({ alpha: 1, first: [first, second], second: [0.5, 0.5] });
}

describe("expectedDrift", () => {
  test("golden: coins with epsilon .2 drift by 1.2 bits per step", () => {
    // theory notes T15 vii
    const { value, method, perStep } = expectedDrift(coins(0.2, 0.8), { block: 0, against: 3 });
    expect(value).toBeCloseTo(1.2, 12);
    expect(method).toBe("exact");
    expect(perStep.length).toBe(16);
    for (const step of perStep) expect(step).toBeCloseTo(1.2, 12);
    expect(expectedDrift(coins(0.2, 0.8), { block: 0, against: 3, unit: "nats" }).value).toBeCloseTo(
      1.2 * Math.LN2,
      12,
    );
  });

  test("for coins it is the divergence of their biases, in every method", () => {
    const bias = fc.double({ min: 0.05, max: 0.95, noNaN: true });
    fc.assert(
      fc.property(bias, bias, (p, q) => {
        const expected = p * Math.log2(p / q) + (1 - p) * Math.log2((1 - p) / (1 - q));
        const options = { block: 0, against: 3 };
        const process = coins(p, q);
        expect(Math.abs(expectedDrift(process, options).value - expected)).toBeLessThan(1e-12);
        const sampled = expectedDrift(process, {
          ...options,
          method: "monte-carlo",
          samples: 2,
          length: 3,
          key: createKey(1),
        });
        expect(Math.abs(sampled.value - expected)).toBeLessThan(1e-12);
        expect(sampled.standardError).toBeLessThan(1e-12);
      }),
      { numRuns: 30 },
    );
  });

  test("the drifts of all positions add up to the divergence of the words (brute force)", () => {
    fc.assert(
      fc.property(semiFactoredProcess(), (process) => {
        const { perStep } = expectedDrift(process, { block: 0, against: 1, maxStates: 1, method: "truncated" });
        const exact = expectedDrift(process, { block: 0, against: 1, steps: 4 });
        for (const drifts of [perStep, exact.perStep]) {
          const sum = drifts.subarray(0, 4).reduce((total, step) => total + step, 0);
          expect(Math.abs(sum - wordDivergence(process, 0, 1, 4))).toBeLessThan(1e-9);
        }
      }),
      { numRuns: 4 },
    );
  });

  test("a finite presentation: exact, enumerated and sampled agree on personas over Z1R", () => {
    for (const variant of ["semi", "semi-s"] as const) {
      const process = personaZ1r({ variant });
      const options = { block: 0, against: 1 };
      const exact = expectedDrift(process, options);
      expect(exact.method).toBe("exact");
      // synchronised: each mark tells its divergence, and one step in three the capability bit .6 log2 4
      if (variant === "semi") expect(exact.value).toBeCloseTo(Math.log2(3) / 2 + 1.2 / 3, 12);
      const enumerated = expectedDrift(process, { ...options, method: "truncated" });
      expect(Math.abs(enumerated.value - exact.value)).toBeLessThan(1e-9);
      expect(Math.abs((enumerated.lower ?? 0) - exact.value)).toBeLessThan(1e-9);
      expect(Math.abs((enumerated.upper ?? 0) - exact.value)).toBeLessThan(1e-9);
      enumerated.perStep.forEach((step, t) => {
        expect(Math.abs(step - (exact.perStep[t] ?? 0))).toBeLessThan(1e-9);
      });
      const key = createKey(4);
      const sampled = expectedDrift(process, { ...options, method: "monte-carlo", key });
      expect(sampled).toMatchObject({ method: "monte-carlo", n: 200, key });
      const { standardError = 0 } = sampled;
      expect(standardError).toBeGreaterThan(0);
      expect(Math.abs(sampled.value - exact.value)).toBeLessThan(4 * standardError);
    }
  });

  test("an infinite presentation: bounds that hold what sampling finds, and log odds that move at that rate", () => {
    const process = personaMess3({ theta: 1 });
    const options = { block: 0, against: 1 };
    const bounded = expectedDrift(process, options);
    const { lower = 0, upper = 0 } = bounded;
    expect(bounded.method).toBe("truncated");
    expect(upper - lower).toBeLessThan(0.05);
    expect(lower).toBeGreaterThan(0.08);
    const key = createKey(9);
    const { value, standardError = 0 } = expectedDrift(process, { ...options, method: "monte-carlo", key });
    expect(value).toBeGreaterThan(lower - 3 * standardError);
    expect(value).toBeLessThan(upper + 3 * standardError);
    expect(Math.abs(value - bounded.value)).toBeLessThan(4 * standardError);
    // the mean of log odds over all words of five tokens, weighted as the first block weighs them
    let mean = 0;
    for (const { tokens, probability } of wordsOfLength(blockProcess(process, 0), 4)) {
      const { logOdds } = blockLogOdds(process, { tokens, count: 1, length: 4 }, { blocks: [0, 1] });
      mean += probability * ((logOdds[4] ?? 0) - (logOdds[0] ?? 0));
    }
    expect(mean).toBeCloseTo(
      bounded.perStep.subarray(0, 4).reduce((sum, step) => sum + step, 0),
      10,
    );
  });

  test("is infinite where a word of the block is impossible in the other, from where it can occur", () => {
    const [one, other] = [coins(0.5, 0), coins(0, 0.5)];
    expect(expectedDrift(one, { block: 0, against: 3 }).value).toBe(Infinity);
    expect(expectedDrift(one, { block: 0, against: 3, method: "truncated" }).value).toBe(Infinity);
    expect(expectedDrift(one, { block: 0, against: 3, method: "monte-carlo", key: createKey(0) }).value).toBe(Infinity);
    // the other way round every word of the certain coin is possible: log2 2 bits
    expect(expectedDrift(other, { block: 0, against: 3 }).value).toBeCloseTo(1, 12);
    // phases that must differ: blocks of the difference exclude each other's words in time
    const { value, perStep } = expectedDrift(phaseLockedZ1r(), { block: 0, against: 1 });
    expect(value).toBe(Infinity);
    expect(perStep[0]).toBeLessThan(1);
    expect(perStep.at(-1)).toBe(Infinity);
  });

  test("a block with a transient start: the value is the long run, not the start", () => {
    // block 0 tosses a fair coin once and then the .2 coin for ever; block 1 tosses the .8 coin
    const operator = (p: readonly number[]) => [
      [0, p[0] ?? 0, 0, 0],
      [0, p[1] ?? 0, 0, 0],
      [0, 0, 0, p[2] ?? 0],
      [0, 0, 0, p[2] ?? 0],
    ];
    const process = semiFactored({
      process: createHmm({
        operators: [operator([0.5, 0.8, 0.2]), operator([0.5, 0.2, 0.8])],
        initial: [0.5, 0, 0.5, 0],
      }),
      structure: tensorStructure({
        factors: [
          { name: "persona", dimension: 2 },
          { name: "step", dimension: 2 },
        ],
      }),
      blocks: "sectors",
    });
    for (const method of ["exact", "truncated"] as const) {
      const { value, perStep, lower = 1.2, upper = 1.2 } = expectedDrift(process, { block: 0, against: 1, method });
      expect(value).toBeCloseTo(1.2, 9);
      expect(perStep[0]).toBeCloseTo(0.5 * Math.log2(0.25 / 0.16), 12);
      expect([lower, upper].every((bound) => Math.abs(bound - 1.2) < 1e-9)).toBe(true);
    }
  });

  test("identical blocks do not drift", () => {
    const { value, perStep } = expectedDrift(coins(0.3, 0.3), { block: 0, against: 3 });
    expect(value).toBe(0);
    expect(Math.max(...perStep)).toBe(0);
  });
});

describe("expectedDrift refuses", () => {
  const process = personaZ1r();

  test("an exact answer where there is none", () => {
    expect(() => expectedDrift(personaMess3({ theta: 1 }), { block: 0, against: 1, method: "exact" })).toThrow(
      NotConvergedError,
    );
  });

  test("bad blocks and options, with the value", () => {
    const bad = (options: object, message: string) => {
      expect(() => expectedDrift(process, { block: 0, against: 1, ...options })).toThrow(InvalidArgumentError);
      expect(() => expectedDrift(process, { block: 0, against: 1, ...options })).toThrow(message);
    };
    bad({ against: 0 }, "both blocks are 0");
    bad({ block: 5 }, "block is 5");
    bad({ tolerance: Number.NaN }, "tolerance is NaN");
    bad({ maxStates: 0 }, "maxStates is 0");
    bad({ steps: 0.5 }, "steps is 0.5");
    bad({ method: "guess" }, "method is");
    bad({ method: "monte-carlo" }, "key is undefined");
    bad({ method: "monte-carlo", samples: 1, key: createKey(0) }, "samples is 1");
    bad({ method: "monte-carlo", length: 5, burnIn: 5, key: createKey(0) }, "burnIn is 5");
    bad({ unit: "bans" }, "unit is bans");
    expect(() => expectedDrift(withBlockWeights(process, [0, 1]), { block: 0, against: 1 })).toThrow("weight 0");
  });
});
