import { type Case, failing, ROUNDING } from "./case.ts";

const tree = (key: string, depth: number, fields: readonly string[], description: string): Case => ({
  definition: "D23",
  name: `${key}-${depth}`,
  description,
  input: { process: key, depth },
  fields,
});

const ALL = ["levels", "words", "probabilities", "beliefs"] as const;

const states = (key: string, fields: readonly string[], description: string, limits: Case["input"] = {}): Case => ({
  definition: "D24",
  name: [key, ...Object.keys(limits)].join("-"),
  description,
  input: { process: key, ...limits },
  fields,
});

const recurrent = (key: string, fields: readonly string[], description: string, limits: Case["input"] = {}): Case => ({
  ...states(key, fields, description, limits),
  definition: "D25",
});

const WHOLE = ["count", "complete", "states", "depth", "transitions"] as const;

const cases: readonly Case[] = [
  tree("golden", 2, ALL, "four words of length 2 less the impossible 11"),
  tree("z1r", 3, ALL, "impossible words are not there"),
  tree("z1r", 6, ["levels"], "number of possible words by length"),
  tree("rrxor", 4, ["levels", "probabilities"], "all words are possible at first"),
  tree("mess3", 2, ALL, "every word is possible"),
  tree("mess3", 6, ["levels"], "powers of three"),
  tree("bloch-1-3", 2, ALL, "beliefs of a quantum process"),
  tree("fanizza", 3, ["levels", "words", "probabilities"], "a signed process"),
  tree("post-quantum", 2, ["levels", "words", "probabilities"], "impossible words of a signed process"),
  tree("cone", 2, ALL, "w is not all ones"),
  {
    definition: "D23",
    name: "threshold",
    description: "words of a probability below 0.15 are cut; the sum is what the last level lacks",
    input: { process: "z1r-0.3", depth: 4, probabilityThreshold: 0.15 },
    fields: ["levels", "words", "probabilities", "cut"],
  },
  failing("D23", "fraction", "InvalidArgumentError", "a depth that is no integer", {
    process: "golden",
    depth: 1.5,
  }),
  states("coin-0.7", WHOLE, "a coin has one mixed state"),
  states("golden", WHOLE, "one transient mixed state"),
  states("even", WHOLE, "two transient mixed states"),
  states("z1r", WHOLE, "four transient mixed states, three recurrent ones"),
  states("rrxor", ["count", "complete", "depth"], "36 mixed states"),
  states("z1r-pair", ["count", "complete"], "fewer than the pairs: both factors are as far in time"),
  states("bloch-1-1", WHOLE, "a quantum process with five mixed states"),
  states(
    "golden-redundant",
    ["count", "complete", "transitions"],
    "beliefs that differ only in what no future sees are one",
  ),
  states("golden-rebased", ["count", "complete", "states"], "beliefs follow the basis"),
  states("golden-from-B", WHOLE, "from a known state nothing is transient"),
  states("either-coin", ["count", "complete", "depth"], "truncated at a depth: how many heads, how many tails", {
    maxDepth: 4,
  }),
  states("mess3", ["count", "complete", "depth"], "truncated: the states up to length 3 of infinitely many", {
    maxDepth: 3,
  }),
  states("sns", ["count", "complete", "states", "depth"], "countably many: how many zeros since the last one", {
    maxDepth: 5,
  }),
  states("mess3", ["count", "complete"], "a state whose successors do not all fit is not expanded", { maxStates: 20 }),
  recurrent("golden", ["recurrent", "classes"], "two recurrent states"),
  recurrent("even", ["recurrent", "classes"], "two recurrent states"),
  recurrent("z1r", ["recurrent", "classes"], "three recurrent states in a cycle"),
  recurrent("rrxor", ["recurrent"], "five recurrent states"),
  recurrent("z1r-pair", ["recurrent", "classes"], "three classes, one for each difference of phases"),
  recurrent("bloch-1-1", ["recurrent", "classes"], "four recurrent states"),
  recurrent("mess3", ["recurrent", "classes"], "in a truncated presentation nothing is known to be recurrent", {
    maxDepth: 3,
  }),
];

/** The cases of D23 to D25. */
export const presentationCases: readonly Case[] = cases.map((each) => ({ tolerance: ROUNDING, ...each }));
