import { type Case, failing } from "./case.ts";

const word = (key: string, tokens: readonly number[], log = false): Case => ({
  definition: "D3",
  name: `${key}-${tokens.join("") || "empty"}${log ? "-log" : ""}`,
  description: log
    ? `log-probability in nats of the word ${tokens.join("")}`
    : `probability of the word ${tokens.join("") || "of length 0"}`,
  input: { process: key, word: tokens },
  fields: [log ? "logProbability" : "probability"],
});

const belief = (key: string, tokens: readonly number[]): Case => ({
  definition: "D4",
  name: `${key}-${tokens.join("") || "empty"}`,
  description: `belief after ${tokens.join("") || "no token"}`,
  input: { process: key, word: tokens },
});

/** D3 to D6: words and beliefs. */
export const beliefCases: readonly Case[] = [
  word("coin-0.7", []),
  word("coin-0.7", [0, 1, 0]),
  word("z1r", [1, 0, 0, 1, 1, 0]),
  word("z1r", [1, 0, 0, 1, 1, 0], true),
  word("golden", [0, 1, 1]),
  { ...word("golden", [1, 1], true), description: "an impossible word has log-probability minus infinity" },
  word("mess3", [2, 2, 2, 2]),
  word("cone", [0, 1]),
  word("turning", [1, 1, 0, 1]),
  word("bloch-1-3", [3, 3, 3, 3]),
  word("fanizza", [1, 1, 1, 1]),
  word("post-quantum", [2, 2, 2, 2]),
  word("golden-rebased", [0, 1, 0, 0]),
  {
    definition: "D3",
    name: "underflow",
    description: "a word of 6000 tokens, whose probability is below the smallest number",
    input: { process: "mess3", word: [0, 0, 1, 2, 1, 0], repeat: 1000 },
    fields: ["logProbability"],
  },
  {
    definition: "D3",
    name: "underflow-signed",
    description: "the same for a signed process",
    input: { process: "bloch-1-3", word: [0, 2, 1, 3], repeat: 1500 },
    fields: ["logProbability"],
    tolerance: { absolute: 1e-9, relative: 1e-9 },
  },
  failing("D3", "unknown-token", "InvalidArgumentError", "token 2 of an alphabet of two", {
    process: "golden",
    word: [0, 2],
  }),
  belief("z1r", [1, 0]),
  belief("mess3", [0, 0]),
  belief("mess3", [2, 2, 2, 0]),
  belief("rrxor", [0, 0, 0]),
  belief("rrxor", [1, 1, 1, 1]),
  belief("fanizza", [1, 0]),
  belief("post-quantum", []),
  belief("post-quantum", [1, 2]),
  belief("bloch-1-3", [0, 2]),
  belief("cone", [0]),
  belief("golden-rebased", [0]),
  belief("either-coin", [0, 0, 1]),
  failing("D4", "impossible", "ZeroProbabilityError", "no belief follows 11 in the golden mean process", {
    process: "golden",
    word: [0, 1, 1, 0],
  }),
  failing("D4", "unknown-token", "InvalidArgumentError", "a token that is no integer", {
    process: "golden",
    word: [0, 0.5],
  }),
  {
    definition: "D5",
    name: "z1r",
    description: "Bayes' rule",
    input: { process: "z1r", belief: [0.4, 0.4, 0.2], token: 0 },
  },
  {
    definition: "D5",
    name: "multiple",
    description: "a multiple of a belief stands for it: (2, 5, 1) is (2, 5, 1) / 8",
    input: { process: "z1r", belief: [2, 5, 1], token: 1 },
  },
  {
    definition: "D5",
    name: "normalizer",
    description: "divided by belief times normalizer, not by the sum of entries",
    input: { process: "cone", belief: [1.6, 0.4], token: 0 },
  },
  {
    definition: "D5",
    name: "signed",
    description: "a belief with a negative entry, in a process that is no HMM",
    input: { process: "turning", belief: [1, -0.25, 0.5], token: 1 },
  },
  failing("D5", "impossible", "ZeroProbabilityError", "token 1 cannot follow state B", {
    process: "golden",
    belief: [0, 1],
    token: 1,
  }),
  failing("D5", "zero", "InvalidArgumentError", "nothing to divide by", {
    process: "z1r",
    belief: [0, 0, 0],
    token: 0,
  }),
  failing("D5", "negative-hmm", "InvalidArgumentError", "a belief of an HMM has no negative entries", {
    process: "z1r",
    belief: [1.5, -0.5, 0],
    token: 0,
  }),
  failing("D5", "length", "ShapeError", "two entries for three states", { process: "z1r", belief: [1, 0], token: 0 }),
  {
    definition: "D6",
    name: "z1r",
    description: "next token after a belief",
    input: { process: "z1r", belief: [0.3, 0.1, 0.6] },
  },
  {
    definition: "D6",
    name: "normalizer",
    description: "w is not all ones",
    input: { process: "cone", belief: [0.4, 0.4] },
  },
  {
    definition: "D6",
    name: "normalizer-multiple",
    description: "the same for another multiple",
    input: { process: "cone", belief: [4, 4] },
  },
  failing("D6", "no-belief", "InvalidArgumentError", "a vector after which token 0 would have a negative probability", {
    process: "turning",
    belief: [1, 3, 0],
  }),
];
