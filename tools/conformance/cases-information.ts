import { type Case, failing, SOLVED } from "./case.ts";

const blocks = (key: string, maxLength: number, description: string): Case => ({
  definition: "D27",
  name: key,
  description,
  input: { process: key, maxLength },
});

/** Quantities of a finite presentation. */
const QUANTITIES = [
  ["D29", "entropyRate"],
  ["D30", "excessEntropy"],
  ["D31", "transientInformation"],
  ["D32", "statisticalComplexity"],
  ["D33", "crypticity"],
  ["D34", "synchronizationInformation"],
] as const;

const FINITE: readonly (readonly [key: string, description: string])[] = [
  ["coin-0.7", "a coin remembers nothing"],
  ["golden", "the golden mean process"],
  ["even", "the even process"],
  ["z1r", "periodic: the time average is no limit of powers"],
  ["z1r-0.3", "a biased random token"],
  ["rrxor", "36 mixed states"],
];

const quantities: readonly Case[] = QUANTITIES.flatMap(([definition, quantity]) =>
  FINITE.map(
    ([key, description]): Case => ({
      definition,
      name: key,
      description,
      input: { process: key },
      fields: [quantity],
    }),
  ),
);

const others: readonly Case[] = [
  ...QUANTITIES.slice(0, 5).map(
    ([definition, quantity]): Case => ({
      definition,
      name: "bloch-1-1",
      description: "a quantum process",
      input: { process: "bloch-1-1" },
      fields: [quantity],
    }),
  ),
  {
    definition: "D29",
    name: "nats",
    description: "in nats",
    input: { process: "golden", unit: "nats" },
    fields: ["entropyRate"],
  },
  {
    definition: "D30",
    name: "z1r-pair",
    description: "excess entropies of independent processes add, several recurrent classes included",
    input: { process: "z1r-pair" },
    fields: ["excessEntropy"],
  },
  {
    definition: "D32",
    name: "golden-redundant",
    description: "redundant states do not count",
    input: { process: "golden-redundant" },
    fields: ["statisticalComplexity"],
  },
  failing("D30", "truncated", "UnsupportedError", "the presentation is truncated", {
    process: "mess3",
    maxStates: 100,
  }),
  failing("D34", "signed", "UnsupportedError", "a signed process has no hidden states", { process: "bloch-1-1" }),
  failing("D34", "non-unifilar", "UnsupportedError", "the state does not follow from state and token", {
    process: "sns",
  }),
  failing("D34", "redundant", "UnsupportedError", "two states have the same future", { process: "golden-redundant" }),
  {
    definition: "D35",
    name: "mess3-2",
    description: "bounds of the entropy rate of a process with uncountably many mixed states",
    input: { process: "mess3", length: 2 },
  },
  {
    definition: "D35",
    name: "mess3-6",
    description: "they close in",
    input: { process: "mess3", length: 6 },
  },
];

const cases: readonly Case[] = [
  { definition: "D26", name: "bits", description: "in bits", input: { distribution: [0.5, 0.25, 0.25, 0] } },
  {
    definition: "D26",
    name: "nats",
    description: "in nats",
    input: { distribution: [0.7, 0.3], unit: "nats" },
  },
  failing("D26", "negative", "InvalidArgumentError", "a negative probability", { distribution: [1.5, -0.5] }),
  blocks("golden", 4, "exact from the second token on"),
  blocks("even", 5, "infinitely long memory"),
  blocks("z1r", 6, "the phase is known after three tokens"),
  blocks("rrxor", 8, "slow"),
  blocks("mess3", 6, "uncountably many mixed states"),
  blocks("sns", 5, "countably many mixed states"),
  blocks("bloch-1-3", 4, "a quantum process"),
  blocks("fanizza", 5, "a signed process"),
  blocks("post-quantum", 5, "a signed process with w not all ones"),
  blocks("either-coin", 4, "a process that is not ergodic"),
  blocks("golden-from-B", 4, "from a start that is not stationary, h(L) may increase"),
  {
    definition: "D27",
    name: "nats",
    description: "in nats",
    input: { process: "golden", maxLength: 2, unit: "nats" },
  },
  {
    definition: "D28",
    name: "mess3",
    description: "in nats, as a loss",
    input: { process: "mess3", length: 5 },
  },
  {
    definition: "D28",
    name: "bits",
    description: "in bits on request",
    input: { process: "z1r", length: 5, unit: "bits" },
  },
  ...quantities,
  ...others,
];

/** The cases of D26 to D35. */
export const informationCases: readonly Case[] = cases.map((each) => ({ tolerance: SOLVED, ...each }));
