import { type Case, EXACT, failing, ROUNDING } from "./case.ts";

/** D12 to D21: processes made of processes. */
const combined: readonly Case[] = [
  {
    definition: "D12",
    name: "two",
    description: "big-endian: 1 * 3 + 2",
    input: { indices: [1, 2], sizes: [2, 3] },
    tolerance: EXACT,
  },
  {
    definition: "D12",
    name: "three",
    description: "three bits",
    input: { indices: [1, 0, 1], sizes: [2, 2, 2] },
    tolerance: EXACT,
  },
  {
    definition: "D13",
    name: "coins",
    description: "two coins: token 2u + y",
    input: { factors: ["coin-0.6", "coin-0.7"] },
  },
  {
    definition: "D13",
    name: "order",
    description: "the first factor is the slowest in states and in tokens",
    input: { factors: ["golden", "coin-0.7", "even"] },
  },
  {
    definition: "D13",
    name: "normalizer",
    description: "the normalizer is a product too",
    input: { factors: ["cone", "golden-rebased"] },
  },
  {
    definition: "D14",
    name: "coins",
    description: "the token of the first coin selects the second",
    input: { first: "coin-0.6", variants: ["coin-0.7", "coin-0.2"] },
  },
  {
    definition: "D14",
    name: "control",
    description: "a control that swaps the variants, and a first factor with states",
    input: { first: "golden", variants: ["coin-0.7", "coin-0.2"], control: [1, 0] },
  },
  {
    definition: "D14",
    name: "start",
    description: "the second factor starts as variant 0",
    input: { first: "golden", variants: ["golden-from-B", "even"], control: [1, 0] },
  },
  failing("D14", "control-range", "InvalidArgumentError", "there is no variant 2", {
    first: "coin-0.6",
    variants: ["coin-0.7", "coin-0.2"],
    control: [0, 2],
  }),
  {
    definition: "D15",
    name: "swap",
    description: "each factor goes to the state that the token of the other says",
    input: {
      factors: [
        { variants: ["go-to-0", "go-to-1"], transition: [0, 1, 0, 1] },
        { variants: ["go-to-0", "go-to-1"], transition: [0, 0, 1, 1] },
      ],
    },
  },
  {
    definition: "D15",
    name: "emission-chain",
    description: "the second factor emits by the variant that the first token selects",
    input: {
      factors: [
        { variants: ["coin-0.6"], transition: [0, 0, 0, 0] },
        { variants: ["coin-0.7", "coin-0.2"], emission: [1, 0], transition: [0, 1, 0, 1] },
      ],
    },
  },
  {
    definition: "D16",
    name: "coins",
    description: "two coins that share a random choice are correlated",
    input: {
      weights: [0.25, 0.75],
      pairs: [
        ["coin-0.7", "coin-0.3"],
        ["coin-0.2", "coin-0.6"],
      ],
    },
  },
  {
    definition: "D17",
    name: "parity",
    description: "a memory driven by the tokens of a coin",
    input: {
      first: "coin-0.7",
      second: {
        operators: [
          [
            [1, 0],
            [0, 1],
          ],
          [
            [0, 1],
            [1, 0],
          ],
        ],
        initial: [1, 0],
      },
    },
  },
  failing("D17", "both-choose", "NotNormalizedError", "two factors that both choose the token", {
    first: "coin-0.7",
    second: { operators: [[[0.7]], [[0.3]]], initial: [1] },
  }),
  {
    definition: "D18",
    name: "coins",
    description: "one of two coins, tossed forever",
    input: { components: ["coin-0.7", "coin-0.3"], weights: [0.6, 0.4] },
  },
  {
    definition: "D18",
    name: "blocks",
    description: "states of the components follow each other",
    input: { components: ["golden", "coin-0.7", "even"], weights: [0.5, 0.25, 0.25] },
  },
  failing("D18", "weights", "NotNormalizedError", "weights that sum to 0.9", {
    components: ["coin-0.7", "coin-0.3"],
    weights: [0.5, 0.4],
  }),
  {
    definition: "D19",
    name: "uniform",
    description: "a token is replaced by a uniform one, itself included, with probability 0.2",
    input: { process: "golden", epsilon: 0.2 },
  },
  {
    definition: "D19",
    name: "channel",
    description: "a channel that is not symmetric: rows are the tokens sent",
    input: {
      process: "golden",
      channel: [
        [0.9, 0.1],
        [0.25, 0.75],
      ],
    },
  },
  failing("D19", "row-sum", "NotNormalizedError", "a row of the channel sums to 0.9", {
    process: "golden",
    channel: [
      [0.9, 0],
      [0, 1],
    ],
  }),
  failing("D19", "epsilon", "InvalidArgumentError", "epsilon above 1", { process: "golden", epsilon: 1.5 }),
  {
    definition: "D20",
    name: "merge",
    description: "tokens 1 and 2 of Mess3 become one",
    input: { process: "mess3", map: [0, 1, 1] },
  },
  {
    definition: "D20",
    name: "permute",
    description: "a permutation renames tokens",
    input: { process: "golden", map: [1, 0] },
  },
  failing("D20", "gap", "InvalidArgumentError", "nothing is mapped to 1", { process: "mess3", map: [0, 2, 2] }),
  failing("D20", "length", "ShapeError", "two entries for three tokens", { process: "mess3", map: [0, 1] }),
  {
    definition: "D21",
    name: "stop",
    description: "a beginning, an end with probability 0.1 before each token, and padding",
    input: { process: "golden", bos: true, eos: true, pad: true, stop: 0.1 },
  },
  {
    definition: "D21",
    name: "length",
    description: "exactly two tokens, then the end token for ever",
    input: { process: "coin-0.7", eos: true, length: 2 },
  },
  {
    definition: "D21",
    name: "begin",
    description: "a beginning only",
    input: { process: "golden", bos: true },
  },
  failing("D21", "stop-range", "InvalidArgumentError", "a sequence that never stops has no end", {
    process: "golden",
    eos: true,
    stop: 0,
  }),
];

const named = (name: string, parameters: Case["input"], suffix = ""): Case => ({
  definition: "D22",
  name: `${name}${suffix}`,
  description: "operators, initial state and normalizer of a named process",
  input: { name, parameters },
});

const outOfRange = (name: string, suffix: string, parameters: Case["input"]): Case =>
  failing("D22", `${name}-${suffix}`, "InvalidArgumentError", "a parameter out of its range", { name, parameters });

const namedCases: readonly Case[] = [
  named("coin", { p: 0.7 }),
  named("goldenMean", { p: 0.25 }),
  named("evenOnes", { p: 0.25 }),
  named("zeroOneRandom", { p: 0.3 }),
  named("rrxor", { p1: 0.25, p2: 0.125 }),
  named("leakyRrxor", { p1: 0.5, p2: 0.25, epsilon: 0.1 }),
  named("leakyRrxor", { p1: 0.5, p2: 0.5, epsilon: 0 }, "-0"),
  named("mess3", { x: 0.05, a: 0.85 }),
  named("simpleNonunifilar", { p: 0.25, q: 0.5 }),
  named("matchingParentheses", { openProbabilities: [1, 0.5, 0.5] }),
  named("mrName", { p: 0.4, q: 0.25 }),
  named("daysOfWeek", {}),
  named("tomQuantum", { alpha: 1, beta: 4.3 }),
  named("fanizza", { alpha: 2000, lambda: 0.49 }),
  named("postQuantum", { logAlpha: Math.log(2.7), beta: 0.5 }),
  outOfRange("coin", "p", { p: 1.1 }),
  outOfRange("mess3", "x", { x: 0.6, a: 0.6 }),
  outOfRange("mrName", "sum", { p: 0.8, q: 0.4 }),
  outOfRange("postQuantum", "beta", { logAlpha: 1, beta: 1 }),
];

/** The cases of D12 to D22. */
export const combineCases: readonly Case[] = [...combined, ...namedCases].map((each) => ({
  tolerance: ROUNDING,
  ...each,
}));
