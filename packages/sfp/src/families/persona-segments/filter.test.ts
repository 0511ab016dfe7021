import { createKey, InvalidArgumentError, ShapeError, ZeroProbabilityError } from "@semifactor/ghmm";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { emissionProbability, enumerateAssignments } from "./_testing/enumeration.ts";
import { emissionToken } from "./code.ts";
import { type PersonaSegments, personaSegments } from "./definition.ts";
import { filterPersonaSegments } from "./filter.ts";
import { samplePersonaSegments } from "./sample.ts";

/** Posteriors after every token of one row by summing over all assignments. */
function enumeratePosteriors(process: PersonaSegments, row: ArrayLike<number>) {
  const assignments = enumerateAssignments(process);
  let weights = assignments.map(({ prior }) => prior);
  let context = 0;
  let emitted = 0;
  return Array.from({ length: row.length }, (_, t) => {
    const token = row[t] ?? -1;
    if (token < process.outputSize) {
      weights = assignments.map(
        (one, i) => (weights[i] ?? 0) * emissionProbability(process, one, context, emitted, token),
      );
      emitted++;
    } else if (t > 0) context = token - process.outputSize;
    const total = weights.reduce((sum, w) => sum + w, 0);
    const expectation = (value: (assignment: (typeof assignments)[number]) => number) =>
      assignments.reduce((sum, one, i) => sum + ((weights[i] ?? 0) / total) * value(one), 0);
    return {
      context,
      persona: expectation(({ persona }) => persona),
      bits: Array.from({ length: process.contexts }, (_, c) => expectation(({ bits }) => bits[c] ?? 0)),
      phase: [0, 1, 2].map((s) => expectation(({ phase }) => ((phase + emitted) % 3 === s ? 1 : 0))),
      predictive: Array.from({ length: process.outputSize }, (_, next) =>
        expectation((one) => emissionProbability(process, one, context, emitted, next)),
      ),
    };
  });
}

const cells = [0, 0.5, 1].flatMap((sharing) => (["direct", "pairs"] as const).map((code) => ({ sharing, code })));

describe.each(cells)("filterPersonaSegments, sharing $sharing, $code code", ({ sharing, code }) => {
  const process = personaSegments({ code, contexts: 3, sharing, noise: 0.13, misaligned: 0.3 });

  test("equals enumeration of all personas, context bits and phases", () => {
    const count = 4;
    const { tokens } = samplePersonaSegments(process, { key: createKey(5), count });
    const { length, outputSize } = process;
    const beliefs = filterPersonaSegments(process, tokens, { withContexts: true });
    let worst = 0;
    const compare = (value: number | undefined, exact: number) => {
      worst = Math.max(worst, Math.abs((value ?? Number.NaN) - exact));
      expect(value).toBeTypeOf("number");
    };
    for (let row = 0; row < count; row++) {
      const exact = enumeratePosteriors(process, tokens.subarray(row * length, (row + 1) * length));
      exact.forEach((expected, t) => {
        const at = row * length + t;
        compare(beliefs.persona[at], expected.persona);
        compare(beliefs.misaligned[at], expected.bits[expected.context] ?? Number.NaN);
        expected.bits.forEach((value, c) => {
          compare(beliefs.contexts?.[at * 3 + c], value);
        });
        expected.phase.forEach((value, s) => {
          compare(beliefs.phase[at * 3 + s], value);
        });
        expected.predictive.forEach((value, token) => {
          compare(beliefs.predictive[at * outputSize + token], beliefs.emissionNext[t] === 1 ? value : 0);
        });
      });
    }
    expect(worst).toBeLessThan(1e-12);
  });

  test("keeps its precision when long evidence one way is undone the other way", () => {
    const row = [process.bosToken, process.outputSize];
    const long = personaSegments({ ...process, emissions: 200 });
    for (let m = 0; m < 200; m++) {
      row.push(emissionToken(process, { context: 0, alignment: m < 100 ? 1 : 0, capability: m % 2 === 0 ? 0 : 1 }));
    }
    const { misaligned } = filterPersonaSegments(long, row, { length: row.length });
    expect(misaligned[101]).toBeCloseTo(1, 12);
    expect(misaligned[201]).toBeCloseTo(0.3, 10); // as many ones as zeros: the prior again
  });
});

describe("filterPersonaSegments", () => {
  const shared = personaSegments({ code: "pairs" });
  const independent = personaSegments({ code: "pairs", sharing: 0 });
  const { tokens } = samplePersonaSegments(shared, { key: createKey(1), count: 16 });

  test("marks the positions whose next token is an emission", () => {
    const { emissionNext } = filterPersonaSegments(shared, tokens);
    expect(Array.from(emissionNext)).toEqual([0, 1, 1, 1, 1, 0, 1, 1, 1, 1, 0, 1, 1, 1, 1, 0, 1, 1, 1, 1, 0]);
  });

  test("predictive rows are laws where an emission follows", () => {
    const { predictive, emissionNext } = filterPersonaSegments(shared, tokens);
    for (let at = 0; at < 16 * 21; at++) {
      const total = predictive.subarray(at * 24, (at + 1) * 24).reduce((sum, value) => sum + value, 0);
      expect(total).toBeCloseTo(emissionNext[at % 21] ?? -1, 12);
    }
  });

  test("a shared persona moves every context alike, an independent one leaves the others at the prior", () => {
    const one = filterPersonaSegments(shared, tokens, { withContexts: true });
    const other = filterPersonaSegments(independent, tokens, { withContexts: true });
    for (let at = 0; at < 16 * 21; at++) {
      for (let c = 0; c < 12; c++) expect(one.contexts?.[at * 12 + c]).toBeCloseTo(one.persona[at] ?? -1, 12);
      expect(other.persona[at]).toBeCloseTo(0.3, 14);
    }
    const fresh = other.contexts?.subarray(5 * 12, 6 * 12) ?? [];
    expect(Array.from(fresh).filter((value) => Math.abs(value - 0.3) < 1e-14).length).toBe(11);
  });

  test("rows do not influence each other and a prompt is a prefix", () => {
    const whole = filterPersonaSegments(shared, tokens);
    fc.assert(
      fc.property(fc.nat(15), fc.integer({ min: 1, max: 21 }), (row, length) => {
        const prompt = tokens.slice(row * 21, row * 21 + length);
        const { persona, phase } = filterPersonaSegments(shared, prompt, { length });
        expect(persona).toEqual(whole.persona.slice(row * 21, row * 21 + length));
        expect(phase).toEqual(whole.phase.slice(row * 63, row * 63 + 3 * length));
      }),
    );
  });

  test("refuses tokens out of place", () => {
    expect(() => filterPersonaSegments(shared, new Int32Array(22))).toThrow(ShapeError);
    expect(() => filterPersonaSegments(shared, [0], { length: 1 })).toThrow("row 0 starts with token 0");
    expect(() => filterPersonaSegments(shared, [36, 3], { length: 2 })).toThrow(
      "token 3 at position 1 of row 0 is not a context",
    );
    expect(() => filterPersonaSegments(shared, [36, 24, 24], { length: 3 })).toThrow(InvalidArgumentError);
    expect(() => filterPersonaSegments(shared, [36, 24, Number.NaN], { length: 3 })).toThrow("token NaN");
    expect(() => filterPersonaSegments(shared, [36, 24, 2], { length: 3 })).toThrow(ZeroProbabilityError);
  });

  test("without noise, contradictory bits have probability zero", () => {
    const exact = personaSegments({ code: "direct", noise: 0, contexts: 3, rates: new Array(3).fill([0.5, 0.5, 0.5]) });
    const prompt = [exact.bosToken, exact.outputSize, 2, 0];
    expect(filterPersonaSegments(exact, prompt.slice(0, 3), { length: 3 }).persona[2]).toBe(1);
    expect(() => filterPersonaSegments(exact, prompt, { length: 4 })).toThrow(
      "token 0 at position 3 of row 0 has probability zero",
    );
  });
});
