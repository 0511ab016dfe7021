import { type Case, failing, ROUNDING, SOLVED } from "../case.ts";
import { INVALID } from "./shapes.ts";

const CHAIN = [
  [0.5, 0.25, 0.25],
  [0.125, 0.75, 0.125],
  [0, 0.5, 0.5],
];

const exact: readonly Case[] = [
  {
    definition: "D56",
    name: "independent",
    description: "two factors, and three blocks",
    input: { kappa: 0, alpha: 0 },
  },
  { definition: "D56", name: "coupled", description: "coupled bits and phases", input: { kappa: 0.25, alpha: 0.75 } },
  failing("D56", "kappa", INVALID, "kappa above 1", { kappa: 1.5, alpha: 0 }),
  {
    definition: "D57",
    name: "factored",
    description: "personas that differ in the mark",
    input: { variant: "factored" },
  },
  { definition: "D57", name: "semi", description: "and in the capability bit", input: { variant: "semi" } },
  { definition: "D57", name: "semi-s", description: "marks that depend on the phase", input: { variant: "semi-s" } },
  { definition: "D57", name: "weights", description: "another prior", input: { variant: "semi", weights: [0.9, 0.1] } },
  { definition: "D57", name: "three", description: "a persona half way", input: { variant: "semi-s", personas: 3 } },
  {
    definition: "D57",
    name: "lists",
    description: "every parameter given",
    input: {
      random: [0.1, 0.9],
      marked: [
        [0, 0.5, 1],
        [1, 0.25, 0],
      ],
      weights: [0.5, 0.5],
    },
  },
  failing("D57", "random", INVALID, "a probability above 1", { random: [0.2, 1.2] }),
  failing("D57", "marked", "ShapeError", "a mark for each of the three phases", {
    marked: [
      [0.5, 0.5],
      [0.5, 0.5],
    ],
  }),
  { definition: "D58", name: "semi", description: "redrawn out of SR", input: { leak: 0.3 } },
  {
    definition: "D58",
    name: "iid",
    description: "a new persona every period, of three",
    input: { leak: 1, variant: "semi-s", personas: 3 },
  },
  failing("D58", "leak", INVALID, "a negative probability", { leak: -0.1 }),
  {
    definition: "D59",
    name: "factored",
    description: "marks that do not depend on the capability",
    input: { theta: 0 },
  },
  { definition: "D59", name: "bent", description: "marks that do", input: { theta: 0.5 } },
  {
    definition: "D59",
    name: "three",
    description: "three personas, every parameter given",
    input: { theta: 1, delta: 0.75, marks: [-1, 0.5, 1], weights: [0.2, 0.3, 0.5], x: 0.05, a: 0.85 },
  },
  failing("D59", "theta", INVALID, "theta above 1", { theta: 1.1 }),
  { definition: "D60", name: "half", description: "two labels, half correlated", input: { alpha: 0.5 } },
  {
    definition: "D60",
    name: "unequal",
    description: "two values and three",
    input: { alpha: 0.75, first: [0.2, 0.6], second: [0.1, 0.5, 0.8] },
  },
  failing("D60", "one", "ShapeError", "a label has two values or more", { alpha: 0.5, first: [0.5] }),
  {
    definition: "D61",
    name: "uniform",
    description: "contexts drawn anew",
    input: { contexts: 3, alpha: 0.25, epsilon: 0.1 },
  },
  {
    definition: "D61",
    name: "chain",
    description: "contexts that follow a chain from its stationary law",
    input: { contexts: 3, alpha: 0.5, epsilon: 0.2, chain: CHAIN },
  },
  {
    definition: "D61",
    name: "start",
    description: "a first context that is certain",
    input: { contexts: 3, alpha: 0, epsilon: 0, chain: CHAIN, initialContext: [0, 1, 0] },
  },
  failing("D61", "epsilon", INVALID, "an error above a half", { contexts: 3, alpha: 0, epsilon: 0.6 }),
  failing("D61", "chain-shape", "ShapeError", "a row for each context", {
    contexts: 2,
    alpha: 0,
    epsilon: 0.1,
    chain: CHAIN,
  }),
  failing(
    "D61",
    "chain-blocks",
    "NonUniqueStationaryStateError",
    "two contexts that are never left have no default law",
    {
      contexts: 2,
      alpha: 0,
      epsilon: 0.1,
      chain: [
        [1, 0],
        [0, 1],
      ],
    },
  ),
];

const repeated = (token: number, count: number) => new Array<number>(count).fill(token);

const posteriors: readonly Case[] = [
  {
    definition: "D62",
    name: "3",
    description: "few contexts, every one seen",
    input: { contexts: 3, alpha: 0.5, epsilon: 0.1, word: [1, 3, 0, 5, 5, 1] },
  },
  {
    definition: "D62",
    name: "24-narrow",
    description: "24 contexts and evidence from one: the others follow with 1 - alpha / 2",
    input: { contexts: 24, alpha: 0.25, epsilon: 0.1, word: repeated(1, 20) },
  },
  {
    definition: "D62",
    name: "24-mixed",
    description: "24 contexts, evidence for and against",
    input: { contexts: 24, alpha: 0.5, epsilon: 0.25, word: [1, 3, 5, 6, 8, 1, 1, 47, 46, 47, 13, 12, 31, 31] },
  },
  {
    definition: "D62",
    name: "24-independent",
    description: "independent bits: nothing is learned of a context that is not seen",
    input: { contexts: 24, alpha: 1, epsilon: 0.125, word: [1, 1, 3, 2] },
  },
  {
    definition: "D62",
    name: "chain",
    description: "the chain says which context is next",
    input: { contexts: 3, alpha: 0.5, epsilon: 0.25, chain: CHAIN, word: [1, 3, 4, 5] },
  },
  failing("D62", "impossible", "ZeroProbabilityError", "two values of one bit without error", {
    contexts: 24,
    alpha: 0.5,
    epsilon: 0,
    word: [1, 3, 0],
  }),
  failing("D62", "token", INVALID, "there is no token 48", { contexts: 24, alpha: 0.5, epsilon: 0.1, word: [48] }),
];

/** The cases of D56 to D62. */
export const familyCases: readonly Case[] = [
  ...exact.map((each) => ({ tolerance: ROUNDING, ...each })),
  ...posteriors.map((each) => ({ tolerance: SOLVED, ...each })),
];
