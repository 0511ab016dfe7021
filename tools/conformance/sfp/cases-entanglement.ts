import { type Case, failing, SOLVED } from "../case.ts";
import { BELIEF, INVALID, MERGE, MERGED, PERSONAS, QUBITS, SIGNED } from "./shapes.ts";
import {
  BELL,
  COMPLEX,
  DIAGONAL,
  FOUR_PRODUCTS,
  MIXED,
  NEARLY_MIXED,
  PRODUCT,
  PURE,
  TILES,
  TWO_PRODUCTS,
  werner,
} from "./states.ts";

const measures: readonly Case[] = [
  {
    definition: "D75",
    name: "mixed",
    description: "several orders",
    input: { density: MIXED, orders: [0, 0.5, 1, 2, 3, "Infinity"] },
  },
  { definition: "D75", name: "pure", description: "no entropy", input: { density: PURE, orders: [0.5, 2] } },
  {
    definition: "D75",
    name: "complex",
    description: "in nats",
    input: { ...COMPLEX, orders: [0.5, 2, "Infinity"], unit: "nats" },
  },
  failing("D75", "trace", "NotNormalizedError", "trace 0.5", {
    density: [
      [0.25, 0],
      [0, 0.25],
    ],
  }),
  failing("D75", "negative", INVALID, "a negative eigenvalue", {
    density: [
      [0.5, 0.75],
      [0.75, 0.5],
    ],
  }),
  failing("D75", "hermitian", INVALID, "not the conjugate across the diagonal", {
    density: [
      [0.5, 0.1],
      [0.2, 0.5],
    ],
  }),
  failing("D75", "order", INVALID, "a negative order", { density: BELL, orders: [-1] }),
  {
    definition: "D76",
    name: "bell",
    description: "one half, and one bit",
    input: { density: BELL, dimensions: QUBITS },
  },
  {
    definition: "D76",
    name: "pure",
    description: "a pure state of 2 x 3",
    input: { density: PURE, dimensions: [2, 3] },
  },
  {
    definition: "D76",
    name: "werner",
    description: "mixed and entangled",
    input: { density: werner(0.75), dimensions: QUBITS, unit: "nats" },
  },
  {
    definition: "D76",
    name: "separable",
    description: "nothing",
    input: { density: werner(0.25), dimensions: QUBITS },
  },
  { definition: "D76", name: "complex", description: "an imaginary part", input: { ...COMPLEX, dimensions: QUBITS } },
  failing("D76", "dimensions", "ShapeError", "dimensions that do not multiply to 4", {
    density: BELL,
    dimensions: [4, 2],
  }),
  { definition: "D77", name: "belief", description: "2 x 3", input: { belief: BELIEF, dimensions: [2, 3] } },
  { definition: "D77", name: "merge", description: "4 x 3", input: { belief: MERGE, dimensions: [4, 3] } },
  {
    definition: "D77",
    name: "nats",
    description: "perfectly correlated",
    input: { belief: [0.25, 0, 0, 0.75], dimensions: QUBITS, unit: "nats" },
  },
  failing("D77", "signed", INVALID, "a signed belief is no distribution", { belief: SIGNED, dimensions: QUBITS }),
  failing("D77", "dimensions", "ShapeError", "dimensions that do not multiply to 6", {
    belief: BELIEF,
    dimensions: [3, 3],
  }),
  { definition: "D78", name: "bell", description: "two bits", input: { density: BELL, dimensions: QUBITS } },
  { definition: "D78", name: "mixed", description: "2 x 3", input: { density: MIXED, dimensions: [2, 3] } },
  {
    definition: "D78",
    name: "diagonal",
    description: "the mutual information",
    input: { density: DIAGONAL, dimensions: [3, 3] },
  },
  {
    definition: "D79",
    name: "mixed",
    description: "from a mixture with another",
    input: { density: werner(0.75), reference: werner(0.25) },
  },
  {
    definition: "D79",
    name: "complex",
    description: "in nats",
    input: { ...COMPLEX, reference: werner(0.5), unit: "nats" },
  },
  {
    definition: "D79",
    name: "infinite",
    description: "outside of the support",
    input: { density: werner(0.5), reference: BELL },
  },
  failing("D79", "size", "ShapeError", "states of one space", { density: BELL, reference: PURE }),
  { definition: "D80", name: "bell", description: "one, and one bit", input: { density: BELL } },
  { definition: "D80", name: "werner", description: "(3 p - 1) / 2", input: { density: werner(0.75) } },
  { definition: "D80", name: "complex", description: "in nats", input: { ...COMPLEX, unit: "nats" } },
  { definition: "D80", name: "separable", description: "nothing", input: { density: werner(0.25) } },
  failing("D80", "size", "ShapeError", "two qubits only", { density: PURE }),
  { definition: "D81", name: "bell", description: "both", input: { density: BELL, dimensions: QUBITS } },
  { definition: "D81", name: "werner", description: "neither", input: { density: werner(0.25), dimensions: QUBITS } },
  { definition: "D81", name: "complex", description: "an imaginary part", input: { ...COMPLEX, dimensions: QUBITS } },
  { definition: "D81", name: "tiles", description: "realignment alone", input: { density: TILES, dimensions: [3, 3] } },
  { definition: "D81", name: "mixed", description: "2 x 3", input: { density: MIXED, dimensions: [2, 3] } },
];

const verdicts: readonly Case[] = [
  { name: "bell", description: "a negative eigenvalue", input: { density: BELL, dimensions: QUBITS } },
  { name: "werner", description: "none, which decides in 2 x 2", input: { density: werner(0.25), dimensions: QUBITS } },
  {
    name: "tiles",
    description: "realignment where the transpose is positive",
    input: { density: TILES, dimensions: [3, 3] },
  },
  { name: "product", description: "a product", input: { density: PRODUCT, dimensions: [3, 3] } },
  { name: "diagonal", description: "classical", input: { density: DIAGONAL, dimensions: [3, 3] } },
  { name: "nearly-mixed", description: "near the identity", input: { density: NEARLY_MIXED, dimensions: [3, 3] } },
  { name: "two-products", description: "a small rank", input: { density: TWO_PRODUCTS, dimensions: [3, 3] } },
  {
    name: "four-products",
    description: "separable, and no criterion says so",
    input: { density: FOUR_PRODUCTS, dimensions: [3, 3] },
  },
].map((each) => ({ definition: "D82", ...each }));

const sectors: readonly Case[] = [
  {
    definition: "D83",
    name: "p6",
    description: "correlation inside sectors of one state each is none",
    input: { process: "p6-semi", ...PERSONAS, belief: BELIEF },
  },
  {
    definition: "D83",
    name: "merged",
    description: "sectors of two states and one, in nats",
    input: {
      process: "p6-three",
      ...MERGED,
      belief: [0.05, 0.1, 0.1, 0.15, 0.05, 0.05, 0.2, 0.1, 0.2],
      unit: "nats",
    },
  },
  failing("D83", "cells", "UnsupportedError", "blocks that are cells", {
    process: "labels-0.5",
    dimensions: QUBITS,
    blocks: "cells",
    belief: [0.25, 0.25, 0.25, 0.25],
  }),
  failing("D83", "signed", INVALID, "a signed belief", {
    process: "p6-semi",
    ...PERSONAS,
    belief: [0.5, -0.1, 0.1, 0.1, 0.2, 0.2],
  }),
  { definition: "D84", name: "2-2", description: "1/3 nats", input: { dimensions: QUBITS, unit: "nats" } },
  { definition: "D84", name: "5-3", description: "the order does not matter", input: { dimensions: [5, 3] } },
];

/** The cases of D75 to D84. */
export const entanglementCases: readonly Case[] = [
  ...[...measures, ...sectors].map((each) => ({ tolerance: SOLVED, ...each })),
  ...verdicts,
];
