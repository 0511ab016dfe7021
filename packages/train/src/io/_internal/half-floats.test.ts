import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { packHalves, unpackHalves } from "./half-floats.ts";

const types = ["F16", "BF16"] as const;
const allBits = Uint16Array.from({ length: 0x10000 }, (_, i) => i);

describe("16-bit floats", () => {
  test.each(types)("packing inverts unpacking on every number of %s", (type) => {
    const numbers = unpackHalves(allBits, type);
    const again = packHalves(numbers, type);
    const changed = [...again.keys()].filter((bits) => again[bits] !== bits && !Number.isNaN(numbers[bits]));
    expect(changed).toEqual([]);
    expect(numbers.filter(Number.isNaN).length).toBe(type === "F16" ? 2 * 1023 : 2 * 127);
  });

  // IEEE 754 binary16: largest 65504, smallest normal 2^-14, smallest subnormal 2^-24.
  test("known numbers of F16", () => {
    const values = Float64Array.of(1, -2, 65504, 65519, 65520, 2 ** -14, 2 ** -24, 2 ** -26, -0, Number.NaN);
    const bits = [0x3c00, 0xc000, 0x7bff, 0x7bff, 0x7c00, 0x0400, 0x0001, 0, 0x8000, 0x7e00];
    expect([...packHalves(values, "F16")]).toEqual(bits);
  });

  test("a BF16 is the upper half of a float32", () => {
    fc.assert(
      fc.property(fc.nat({ max: 0xffff }), (bits) => {
        const float = new Float32Array(Uint32Array.of(bits * 0x10000).buffer);
        expect(unpackHalves(Uint16Array.of(bits), "BF16")).toEqual(float);
      }),
    );
  });

  test.each(types)("no number of %s is nearer than the packed one, and ties go to the even one", (type) => {
    const finite = unpackHalves(allBits.subarray(0, 0x8000), type).filter(Number.isFinite);
    fc.assert(
      fc.property(fc.double({ min: 0, max: 70000, noNaN: true }), (value) => {
        const [bits = 0] = packHalves(Float64Array.of(value), type);
        const packed = finite[bits];
        if (packed === undefined) return;
        for (const neighbour of [bits - 1, bits + 1]) {
          const other = finite[neighbour];
          if (other === undefined) continue;
          const difference = Math.abs(other - value) - Math.abs(packed - value);
          expect(difference > 0 || (difference === 0 && bits % 2 === 0)).toBe(true);
        }
      }),
    );
    const [low = 0, high = 0] = [finite[1000], finite[1001]];
    expect([...packHalves(Float64Array.of((low + high) / 2), type)]).toEqual([1000]);
  });
});
