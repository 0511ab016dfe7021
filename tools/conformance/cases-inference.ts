import { type Case, EXACT, failing, ROUNDING } from "./case.ts";

const smooth = (key: string, word: readonly number[], fields: readonly string[], description: string): Case => ({
  definition: "D37",
  name: `${key}-${word.join("") || "empty"}`,
  description,
  input: { process: key, word },
  fields,
});

const path = (key: string, word: readonly number[], description: string): Case => ({
  definition: "D39",
  name: `${key}-${word.join("") || "empty"}`,
  description,
  input: { process: key, word },
});

const cases: readonly Case[] = [
  {
    definition: "D36",
    name: "three-tokens",
    description: "two states that emit become three",
    input: {
      initial: [0.6, 0.4],
      transition: [
        [0.7, 0.3],
        [0.4, 0.6],
      ],
      emission: [
        [0.1, 0.4, 0.5],
        [0.6, 0.3, 0.1],
      ],
    },
  },
  failing("D36", "row-sum", "NotNormalizedError", "emission probabilities that sum to 0.9", {
    initial: [1],
    transition: [[1]],
    emission: [[0.5, 0.4]],
  }),
  smooth("umbrella-hidden", [0, 0, 1, 0, 0], ["posteriors", "logLikelihood"], "rain behind five umbrellas"),
  smooth("moore-hidden", [0, 1, 2], ["posteriors", "logLikelihood"], "states that emit; state 2 is the start"),
  smooth("z1r", [1, 0, 0], ["posteriors", "logLikelihood", "pairs"], "the last token tells the first state"),
  smooth("mess3", [0, 1, 1, 2], ["posteriors", "logLikelihood", "pairs"], "three states that are never known"),
  smooth("golden", [], ["posteriors", "logLikelihood"], "no tokens: the initial state"),
  failing("D37", "impossible", "ZeroProbabilityError", "an impossible word has no posterior", {
    process: "golden",
    word: [0, 1, 1],
  }),
  failing("D37", "signed", "UnsupportedError", "a signed process has no hidden states", {
    process: "turning",
    word: [0, 1],
  }),
  {
    definition: "D38",
    name: "golden",
    description: "a token between its neighbours",
    input: { process: "golden", word: [0, 0, 0, 1, 0] },
  },
  {
    definition: "D38",
    name: "signed",
    description: "tokens of a signed process need no hidden states",
    input: { process: "turning", word: [1, 1, 0, 1] },
  },
  failing("D38", "impossible", "ZeroProbabilityError", "an impossible word", { process: "golden", word: [1, 1, 0] }),
  path("umbrella-hidden", [0, 0, 1, 0, 0], "the most likely weather; state 2 is the start"),
  path("moore-hidden", [0, 1, 2], "states that emit; state 2 is the start"),
  path("z1r", [1, 0, 0], "one possible path"),
  path("mess3", [0, 1, 1, 2, 2, 2, 0], "seven tokens"),
  path("mess3", [], "no tokens: a tie of three states goes to the lowest"),
  path("coin-0.7", [0, 1, 1], "one state"),
  {
    definition: "D39",
    name: "tie",
    description: "all paths are equally likely: the lowest states win",
    input: { process: "go-to-0", word: [0] },
  },
  path("z1r", [1, 0], "a tie of two paths: the lowest last state wins, then the one before"),
  failing("D39", "impossible", "ZeroProbabilityError", "no path", { process: "z1r", word: [1, 0, 0, 0] }),
  failing("D39", "signed", "UnsupportedError", "no hidden states", { process: "bloch-1-3", word: [0] }),
  {
    definition: "D40",
    name: "z1r",
    description: "summed over two sequences; every token is one transition",
    input: {
      process: "z1r",
      sequences: [
        [1, 0],
        [0, 1, 1, 0],
      ],
    },
  },
  {
    definition: "D40",
    name: "mess3",
    description: "three states that are never known",
    input: { process: "mess3", sequences: [[0, 1, 1, 2]] },
  },
];

/** The cases of D36 to D40. */
export const inferenceCases: readonly Case[] = cases.map((each) => ({ tolerance: ROUNDING, ...each }));

const key = (a: number, b: number): readonly number[] => [a, b];

const samplings: readonly Case[] = [
  { definition: "D41", name: "zero", description: "key and counter 0", input: { key: key(0, 0), counter: [0, 0] } },
  {
    definition: "D41",
    name: "ones",
    description: "all bits set",
    input: { key: key(0xffffffff, 0xffffffff), counter: [0xffffffff, 0xffffffff] },
  },
  {
    definition: "D41",
    name: "pi",
    description: "digits of pi",
    input: { key: key(0x13198a2e, 0x03707344), counter: [0x243f6a88, 0x85a308d3] },
  },
  { definition: "D42", name: "seed", description: "a small seed", input: { seed: 42 } },
  { definition: "D42", name: "large-seed", description: "2^32 * 3 + 5", input: { seed: 12884901893 } },
  failing("D42", "negative-seed", "InvalidArgumentError", "a seed below 0", { seed: -1 }),
  { definition: "D42", name: "split", description: "three keys of one", input: { key: key(0, 1), count: 3 } },
  { definition: "D42", name: "fold", description: "the key of 7", input: { key: key(0, 1), data: 7 } },
  { definition: "D43", name: "bits-0", description: "draws", input: { key: key(0, 0), count: 1 }, fields: ["bits"] },
  { definition: "D43", name: "bits-10", description: "draws", input: { key: key(0, 10), count: 4 }, fields: ["bits"] },
  {
    definition: "D43",
    name: "uniform",
    description: "multiples of 2^-23",
    input: { key: key(0, 51), count: 4 },
    fields: ["uniform"],
  },
  {
    definition: "D43",
    name: "normal",
    description: "standard normal draws",
    input: { key: key(0, 3), count: 6 },
    fields: ["normal"],
    tolerance: { absolute: 1e-12, relative: 1e-9 },
  },
  {
    definition: "D44",
    name: "z1r",
    description: "tokens and states",
    input: { process: "z1r", key: key(0, 0), count: 3, length: 12 },
  },
  {
    definition: "D44",
    name: "mess3",
    description: "tokens and states",
    input: { process: "mess3", key: key(0, 7), count: 3, length: 16 },
  },
  {
    definition: "D44",
    name: "first-index",
    description: "sequence 2 of the same family, alone",
    input: { process: "mess3", key: key(0, 7), count: 1, length: 16, firstIndex: 2 },
  },
  {
    definition: "D44",
    name: "rrxor",
    description: "a key with both words set",
    input: { process: "rrxor", key: key(123456789, 987654321), count: 2, length: 20 },
    fields: ["tokens"],
  },
  {
    definition: "D44",
    name: "umbrella",
    description: "thresholds that are not dyadic",
    input: { process: "umbrella-hidden", key: key(0, 5), count: 2, length: 15 },
  },
  ...["bloch-1-3", "turning", "cone", "post-quantum", "golden-rebased"].map(
    (process): Case => ({
      definition: "D45",
      name: process,
      description: "sampled by beliefs",
      input: { process, key: key(0, 11), count: 2, length: 12 },
    }),
  ),
  {
    definition: "D46",
    name: "z1r",
    description: "two possible paths, both drawn",
    input: { process: "z1r", word: [1, 0], key: key(0, 0), count: 6 },
  },
  {
    definition: "D46",
    name: "mess3",
    description: "paths behind four tokens",
    input: { process: "mess3", word: [0, 1, 1, 2], key: key(0, 4), count: 5 },
  },
  failing("D46", "impossible", "ZeroProbabilityError", "an impossible word has no path", {
    process: "golden",
    word: [1, 1],
    key: key(0, 0),
    count: 1,
  }),
];

/** The cases of D41 to D46. */
export const samplingCases: readonly Case[] = samplings.map((each) => ({ tolerance: EXACT, ...each }));
