import { fc, test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import { rotaryTable } from "./rotary-table.ts";

const plain = { rotaryDim: 8, rotaryBase: 10000, rotaryScaling: null };

/** Angle of pair i at position t, from its cosine and sine. */
function angle(table: Float64Array, rotaryDim: number, t: number, i: number): number {
  const [cosine, sine] = [table[t * rotaryDim + i], table[t * rotaryDim + rotaryDim / 2 + i]];
  return Math.atan2(sine ?? Number.NaN, cosine ?? Number.NaN);
}

describe("the table of rotary angles", () => {
  test.prop([
    fc.integer({ min: 1, max: 6 }),
    fc.integer({ min: 1, max: 20 }),
    fc.double({ min: 2, max: 1e6, noNaN: true }),
  ])("has the cosine and sine of t base^(-2 i / rotaryDim) in row t", (pairs, length, rotaryBase) => {
    const table = rotaryTable({ ...plain, rotaryDim: 2 * pairs, rotaryBase }, length);
    expect(table.length).toBe(length * 2 * pairs);
    for (let t = 0; t < length; t++) {
      for (let i = 0; i < pairs; i++) {
        const expected = t * rotaryBase ** ((-2 * i) / (2 * pairs));
        expect(table[t * 2 * pairs + i]).toBeCloseTo(Math.cos(expected), 12);
        expect(table[t * 2 * pairs + pairs + i]).toBeCloseTo(Math.sin(expected), 12);
      }
    }
  });

  test("a longer table begins with a shorter one", () => {
    const long = rotaryTable(plain, 9);
    expect(long.subarray(0, 4 * 8)).toEqual(rotaryTable(plain, 4));
  });

  test("a linear scaling divides positions", () => {
    const scaled = rotaryTable({ ...plain, rotaryScaling: { kind: "linear", factor: 3 } }, 7);
    const unscaled = rotaryTable(plain, 3);
    for (let i = 0; i < 8; i++) expect(scaled[6 * 8 + i]).toBeCloseTo(unscaled[2 * 8 + i] ?? Number.NaN, 12);
  });

  test("Llama 3's scaling keeps short wavelengths, divides long ones and lies between elsewhere", () => {
    const factor = 8;
    const rotaryScaling = {
      kind: "llama3",
      factor,
      lowFrequencyFactor: 1,
      highFrequencyFactor: 4,
      originalContext: 64,
    } as const;
    const [scaled, unscaled] = [rotaryTable({ ...plain, rotaryScaling }, 2), rotaryTable(plain, 2)];
    // Turns within 64 positions: 10.2, 1.02, 0.1 and 0.01 of the four pairs.
    const ratios = [0, 1, 2, 3].map((i) => angle(scaled, 8, 1, i) / angle(unscaled, 8, 1, i));
    expect(ratios[0]).toBeCloseTo(1, 12);
    const share = (64 / (2 * Math.PI) / 10 - 1) / 3;
    expect(ratios[1]).toBeCloseTo((1 - share) / factor + share, 12);
    expect(ratios[2]).toBeCloseTo(1 / factor, 12);
    expect(ratios[3]).toBeCloseTo(1 / factor, 12);
  });
});
