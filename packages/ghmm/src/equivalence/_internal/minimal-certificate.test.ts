import { describe, expect, test } from "vitest";
import { HMM_CERTIFICATE, type Process } from "../../process/process.ts";
import { coin } from "../../processes/coin.ts";
import { mess3 } from "../../processes/mess3.ts";
import { imagesOf, inBasisOfRays, raysOf } from "./minimal-certificate.ts";

const identity = Float64Array.of(1, 0, 0, 1);
const ones = Float64Array.of(1, 1);

describe("raysOf", () => {
  test("the states of an HMM, the rays of a cone, nothing else", () => {
    expect(raysOf(mess3({ x: 0.15, a: 0.6 }))).toHaveLength(3);
    const rays = [Float64Array.of(2)];
    const process = (certificate: Process["certificate"]): Process => ({ ...coin({ p: 0.5 }), certificate });
    expect(raysOf(process({ kind: "cone", rays }))).toBe(rays);
    expect(raysOf(process({ kind: "kraus", dimension: 1 }))).toBeUndefined();
  });
});

describe("imagesOf", () => {
  test("scales to r . w = 1, keeps each direction once, and leaves out what has no future", () => {
    const rays = [Float64Array.of(2, 0), Float64Array.of(5, 1e-12), Float64Array.of(1, 3), Float64Array.of(0, 0)];
    expect(imagesOf(rays, identity, ones).map((ray) => Array.from(ray))).toEqual([
      [1, 0],
      [0.25, 0.75],
    ]);
  });
});

describe("inBasisOfRays", () => {
  // A coin of two states in the coordinates (1, 1), (1, -1): its rays are the images of the states.
  const parts = {
    operators: [Float64Array.of(0.5, 0.1, 0.1, 0.5), Float64Array.of(0.5, -0.1, -0.1, 0.5)],
    initial: Float64Array.of(1, 0),
    normalizer: Float64Array.of(1, 0),
    alphabet: ["0", "1"],
    certificate: HMM_CERTIFICATE,
  };
  const rays = [Float64Array.of(1, 1), Float64Array.of(1, -1)];

  test("makes the rays the states of an HMM", () => {
    const result = inBasisOfRays(parts, rays);
    expect(Array.from(result?.parts.initial ?? [])).toEqual([expect.closeTo(0.5, 14), expect.closeTo(0.5, 14)]);
    expect(result?.parts.normalizer).toEqual(ones);
    [0.6, 0, 0, 0.4].forEach((value, i) => {
      expect(result?.parts.operators[0]?.[i]).toBeCloseTo(value, 14);
    });
    expect(result?.parts.operators[0]?.every((value) => value >= 0)).toBe(true);
  });

  test("gives up with more rays than dimensions, nearly dependent rays, or operators that leave their cone", () => {
    expect(inBasisOfRays(parts, [...rays, Float64Array.of(1, 0)])).toBeUndefined();
    expect(inBasisOfRays(parts, [Float64Array.of(1, 1), Float64Array.of(1, 1 - 1e-6)])).toBeUndefined();
    expect(inBasisOfRays(parts, [Float64Array.of(1, 0.1), Float64Array.of(1, -0.05)])).toBeUndefined();
  });
});
