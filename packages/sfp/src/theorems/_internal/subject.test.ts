import { coin } from "@semifactor/ghmm";
import { expect, test } from "vitest";
import { staticLabels } from "../../families/static-labels.ts";
import { semiFactoredOf, structureOf } from "./subject.ts";

const process = staticLabels({ alpha: 0.5 });
const factors = [
  { name: "alignment", dimension: 2 },
  { name: "capability", dimension: 2 },
];

test("a subject's factors and blocks make a semi-factored process", () => {
  expect(structureOf({ process, factors })?.stateDim).toBe(4);
  const made = semiFactoredOf({
    process,
    factors,
    blocks: [
      [0, 3],
      [1, 2],
    ],
  });
  expect(made?.kind).toBe("graph");
  expect(made?.partition.blocks.map(({ states }) => states)).toEqual([
    [0, 3],
    [1, 2],
  ]);
});

test("what is not declared is not made up", () => {
  expect(structureOf({ process: coin({ p: 0.5 }) })).toBeUndefined();
  expect(semiFactoredOf({ process, factors })).toBeUndefined();
  expect(() => semiFactoredOf({ process, factors, blocks: [[0, 4]] })).toThrow("index is 4");
});
