import { type Case, failing, ROUNDING } from "../case.ts";
import { BELIEF, DIFFERENCE, INVALID, MERGED, PERSONAS, PHASES } from "./shapes.ts";

/** Three personas, over a phase of three states. */
const THREE = { dimensions: [3, 3], sectors: [[[0], [1], [2]], [[0, 1, 2]]], blocks: "sectors" } as const;

const semiFactoredCases: readonly Case[] = [
  { definition: "D51", name: "z9", description: "a graph", input: { process: "z9-0.5", ...DIFFERENCE } },
  {
    definition: "D51",
    name: "p6-semi",
    description: "sectors; a block of one persona is a product",
    input: { process: "p6-semi", ...PERSONAS },
  },
  {
    definition: "D51",
    name: "labels",
    description: "cells",
    input: { process: "labels-0.5", dimensions: [2, 2], blocks: "cells" },
  },
  {
    definition: "D51",
    name: "labels-as-sectors",
    description: "one persona, and labels that are a product inside it",
    input: { process: "labels-0.5", dimensions: [2, 2], blocks: "sectors" },
  },
  {
    definition: "D51",
    name: "merged",
    description: "two personas in one block, where the operators are no products",
    input: { process: "p6-three", ...MERGED },
  },
  {
    definition: "D51",
    name: "tolerance",
    description: "a leak of 0.3 * 0.3 within the tolerance",
    input: { process: "leaky-0.3", ...PERSONAS, tolerance: 0.1 },
  },
  failing("D51", "leaky", "NotBlockInvariantError", "a leak of 0.09", { process: "leaky-0.3", ...PERSONAS }),
  failing("D51", "irreducible", "NotBlockInvariantError", "a product of irreducible factors", {
    process: "golden-even",
    dimensions: [2, 2],
    blocks: "sectors",
  }),
  failing("D51", "dimensions", "ShapeError", "dimensions that do not multiply to 6", {
    process: "p6-semi",
    dimensions: [2, 2],
    blocks: "sectors",
  }),
  failing("D51", "normalizer", "NotNormalizedError", "normalizers whose product is not that of the process", {
    process: "p6-semi",
    ...PERSONAS,
    normalizers: [
      [1, 1],
      [1, 2, 1],
    ],
  }),
  {
    definition: "D52",
    name: "leaky",
    description: "from the stationary belief",
    input: { process: "leaky-0.3", ...PERSONAS },
  },
  {
    definition: "D52",
    name: "initial",
    description: "from the initial belief",
    input: { process: "leaky-0.3", ...PERSONAS, from: "initial" },
  },
  { definition: "D52", name: "conserved", description: "nothing leaves", input: { process: "p6-semi", ...PERSONAS } },
  {
    definition: "D52",
    name: "golden-even",
    description: "sectors of a factor that is not conserved",
    input: { process: "golden-even", dimensions: [2, 2], blocks: "sectors" },
  },
  failing("D52", "signed", INVALID, "only an HMM has a belief of the long run", {
    process: "p6-semi-rebased",
    ...PERSONAS,
    from: "stationary",
  }),
];

const blockBeliefs: readonly Case[] = [
  {
    definition: "D53",
    name: "weights",
    description: "sums over the sectors",
    input: { process: "p6-semi", ...PERSONAS, belief: BELIEF },
  },
  {
    definition: "D53",
    name: "weights-z9",
    description: "three blocks across the factors",
    input: { process: "z9-0.5", ...DIFFERENCE, belief: PHASES },
  },
  {
    definition: "D53",
    name: "within",
    description: "zero outside the block",
    input: { process: "p6-semi", ...PERSONAS, belief: BELIEF, block: 1 },
  },
  failing("D53", "weightless", INVALID, "a block without weight", {
    process: "p6-semi",
    ...PERSONAS,
    belief: [0, 0, 0, 0.25, 0.25, 0.5],
    block: 0,
  }),
  {
    definition: "D54",
    name: "p6-semi",
    description: "Bayes' rule along a word",
    input: { process: "p6-semi", ...PERSONAS, word: [2, 3, 1, 0] },
  },
  {
    definition: "D54",
    name: "p6-semi-s",
    description: "marks that depend on the phase",
    input: { process: "p6-semi-s", ...PERSONAS, word: [1, 2, 0, 3, 2] },
  },
  {
    definition: "D54",
    name: "z9",
    description: "blocks across the factors",
    input: { process: "z9-0.5", ...DIFFERENCE, word: [3, 0, 3] },
  },
  {
    definition: "D54",
    name: "three",
    description: "three personas",
    input: { process: "p6-three", ...THREE, word: [2, 3, 3, 0, 1, 2] },
  },
  {
    definition: "D54",
    name: "pm",
    description: "a capability that never synchronises",
    input: { process: "pm-1", ...PERSONAS, word: [3, 0, 5, 2, 4, 1] },
  },
  {
    definition: "D54",
    name: "excluded",
    description: "a token that is impossible in one block leaves it no weight, for good",
    input: { process: "p6-certain", ...PERSONAS, word: [0, 1, 1, 0] },
  },
  failing("D54", "impossible", "ZeroProbabilityError", "no phase emits 0 three times", {
    process: "p6-semi",
    ...PERSONAS,
    word: [0, 0, 0],
  }),
  failing("D54", "token", INVALID, "there is no token 4", { process: "p6-semi", ...PERSONAS, word: [0, 4] }),
  {
    definition: "D55",
    name: "p6-factored",
    description: "log 3 for every marked token",
    input: { process: "p6-factored", ...PERSONAS, word: [2, 3, 1], pair: [1, 0] },
  },
  {
    definition: "D55",
    name: "nats",
    description: "from unequal weights",
    input: { process: "p6-semi", ...PERSONAS, word: [2, 3, 1, 0], pair: [0, 1], unit: "nats" },
  },
  {
    definition: "D55",
    name: "infinite",
    description: "a token that is impossible in one of the two",
    input: { process: "p6-certain", ...PERSONAS, word: [0, 1, 1, 0], pair: [1, 0] },
  },
  {
    definition: "D55",
    name: "others",
    description: "the third block plays no part",
    input: { process: "p6-three", ...THREE, word: [2, 3, 3, 0, 1, 2], pair: [0, 2] },
  },
  failing("D55", "same", INVALID, "two different blocks", { process: "p6-semi", ...PERSONAS, word: [2], pair: [1, 1] }),
];

/** The cases of D51 to D55. */
export const blockCases: readonly Case[] = [...semiFactoredCases, ...blockBeliefs].map((each) => ({
  tolerance: ROUNDING,
  ...each,
}));
