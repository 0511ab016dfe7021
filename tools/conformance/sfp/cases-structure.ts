import { type Case, EXACT, failing, ROUNDING } from "../case.ts";
import { BELIEF, DIFFERENCE, INVALID, OF_THREE, SCALED } from "./shapes.ts";

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
      ...OF_THREE,
      keep: [0, 2],
    },
  },
  {
    definition: "D48",
    name: "normalizer",
    description: "a signed belief and factors with normalizers of their own",
    input: {
      ...SCALED,
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
      ...OF_THREE,
      given: [null, 1, null],
    },
  },
  {
    definition: "D49",
    name: "normalizer",
    description: "the slice is divided by its product with the other normalizer",
    input: {
      ...SCALED,
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
  { definition: "D50", name: "difference", description: "the difference of two phases", input: DIFFERENCE },
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

/** The cases of D47 to D50. */
export const structureCases: readonly Case[] = [
  ...structures.map((each) => ({ tolerance: each.definition === "D47" ? EXACT : ROUNDING, ...each })),
  ...partitions,
];
