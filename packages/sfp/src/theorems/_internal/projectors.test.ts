import { mess3 } from "@semifactor/ghmm";
import { expect, test } from "vitest";
import { leakySector } from "../../families/leaky-sector.ts";
import { areInvariant, blockIndex, checkProjector, coordinateProjector } from "./projectors.ts";

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

test("every state has one block", () => {
  expect(Array.from(blockIndex(3, [[2], [0, 1]]))).toEqual([1, 1, 0]);
  expect(() => blockIndex(3, [[2], [0]])).toThrow("state 1 is in no block");
  expect(() =>
    blockIndex(3, [
      [2, 1],
      [0, 1],
    ]),
  ).toThrow("state 1 is in two blocks");
  expect(() => blockIndex(2, [[0, 1]])).toThrow("there is only one block");
  expect(() => blockIndex(2, [[0, 2], [1]])).toThrow("a state of block 0 is 2");
  expect(() => coordinateProjector(2, [2])).toThrow("a state of a block is 2");
});

test("blocks are invariant if no operator joins them", () => {
  const [phases, mixed] = [
    [
      [0, 1, 2],
      [3, 4, 5],
    ],
    [
      [0, 1],
      [2, 3, 4, 5],
    ],
  ];
  expect(areInvariant(leakySector({ leak: 0 }).process, phases ?? [])).toBe(true);
  expect(areInvariant(leakySector({ leak: 1e-9 }).process, phases ?? [])).toBe(false);
  expect(areInvariant(leakySector({ leak: 0 }).process, mixed ?? [])).toBe(false);
});
