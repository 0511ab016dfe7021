import { coin, ShapeError, tensorProduct, tomQuantum, zeroOneRandom } from "@semifactor/ghmm";
import { expect, test } from "vitest";
import { tensorStructure } from "../../structure/tensor-structure.ts";
import { asTwoFactors, twoFactorsOf } from "./two-factors.ts";

const z1r = zeroOneRandom({ p: 0.5 });
const bloch = tomQuantum({ alpha: 1, beta: 3 });

test("two factors stay as they are", () => {
  const structure = tensorStructure({
    factors: [
      { name: "a", dimension: 2 },
      { name: "c", dimension: 3 },
    ],
  });
  expect(asTwoFactors(structure)).toBe(structure);
});

test("of three, the last two become one with the product of their normalizers", () => {
  const { factors } = asTwoFactors(
    tensorStructure({
      factors: [
        { name: "a", dimension: 2 },
        { name: "b", dimension: 2, normalizer: [1, 3] },
        { name: "c", dimension: 2, normalizer: [1, 2] },
      ],
    }),
  );
  expect(factors.map(({ name }) => name)).toEqual(["a", "b and c"]);
  expect(Array.from(factors[1].normalizer)).toEqual([1, 2, 3, 6]);
});

test("a subject's factors must have its dimension and its normalizer", () => {
  const process = tensorProduct(z1r, bloch);
  const phase = { name: "phase", dimension: 3 };
  const qubit = { name: "qubit", dimension: 3, normalizer: bloch.normalizer };
  expect(twoFactorsOf({ process, factors: [phase, qubit] })?.stateDim).toBe(9);
  expect(twoFactorsOf({ process, factors: [phase, { ...qubit, normalizer: [1, 1, 1] }] })).toBeUndefined();
  const single = { process: coin({ p: 0.5 }), factors: [phase, qubit] };
  expect(() => twoFactorsOf(single)).toThrow(ShapeError);
  expect(() => twoFactorsOf(single)).toThrow("instanceOf: the factors have 9 joint states, the process 1 states");
  expect(twoFactorsOf({ process })).toBeUndefined();
});
