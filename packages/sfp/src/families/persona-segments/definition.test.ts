import { InvalidArgumentError, ShapeError } from "@semifactor/ghmm";
import fc from "fast-check";
import { describe, expect, expectTypeOf, test } from "vitest";
import { misalignedGivenPersona, type PersonaSegments, personaSegments } from "./definition.ts";

describe("personaSegments", () => {
  test("has the study's defaults", () => {
    const process = personaSegments({ code: "pairs" });
    expect(process).toMatchObject({
      contexts: 12,
      perSequence: 3,
      segments: 4,
      emissions: 4,
      sharing: 1,
      misaligned: 0.3,
      noise: 0.0987,
      outputSize: 24,
      vocabularySize: 37,
      bosToken: 36,
      length: 21,
    });
    expect(personaSegments({ code: "direct" })).toMatchObject({ outputSize: 4, vocabularySize: 17, bosToken: 16 });
    expectTypeOf(process).toEqualTypeOf<PersonaSegments>();
  });

  test("has the study's misaligned symbols and capability rates for 12 contexts", () => {
    const { misalignedSymbol, rates } = personaSegments({ code: "pairs" });
    expect(misalignedSymbol).toEqual([3, 8, 1, 6, 11, 4, 9, 2, 7, 0, 5, 10]);
    expect(rates[0]).toEqual([0.05, 0.95, 0.1 + (0.8 * 7) / 11]);
    expect(rates[2]).toEqual([0.95, 0.05, 0.1 + (0.8 * 2) / 11]);
    // the order is numpy's RandomState(7).permutation(12)
    const order = rates.map((row) => Math.round(((row[2] - 0.1) * 11) / 0.8));
    expect(order).toEqual([7, 10, 2, 5, 0, 1, 11, 8, 3, 6, 9, 4]);
  });

  test("for any number of contexts the default symbols are a permutation without fixed points or swaps", () => {
    fc.assert(
      fc.property(fc.integer({ min: 3, max: 60 }), (contexts) => {
        const { misalignedSymbol, rates } = personaSegments({ code: "pairs", contexts });
        expect(new Set(misalignedSymbol).size).toBe(contexts);
        misalignedSymbol.forEach((symbol, c) => {
          expect(symbol).not.toBe(c);
          expect(misalignedSymbol[symbol]).not.toBe(c);
        });
        expect(Math.min(...rates.map((row) => row[2]))).toBeCloseTo(0.1, 12);
        expect(Math.max(...rates.map((row) => row[2]))).toBeCloseTo(0.9, 12);
      }),
    );
  });

  test("is plain data that survives JSON and feeds itself", () => {
    const process = personaSegments({ code: "direct", contexts: 5, sharing: 0.5 });
    expect(JSON.parse(JSON.stringify(process))).toEqual(process);
    expect(personaSegments(process)).toEqual(process);
  });

  test("the bits of two contexts have correlation lambda^2", () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.double({ min: 0.01, max: 0.99, noNaN: true }),
        (sharing, p) => {
          const process = personaSegments({ code: "direct", sharing, misaligned: p });
          const [r0, r1] = [misalignedGivenPersona(process, 0), misalignedGivenPersona(process, 1)];
          expect((1 - p) * r0 + p * r1).toBeCloseTo(p, 12);
          const covariance = (1 - p) * r0 * r0 + p * r1 * r1 - p * p;
          expect(covariance / (p * (1 - p))).toBeCloseTo(sharing ** 2, 10);
        },
      ),
    );
  });

  const rows = (count: number, row: readonly [number, number, number]) => new Array(count).fill(row);
  test.each([
    ["contexts", { contexts: 2 }, "contexts is 2"],
    ["contexts", { contexts: 3.5 }, "contexts is 3.5"],
    ["perSequence", { perSequence: 13 }, "perSequence is 13"],
    ["perSequence", { perSequence: 0 }, "perSequence is 0"],
    ["segments", { segments: 0 }, "segments is 0"],
    ["emissions", { emissions: -1 }, "emissions is -1"],
    ["sharing", { sharing: 1.1 }, "sharing is 1.1"],
    ["misaligned", { misaligned: 0 }, "misaligned is 0"],
    ["misaligned", { misaligned: 1 }, "misaligned is 1"],
    ["noise", { noise: 0.6 }, "noise is 0.6"],
    ["noise", { noise: Number.NaN }, "noise is NaN"],
    ["fixed point", { contexts: 3, misalignedSymbol: [0, 2, 1] }, "misalignedSymbol[0] is 0 itself"],
    ["swap", { contexts: 4, misalignedSymbol: [1, 0, 3, 2] }, "misalignedSymbol swaps 0 and 1"],
    ["twice", { contexts: 3, misalignedSymbol: [1, 2, 1] }, "misalignedSymbol"],
    ["symbol range", { contexts: 3, misalignedSymbol: [1, 2, 3] }, "misalignedSymbol[2] is 3"],
    ["rate", { contexts: 3, rates: rows(3, [0, 1, 1.5]) }, "rates[0][2] is 1.5"],
  ] as const)("refuses a bad %s", (_, options, message) => {
    const make = () => personaSegments({ code: "pairs", ...options });
    expect(make).toThrow(InvalidArgumentError);
    expect(make).toThrow(`personaSegments: ${message}`);
  });

  test("refuses tables of the wrong size", () => {
    expect(() => personaSegments({ code: "pairs", misalignedSymbol: [1, 2, 0] })).toThrow(ShapeError);
    expect(() => personaSegments({ code: "pairs", rates: rows(3, [0.5, 0.5, 0.5]) })).toThrow(ShapeError);
  });

  test("refuses an unknown code, also from untyped callers", () => {
    const options = JSON.parse('{ "code": "xor" }');
    expect(() => personaSegments(options)).toThrow('personaSegments: code is "xor"');
  });
});
