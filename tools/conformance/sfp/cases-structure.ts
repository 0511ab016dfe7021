import { type Case, EXACT, failing, ROUNDING } from "../case.ts";

const INVALID = "InvalidArgumentError";

/** A belief of P6 (2 x 3) whose entries are all different. */
const BELIEF = [0.05, 0.1, 0.15, 0.2, 0.2, 0.3];
/** The blocks of Z9: the difference of the two phases. */
const DIFFERENCE = [0, 1, 2].map((k) => [0, 1, 2].map((c) => [(c + k) % 3, c]));
const P6 = { dimensions: [2, 3], sectors: [[[0], [1]], [[0, 1, 2]]], blocks: "sectors" } as const;
const NINE = { dimensions: [3, 3], blocks: DIFFERENCE };
const THREE = { dimensions: [3, 3], sectors: [[[0], [1], [2]], [[0, 1, 2]]], blocks: "sectors" } as const;

const structures: readonly Case[] = [
  { definition: "D47", name: "two", description: "1 * 4 + 2", input: { dimensions: [3, 4], states: [1, 2] } },
  {
    definition: "D47",
    name: "three",
    description: "the last fastest",
    input: { dimensions: [2, 3, 2], states: [1, 0, 1] },
  },
  { definition: "D47", name: "back", description: "the inverse", input: { dimensions: [2, 3, 2], index: 9 } },
  failing("D47", "one-factor", "ShapeError", "one factor is no structure", { dimensions: [4], states: [1] }),
  failing("D47", "range", INVALID, "the second factor has no state 4", { dimensions: [3, 4], states: [1, 4] }),
  failing("D47", "count", "ShapeError", "a state for each factor", { dimensions: [3, 4], states: [1] }),
  { definition: "D48", name: "two", description: "row and column sums", input: { dimensions: [2, 3], belief: BELIEF } },
  {
    definition: "D48",
    name: "three",
    description: "a correlated belief over three bits",
    input: { dimensions: [2, 2, 2], belief: [0.25, 0, 0.25, 0.125, 0, 0.25, 0, 0.125] },
  },
  {
    definition: "D48",
    name: "keep",
    description: "first and last of three factors",
    input: {
      dimensions: [2, 3, 2],
      belief: [0.1, 0.05, 0.1, 0, 0.05, 0.1, 0.1, 0.1, 0.05, 0.1, 0.2, 0.05],
      keep: [0, 2],
    },
  },
  {
    definition: "D48",
    name: "normalizer",
    description: "a signed belief and factors with normalizers of their own",
    input: {
      dimensions: [2, 2],
      normalizers: [
        [1.5, 1],
        [1, 0.5],
      ],
      belief: [0.5, -0.25, 0.25, 0.25],
    },
  },
  failing("D48", "length", "ShapeError", "dimensions that do not multiply to the number of states", {
    dimensions: [2, 3],
    belief: [0.5, 0.5],
  }),
  {
    definition: "D49",
    name: "two",
    description: "the second factor given the first",
    input: { dimensions: [2, 3], belief: BELIEF, given: [1, null] },
  },
  {
    definition: "D49",
    name: "three",
    description: "two factors given the one between them",
    input: {
      dimensions: [2, 3, 2],
      belief: [0.1, 0.05, 0.1, 0, 0.05, 0.1, 0.1, 0.1, 0.05, 0.1, 0.2, 0.05],
      given: [null, 1, null],
    },
  },
  {
    definition: "D49",
    name: "normalizer",
    description: "the slice is divided by its product with the other normalizer",
    input: {
      dimensions: [2, 2],
      normalizers: [
        [1.5, 1],
        [1, 0.5],
      ],
      belief: [0.5, -0.25, 0.25, 0.25],
      given: [0, null],
    },
  },
  failing("D49", "all", INVALID, "nothing is left free", { dimensions: [2, 3], belief: BELIEF, given: [1, 2] }),
  failing("D49", "weight", INVALID, "a state of weight zero", {
    dimensions: [2, 2],
    belief: [0.5, 0.5, 0, 0],
    given: [1, null],
  }),
];

const partitions: readonly Case[] = [
  {
    definition: "D50",
    name: "sectors",
    description: "a block for each state of the first factor",
    input: { dimensions: [2, 3], blocks: "sectors" },
  },
  {
    definition: "D50",
    name: "cells",
    description: "a block for each pair",
    input: { dimensions: [2, 2], blocks: "cells" },
  },
  { definition: "D50", name: "difference", description: "the difference of two phases", input: NINE },
  {
    definition: "D50",
    name: "second-factor",
    description: "sectors of the second factor, of two states and one",
    input: { dimensions: [2, 3], sectors: [[[0, 1]], [[0, 2], [1]]], blocks: [[[0, 0]], [[0, 1]]] },
  },
  {
    definition: "D50",
    name: "three-factors",
    description: "the sum of the first and the last of three bits is conserved",
    input: {
      dimensions: [2, 2, 2],
      blocks: [
        [
          [0, 0, 0],
          [0, 1, 0],
          [1, 0, 1],
          [1, 1, 1],
        ],
        [
          [0, 0, 1],
          [0, 1, 1],
          [1, 0, 0],
          [1, 1, 0],
        ],
      ],
    },
  },
  {
    definition: "D50",
    name: "merged-sectors",
    description: "blocks of whole sectors of one factor are sectors",
    input: {
      dimensions: [3, 2],
      blocks: [
        [
          [0, 0],
          [0, 1],
          [2, 0],
          [2, 1],
        ],
        [
          [1, 0],
          [1, 1],
        ],
      ],
    },
  },
  failing("D50", "missing", INVALID, "a cell is in no block", {
    dimensions: [2, 2],
    blocks: [
      [
        [0, 0],
        [0, 1],
      ],
      [[1, 0]],
    ],
  }),
  failing("D50", "repeated", INVALID, "a cell is in two blocks", {
    dimensions: [2, 2],
    blocks: [
      [
        [0, 0],
        [0, 1],
      ],
      [
        [1, 0],
        [1, 1],
        [0, 1],
      ],
    ],
  }),
  failing("D50", "trivial", INVALID, "one block is preserved by every process", {
    dimensions: [2, 2],
    blocks: [
      [
        [0, 0],
        [0, 1],
        [1, 0],
        [1, 1],
      ],
    ],
  }),
  failing("D50", "sector-missing", INVALID, "a state is in no sector", {
    dimensions: [3, 2],
    sectors: [
      [[0], [1]],
      [[0], [1]],
    ],
    blocks: "cells",
  }),
  failing("D50", "sector-repeated", INVALID, "a state is in two sectors", {
    dimensions: [3, 2],
    sectors: [
      [
        [0, 1],
        [1, 2],
      ],
      [[0], [1]],
    ],
    blocks: "cells",
  }),
  failing("D50", "empty-block", INVALID, "a block has a cell", {
    dimensions: [2, 2],
    blocks: [
      [
        [0, 0],
        [0, 1],
        [1, 0],
        [1, 1],
      ],
      [],
    ],
  }),
];

const semiFactoredCases: readonly Case[] = [
  { definition: "D51", name: "z9", description: "a graph", input: { process: "z9-0.5", ...NINE } },
  {
    definition: "D51",
    name: "p6-semi",
    description: "sectors; a block of one persona is a product",
    input: { process: "p6-semi", ...P6 },
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
    input: { process: "p6-three", dimensions: [3, 3], sectors: [[[0, 1], [2]], [[0, 1, 2]]], blocks: "sectors" },
  },
  {
    definition: "D51",
    name: "tolerance",
    description: "a leak of 0.3 * 0.3 within the tolerance",
    input: { process: "leaky-0.3", ...P6, tolerance: 0.1 },
  },
  failing("D51", "leaky", "NotBlockInvariantError", "a leak of 0.09", { process: "leaky-0.3", ...P6 }),
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
    ...P6,
    normalizers: [
      [1, 1],
      [1, 2, 1],
    ],
  }),
  {
    definition: "D52",
    name: "leaky",
    description: "from the stationary belief",
    input: { process: "leaky-0.3", ...P6 },
  },
  {
    definition: "D52",
    name: "initial",
    description: "from the initial belief",
    input: { process: "leaky-0.3", ...P6, from: "initial" },
  },
  { definition: "D52", name: "conserved", description: "nothing leaves", input: { process: "p6-semi", ...P6 } },
  {
    definition: "D52",
    name: "golden-even",
    description: "sectors of a factor that is not conserved",
    input: { process: "golden-even", dimensions: [2, 2], blocks: "sectors" },
  },
  failing("D52", "signed", INVALID, "only an HMM has a belief of the long run", {
    process: "p6-semi-rebased",
    ...P6,
    from: "stationary",
  }),
];

const blockBeliefs: readonly Case[] = [
  {
    definition: "D53",
    name: "weights",
    description: "sums over the sectors",
    input: { process: "p6-semi", ...P6, belief: BELIEF },
  },
  {
    definition: "D53",
    name: "weights-z9",
    description: "three blocks across the factors",
    input: { process: "z9-0.5", ...NINE, belief: [0.1, 0.2, 0.05, 0.05, 0.1, 0.1, 0.15, 0.05, 0.2] },
  },
  {
    definition: "D53",
    name: "within",
    description: "zero outside the block",
    input: { process: "p6-semi", ...P6, belief: BELIEF, block: 1 },
  },
  failing("D53", "weightless", INVALID, "a block without weight", {
    process: "p6-semi",
    ...P6,
    belief: [0, 0, 0, 0.25, 0.25, 0.5],
    block: 0,
  }),
  {
    definition: "D54",
    name: "p6-semi",
    description: "Bayes' rule along a word",
    input: { process: "p6-semi", ...P6, word: [2, 3, 1, 0] },
  },
  {
    definition: "D54",
    name: "p6-semi-s",
    description: "marks that depend on the phase",
    input: { process: "p6-semi-s", ...P6, word: [1, 2, 0, 3, 2] },
  },
  {
    definition: "D54",
    name: "z9",
    description: "blocks across the factors",
    input: { process: "z9-0.5", ...NINE, word: [3, 0, 3] },
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
    input: { process: "pm-1", ...P6, word: [3, 0, 5, 2, 4, 1] },
  },
  {
    definition: "D54",
    name: "excluded",
    description: "a token that is impossible in one block leaves it no weight, for good",
    input: { process: "p6-certain", ...P6, word: [0, 1, 1, 0] },
  },
  failing("D54", "impossible", "ZeroProbabilityError", "no phase emits 0 three times", {
    process: "p6-semi",
    ...P6,
    word: [0, 0, 0],
  }),
  failing("D54", "token", INVALID, "there is no token 4", { process: "p6-semi", ...P6, word: [0, 4] }),
  {
    definition: "D55",
    name: "p6-factored",
    description: "log 3 for every marked token",
    input: { process: "p6-factored", ...P6, word: [2, 3, 1], pair: [1, 0] },
  },
  {
    definition: "D55",
    name: "nats",
    description: "from unequal weights",
    input: { process: "p6-semi", ...P6, word: [2, 3, 1, 0], pair: [0, 1], unit: "nats" },
  },
  {
    definition: "D55",
    name: "infinite",
    description: "a token that is impossible in one of the two",
    input: { process: "p6-certain", ...P6, word: [0, 1, 1, 0], pair: [1, 0] },
  },
  {
    definition: "D55",
    name: "others",
    description: "the third block plays no part",
    input: { process: "p6-three", ...THREE, word: [2, 3, 3, 0, 1, 2], pair: [0, 2] },
  },
  failing("D55", "same", INVALID, "two different blocks", { process: "p6-semi", ...P6, word: [2], pair: [1, 1] }),
];

/** The cases of D47 to D55. */
export const structureCases: readonly Case[] = [
  ...structures.map((each) => ({ tolerance: each.definition === "D47" ? EXACT : ROUNDING, ...each })),
  ...partitions,
  ...[...semiFactoredCases, ...blockBeliefs].map((each) => ({ tolerance: ROUNDING, ...each })),
];
