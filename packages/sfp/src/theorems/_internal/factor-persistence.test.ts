import { expect, test } from "vitest";
import { memoryResidual, mixingResidual } from "./factor-persistence.ts";
import { withEmissions } from "./forgetful-factors.ts";

// one factor of two states that stays with 9/10, beside a trivial one
const process = withEmissions(Float64Array.of(0.9, 0.1, 0.1, 0.9), 2, [0.2, 0.7]);
const shape = { process, dimensions: [2, 1] } as const;

test("a symmetric chain keeps 8/10 of a difference at every step, in either reading", () => {
  expect(memoryResidual({ ...shape, memory: [0.8] })).toBeLessThan(1e-15);
  expect(mixingResidual({ ...shape, stationary: [0.5, 0.5], rate: 0.8 })).toBeLessThan(1e-15);
});

test("a wrong number is wrong by what it gives at the worst time", () => {
  expect(memoryResidual({ ...shape, memory: [0.7], horizon: 1 })).toBeCloseTo(0.1, 14);
  expect(memoryResidual({ ...shape, memory: [0.7], horizon: 2 })).toBeCloseTo(0.15, 14); // .64 - .49
  expect(mixingResidual({ ...shape, stationary: [0.5, 0.5], rate: 0.7, horizon: 2 })).toBeCloseTo(0.15, 14);
  expect(mixingResidual({ ...shape, stationary: [0.9, 0.1], rate: 0.8, horizon: 1 })).toBeGreaterThan(0.01);
});

test("nothing has happened at time 0", () => {
  expect(memoryResidual({ ...shape, memory: [0], horizon: 0 })).toBe(0);
  expect(mixingResidual({ ...shape, stationary: [0.5, 0.5], rate: 0, horizon: 0 })).toBeLessThan(1e-15);
});

test("sizes are checked", () => {
  expect(() => memoryResidual({ ...shape, memory: [0.8, 0.8] })).toThrow("memory has 2 entries");
  expect(() => mixingResidual({ ...shape, stationary: [1], rate: 0.8 })).toThrow("stationary has 1 entries");
  expect(() => memoryResidual({ ...shape, memory: [0.8], horizon: 101 })).toThrow("horizon is 101");
});
