import { type Case, failing, ROUNDING } from "../case.ts";
import { BELIEF, DIFFERENCE, INVALID, OF_THREE, PERSONAS, PHASES, SCALED } from "./shapes.ts";

const PERSONA_PROCESS = { process: "p6-semi", ...PERSONAS };
const LOCKED = { process: "z9-0.5", ...DIFFERENCE, belief: PHASES };

const cases: readonly Case[] = [
  {
    definition: "D85",
    name: "state",
    description: "the first factor in one state",
    input: { dimensions: [2, 3], belief: BELIEF, factor: 0, to: 1 },
  },
  {
    definition: "D85",
    name: "belief",
    description: "the second factor in a belief",
    input: { dimensions: [2, 3], belief: BELIEF, factor: 1, to: [0.2, 0.3, 0.5] },
  },
  {
    definition: "D85",
    name: "three",
    description: "the one between two others",
    input: { ...OF_THREE, factor: 1, to: [0.5, 0, 0.5] },
  },
  {
    definition: "D85",
    name: "normalizer",
    description: "factors with normalizers of their own, a signed belief",
    input: {
      ...SCALED,
      factor: 0,
      to: 0,
    },
  },
  failing("D85", "sum", "NotNormalizedError", "a belief over the factor", {
    dimensions: [2, 3],
    belief: BELIEF,
    factor: 0,
    to: [0.5, 0.25],
  }),
  failing("D85", "state-range", INVALID, "the factor has no state 2", {
    dimensions: [2, 3],
    belief: BELIEF,
    factor: 0,
    to: 2,
  }),
  {
    definition: "D86",
    name: "bit",
    description: "two states are exchanged",
    input: { dimensions: [2, 3], belief: BELIEF, factor: 0 },
  },
  {
    definition: "D86",
    name: "permutation",
    description: "a cycle of three",
    input: { dimensions: [2, 3], belief: BELIEF, factor: 1, map: [1, 2, 0] },
  },
  {
    definition: "D86",
    name: "matrix",
    description: "rows of a stochastic matrix",
    input: {
      dimensions: [2, 3],
      belief: BELIEF,
      factor: 0,
      map: [
        [0.75, 0.25],
        [0.5, 0.5],
      ],
    },
  },
  { definition: "D86", name: "three", description: "the last of three factors", input: { ...OF_THREE, factor: 2 } },
  failing("D86", "three-states", INVALID, "which permutation is not said", {
    dimensions: [2, 3],
    belief: BELIEF,
    factor: 1,
  }),
  failing("D86", "two-images", INVALID, "two states with one image", {
    dimensions: [2, 3],
    belief: BELIEF,
    factor: 1,
    map: [0, 0, 1],
  }),
  failing("D86", "rows", "NotNormalizedError", "rows that do not sum to one", {
    dimensions: [2, 3],
    belief: BELIEF,
    factor: 0,
    map: [
      [1, 0.5],
      [0, 1],
    ],
  }),
  {
    definition: "D87",
    name: "p6",
    description: "the misaligned persona",
    input: { ...PERSONA_PROCESS, belief: BELIEF, block: 1 },
  },
  { definition: "D87", name: "z9", description: "a block across the factors", input: { ...LOCKED, block: 2 } },
  failing("D87", "weightless", INVALID, "a block without weight", {
    ...PERSONA_PROCESS,
    belief: [0, 0, 0, 0.25, 0.25, 0.5],
    block: 0,
  }),
  failing("D87", "range", INVALID, "there is no block 2", { ...PERSONA_PROCESS, belief: BELIEF, block: 2 }),
  {
    definition: "D88",
    name: "p6",
    description: "one logit",
    input: { ...PERSONA_PROCESS, belief: BELIEF, shift: [0, Math.log(3)] },
  },
  { definition: "D88", name: "z9", description: "every logit", input: { ...LOCKED, shift: [0.5, -1, 2] } },
  {
    definition: "D88",
    name: "all",
    description: "a number added to all logits changes nothing",
    input: { ...PERSONA_PROCESS, belief: BELIEF, shift: [1, 1] },
  },
  failing("D88", "count", "ShapeError", "a shift for each block", { ...PERSONA_PROCESS, belief: BELIEF, shift: [1] }),
];

/** The cases of D85 to D88. */
export const interventionCases: readonly Case[] = cases.map((each) => ({ tolerance: ROUNDING, ...each }));
