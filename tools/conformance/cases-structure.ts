import { type Case, failing } from "./case.ts";
import { CONE, GOLDEN, IDENTITY } from "./operators.ts";

const ONES = (d: number) => new Array<number>(d).fill(1);

/** D7 to D11: the process as a whole. */
export const structureCases: readonly Case[] = [
  {
    definition: "D7",
    name: "golden",
    description: "stationary state of the golden mean process",
    input: { operators: GOLDEN, normalizer: ONES(2) },
  },
  {
    definition: "D7",
    name: "cone",
    description: "normalised by w, not by the sum of entries",
    input: { operators: CONE, normalizer: [1.5, 1] },
  },
  {
    definition: "D7",
    name: "periodic",
    description: "a cycle of two states has a stationary state, although no power of T converges",
    input: {
      operators: [
        [
          [0, 1],
          [0, 0],
        ],
        [
          [0, 0],
          [1, 0],
        ],
      ],
      normalizer: ONES(2),
    },
  },
  failing("D7", "two-blocks", "NonUniqueStationaryStateError", "two closed states", {
    operators: IDENTITY,
    normalizer: ONES(2),
  }),
  {
    definition: "D8",
    name: "golden",
    description: "the golden mean process in signed coordinates",
    input: {
      process: "golden",
      basis: [
        [1, 0.5],
        [-1, 2],
      ],
    },
  },
  {
    definition: "D8",
    name: "scale",
    description: "a multiple of the identity scales w and the initial state inversely, and leaves the operators",
    input: {
      process: "cone",
      basis: [
        [4, 0],
        [0, 4],
      ],
    },
  },
  failing("D8", "singular", "InvalidArgumentError", "a matrix without inverse", {
    process: "golden",
    basis: [
      [1, 2],
      [2, 4],
    ],
  }),
  ...["coin-0.7", "golden-redundant", "z1r", "rrxor", "mess3", "fanizza", "either-coin", "turning", "bloch-1-3"].map(
    (key): Case => ({
      definition: "D9",
      name: key,
      description: "dimensions of the forward and the backward space, and their pairing",
      input: { process: key },
    }),
  ),
  {
    definition: "D9",
    name: "period-from-S0",
    description: "from a known phase the forward space is still three-dimensional",
    input: { process: "z1r-from-S0" },
  },
  {
    definition: "D10",
    name: "redundant",
    description: "states with the same future merge, states that are never reached go",
    input: { process: "golden-redundant", words: [[], [0], [0, 0], [0, 1], [1, 1], [1, 0, 0]] },
  },
  {
    definition: "D10",
    name: "minimal",
    description: "a minimal process keeps its dimension",
    input: { process: "turning", words: [[0], [1, 1], [1, 1, 0]] },
  },
  {
    definition: "D11",
    name: "redundant",
    description: "a process and its version with redundant states",
    input: { first: "golden", second: "golden-redundant" },
    fields: ["equivalent"],
  },
  {
    definition: "D11",
    name: "intertwiner",
    description: "the same process in two bases: the intertwiner takes beliefs of the first to those of the second",
    input: { first: "golden-rebased", second: "golden" },
  },
  {
    definition: "D11",
    name: "different",
    description: "told apart by the first token",
    input: { first: "even", second: "golden" },
  },
  {
    definition: "D11",
    name: "different-late",
    description: "told apart only by a word of three tokens: two tokens of the first are two fair coins",
    input: { first: "rrxor", second: "coin-fair" },
  },
  failing("D11", "alphabets", "InvalidArgumentError", "two and three tokens", { first: "golden", second: "mess3" }),
];
