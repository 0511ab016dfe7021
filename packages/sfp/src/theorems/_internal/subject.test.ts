import { coin } from "@semifactor/ghmm";
import { expect, test } from "vitest";
import { leakySector } from "../../families/leaky-sector.ts";
import { staticLabels } from "../../families/static-labels.ts";
import { initialLawOf, initialProbabilitiesOf, semiFactoredOf, structureOf } from "./subject.ts";

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
  expect(() => semiFactoredOf({ process, factors, blocks: [[0, 4]] })).toThrow("a state of block 0 is 4");
});

test("blocks that operators join, and another normalizer, are not what hypotheses speak of", () => {
  const leaky = leakySector({ leak: 0.1 });
  const blocks = leaky.partition.blocks.map(({ states }) => states);
  expect(semiFactoredOf({ process: leaky.process, factors: leaky.structure.factors, blocks })).toBeUndefined();
  const doubled = factors.map((factor) => ({ ...factor, normalizer: [2, 2] }));
  expect(semiFactoredOf({ process, factors: doubled, blocks: [[0, 1], [2, 3]] })).toBeUndefined(); // biome-ignore format: one line
});

test("the start is a law over two declared factors with normalizers of ones", () => {
  expect(initialLawOf({ process, factors })).toEqual({ belief: process.initial, dimensions: [2, 2] });
  const three = [...factors, { name: "trivial", dimension: 1 }];
  expect(initialLawOf({ process, factors: three })).toBeUndefined();
  expect(initialLawOf({ process: { ...process, normalizer: Float64Array.of(1, 1, 1, 2) }, factors })).toBeUndefined();
  const signed = { ...process, initial: Float64Array.of(1.5, -0.5, 0, 0) };
  expect(initialLawOf({ process: signed, factors })?.belief).toBe(signed.initial);
  expect(initialProbabilitiesOf({ process: signed, factors })).toBeUndefined();
  expect(initialProbabilitiesOf({ process, factors })?.belief).toBe(process.initial);
  expect(initialProbabilitiesOf({ process })).toBeUndefined();
});
