import { fc, test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import { InvalidArgumentError } from "../numeric/errors.ts";
import { anyKey } from "./_testing/keys.ts";
import { normal, randomBits, uniform } from "./draw.ts";
import { inverseNormalCdf } from "./inverse-normal.ts";
import { createKey } from "./key.ts";

describe("randomBits", () => {
  // JAX with jax_threefry_partitionable, as of JAX 0.5.
  test("golden: bits", () => {
    expect(Array.from(randomBits(createKey(0), 1))).toEqual([4070199207]);
    expect(Array.from(randomBits(createKey(10), 4))).toEqual([169096361, 1572511259, 2689743692, 2228103506]);
  });

  test.prop([anyKey, fc.nat(50), fc.nat(50)])("a shorter draw is a prefix of a longer one", (key, a, b) => {
    const [short, long] = [Math.min(a, b), Math.max(a, b)];
    expect(randomBits(key, short)).toEqual(randomBits(key, long).slice(0, short));
  });

  test("bad keys and counts are refused with their value", () => {
    expect(() => randomBits([0, 0], 1.5)).toThrow("randomBits: count is 1.5");
    expect(() => uniform([0, 0], Number.NaN)).toThrow("uniform: count is NaN");
    expect(() => normal([0, 0], -1)).toThrow("normal: count is -1");
    expect(() => randomBits([0, 0], 2 ** 31 + 1)).toThrow("Give an integer from 0 to 2147483648");
    // @ts-expect-error the compiler refuses it too
    expect(() => randomBits(7, 1)).toThrow(InvalidArgumentError);
  });
});

describe("uniform", () => {
  test("golden: uniform", () => {
    const expected = [0.471269, 0.12344253, 0.17550635, 0.5663593];
    const drawn = uniform(createKey(51), 4);
    for (const [i, value] of expected.entries()) expect(drawn[i]).toBeCloseTo(value, 7);
  });

  test.prop([anyKey])("values lie in [0, 1) and are float32", (key) => {
    for (const value of uniform(key, 20)) {
      expect(value).toBeGreaterThanOrEqual(0);
      expect(value).toBeLessThan(1);
      expect(Math.fround(value)).toBe(value);
    }
  });

  test.prop([anyKey])("is the top 23 bits of the draw", (key) => {
    const bits = randomBits(key, 10);
    expect(Array.from(uniform(key, 10), (value) => value * 2 ** 23)).toEqual(Array.from(bits, (draw) => draw >>> 9));
  });
});

describe("normal", () => {
  test("a draw is the quantile in the middle of its interval", () => {
    const bits = randomBits(createKey(3), 100);
    normal(createKey(3), 100).forEach((value, i) => {
      expect(value).toBe(inverseNormalCdf(((bits[i] ?? Number.NaN) + 0.5) / 2 ** 32));
    });
  });

  test("moments of 20 000 draws lie within five standard errors", () => {
    const draws = normal(createKey(3), 20_000);
    const moment = (power: number): number => draws.reduce((sum, x) => sum + x ** power, 0) / draws.length;
    const root = Math.sqrt(draws.length);
    expect(Math.abs(moment(1))).toBeLessThan(5 / root);
    expect(Math.abs(moment(2) - 1)).toBeLessThan((5 * Math.sqrt(2)) / root);
    expect(Math.abs(moment(4) - 3)).toBeLessThan((5 * Math.sqrt(96)) / root);
  });
});
