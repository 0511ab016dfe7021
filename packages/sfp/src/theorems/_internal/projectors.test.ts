import { mess3 } from "@semifactor/ghmm";
import { expect, test } from "vitest";
import { checkProjector, coordinateProjector } from "./projectors.ts";

const process = mess3({ x: 0.15, a: 0.6 });

test("coordinate projectors have ones on the diagonal at the states", () => {
  expect(Array.from(coordinateProjector(3, [0, 2]))).toEqual([1, 0, 0, 0, 0, 0, 0, 0, 1]);
  expect(() => checkProjector(process, coordinateProjector(3, [1]))).not.toThrow();
});

test("oblique idempotents are projectors too", () => {
  expect(() => checkProjector(process, [1, 0, 0, 0.5, 0, 0, 7, 0, 0])).not.toThrow();
});

test("what is no projector is refused by name", () => {
  expect(() => checkProjector(process, [1, 0, 0, 1], "projectors[1]")).toThrow("projectors[1] has 4 entries");
  expect(() => checkProjector(process, [Number.NaN, 0, 0, 0, 0, 0, 0, 0, 0])).toThrow("projector[0] is NaN");
  expect(() => checkProjector(process, [2, 0, 0, 0, 0, 0, 0, 0, 0])).toThrow("P^2 differs from P by 2");
});
