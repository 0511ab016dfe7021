import { describe, expect, test } from "vitest";
import { BeliefLevel } from "./belief-level.ts";

describe("BeliefLevel", () => {
  test("merges equal beliefs and keeps others apart", () => {
    const level = new BeliefLevel(2, 1e-9);
    level.add(Float64Array.of(0.5, 0.5), 0.25);
    level.add(Float64Array.of(0.5 + 1e-15, 0.5 - 1e-15), 0.5);
    level.add(Float64Array.of(0.5 + 1e-8, 0.5 - 1e-8), 0.25);
    expect(level.size).toBe(2);
    expect([...level.entries()].map(({ weight }) => weight)).toEqual([0.75, 0.25]);
  });

  test("powers of one half, which fall on the edges of a plain grid, survive rounding noise", () => {
    for (let power = 1; power <= 40; power++) {
      const level = new BeliefLevel(1, 1e-9);
      for (const noise of [-2e-16, 0, 2e-16]) level.add(Float64Array.of(2 ** -power + noise), 1);
      expect(level.size).toBe(1);
    }
  });

  test("copies what it keeps", () => {
    const level = new BeliefLevel(1, 1e-9);
    const belief = Float64Array.of(1);
    level.add(belief, 1);
    belief[0] = 0;
    expect([...level.entries()][0]?.belief[0]).toBe(1);
  });

  test("negative coordinates have their own cells", () => {
    const level = new BeliefLevel(1, 0.1);
    for (const x of [-0.25, -0.05, 0.15]) level.add(Float64Array.of(x), 1);
    expect(level.size).toBe(3);
  });
});
