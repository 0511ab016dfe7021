import { InvalidArgumentError } from "@semifactor/ghmm";
import { kronecker } from "@semifactor/ghmm/internal";
import { expect, test } from "vitest";
import { tensorStructure } from "../../structure/tensor-structure.ts";
import { factorIntervention, factorOf } from "./factor-operator.ts";

const structure = tensorStructure({
  factors: [
    { name: "a", dimension: 2 },
    { name: "b", dimension: 3 },
    { name: "c", dimension: 2, normalizer: [1, 2] },
  ],
});

const identity = (size: number) => Float64Array.from({ length: size ** 2 }, (_, i) => (i % (size + 1) === 0 ? 1 : 0));

test("an operator of the middle factor is I (x) F (x) I", () => {
  const operator = Float64Array.of(0, 1, 0, 0, 0, 1, 1, 0, 0);
  const made = factorIntervention("source", "turn", structure, factorOf("source", structure, "b"), operator);
  const expected = kronecker(kronecker(identity(2), 2, operator, 3), 6, identity(2), 2);
  expect(Array.from(made.matrix)).toEqual(Array.from(expected));
  expect([made.rank, made.changeRank]).toEqual([12, 8]);
});

test("the belief is normalised by the product of the factors' normalizers", () => {
  const made = factorIntervention("source", "keep", structure, factorOf("source", structure, "a"), identity(2));
  expect([made.rank, made.changeRank]).toEqual([12, 0]);
  const belief = new Float64Array(12);
  belief[1] = 1; // normalizer 2 there
  expect(made.apply(belief)[1]).toBe(0.5);
});

test("a factor that does not exist is refused by name", () => {
  expect(() => factorOf("resetFactor", structure, "d")).toThrow('resetFactor: there is no factor called "d"');
  expect(() => factorOf("resetFactor", structure, "d")).toThrow(InvalidArgumentError);
});
