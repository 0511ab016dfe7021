import { type Case, failing, ROUNDING, SOLVED } from "../case.ts";
import { BELIEF, INVALID, MERGE, QUBITS, SIGNED } from "./shapes.ts";
import { BELL, COMPLEX, MIXED } from "./states.ts";

const embeddings: readonly Case[] = [
  {
    definition: "D69",
    name: "sqrt",
    description: "square roots",
    input: { belief: BELIEF, dimensions: [2, 3], embedding: "sqrt" },
  },
  {
    definition: "D69",
    name: "amplitude",
    description: "entries of both signs",
    input: { belief: SIGNED, dimensions: QUBITS, embedding: "amplitude" },
  },
  {
    definition: "D69",
    name: "diagonal",
    description: "classical",
    input: { belief: [0.5, 0.25, 0.25], embedding: "diagonal" },
  },
  failing("D69", "signed", INVALID, "a negative entry has no square root", {
    belief: SIGNED,
    dimensions: QUBITS,
    embedding: "sqrt",
  }),
  failing("D69", "sum", "NotNormalizedError", "a belief sums to one", {
    belief: [0.5, 0.25],
    dimensions: [2, 1],
    embedding: "sqrt",
  }),
  failing("D69", "zero", INVALID, "no direction", { belief: [0, 0], dimensions: [2, 1], embedding: "amplitude" }),
  failing("D69", "dimensions", "ShapeError", "dimensions that do not multiply to 6", {
    belief: BELIEF,
    dimensions: [2, 2],
    embedding: "sqrt",
  }),
  {
    definition: "D70",
    name: "ensemble",
    description: "two pure states",
    input: {
      weights: [0.25, 0.75],
      states: [
        [0.6, 0, 0, 0.8],
        [0, 1, 0, 0],
      ],
    },
  },
  {
    definition: "D70",
    name: "covariance",
    description: "points around their mean",
    input: {
      weights: [0.5, 0.25, 0.25],
      points: [
        [1, 0, 0, 0],
        [0, 1, 0.5, 0],
        [0.25, 0.25, 0.25, 0.25],
      ],
      dimensions: QUBITS,
    },
  },
  failing("D70", "weights", "NotNormalizedError", "weights sum to one", {
    weights: [0.25, 0.25],
    states: [
      [1, 0],
      [0, 1],
    ],
  }),
  failing("D70", "length", "NotNormalizedError", "a state has length one", { weights: [1], states: [[1, 1]] }),
  {
    definition: "D71",
    name: "product",
    description: "rank 1",
    input: { belief: [0.06, 0.14, 0.24, 0.56], dimensions: QUBITS },
  },
  {
    definition: "D71",
    name: "correlated",
    description: "as much as the label",
    input: { belief: [0.25, 0, 0, 0, 0.75, 0], dimensions: [2, 3] },
  },
  {
    definition: "D71",
    name: "merge",
    description: "four states and three",
    input: { belief: MERGE, dimensions: [4, 3] },
  },
  {
    definition: "D71",
    name: "merged",
    description: "two of the states as one: the entropy is not monotone",
    input: { belief: [0.21, 0.25, 0, 0, 0.045, 0.045, 0.2, 0, 0.25], dimensions: [3, 3] },
  },
  {
    definition: "D71",
    name: "amplitude",
    description: "entries of both signs, in nats",
    input: { belief: SIGNED, dimensions: QUBITS, embedding: "amplitude", unit: "nats" },
  },
  failing("D71", "signed", INVALID, "a signed belief has no square roots", { belief: SIGNED, dimensions: QUBITS }),
];

const maps: readonly Case[] = [
  {
    definition: "D72",
    name: "first",
    description: "of 2 x 3",
    input: { density: MIXED, dimensions: [2, 3], keep: "first" },
  },
  {
    definition: "D72",
    name: "second",
    description: "of 2 x 3",
    input: { density: MIXED, dimensions: [2, 3], keep: "second" },
  },
  {
    definition: "D72",
    name: "complex",
    description: "an imaginary part",
    input: { ...COMPLEX, dimensions: QUBITS, keep: "second" },
  },
  failing("D72", "dimensions", "ShapeError", "dimensions that do not multiply to 4", {
    density: BELL,
    dimensions: [2, 3],
    keep: "first",
  }),
  { definition: "D73", name: "second", description: "of 2 x 3", input: { density: MIXED, dimensions: [2, 3] } },
  {
    definition: "D73",
    name: "first",
    description: "of the first factor",
    input: { density: MIXED, dimensions: [2, 3], side: "first" },
  },
  { definition: "D73", name: "complex", description: "no conjugate", input: { ...COMPLEX, dimensions: QUBITS } },
  { definition: "D74", name: "mixed", description: "4 x 9", input: { density: MIXED, dimensions: [2, 3] } },
  { definition: "D74", name: "complex", description: "an imaginary part", input: { ...COMPLEX, dimensions: QUBITS } },
];

/** The cases of D69 to D74. */
export const embeddingCases: readonly Case[] = [...embeddings, ...maps].map((each) => ({
  tolerance: each.definition === "D71" ? SOLVED : ROUNDING,
  ...each,
}));
