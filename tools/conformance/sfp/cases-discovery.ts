import { type Case, failing, ROUNDING, SOLVED } from "../case.ts";
import { written } from "../vector.ts";
import { semiFactoredTable } from "./process-table.ts";
import type { Rows } from "./states.ts";

/** An operator of a process of the table. */
function operator(key: string, token: number): Rows {
  const process = semiFactoredTable[key];
  const found = process === undefined ? undefined : written(process).operators[token];
  if (found === undefined) throw new Error(`${key} has no operator ${token}`);
  return found;
}

const blocks: readonly Case[] = (
  [
    ["mess3", "an irreducible process is one block"],
    ["golden-even", "a product of irreducible factors is one block"],
    ["p6-semi", "two personas"],
    ["p6-semi-rebased", "two personas in another basis: the same numbers"],
    ["p6-three", "three personas"],
    ["p6-three-rebased", "three personas in another basis"],
    ["p6-copies", "two copies of one persona, which add 4 to the dimension, and another"],
    ["z9-0.5", "three blocks across the factors; two have equal weight"],
    ["z9-rebased", "the same family in another basis"],
    ["leaky-0.3", "a sector that leaks is no block"],
    ["labels-0.5", "four blocks of dimension one"],
    ["pm-1", "two personas over a capability that never synchronises"],
  ] as const
).map(([process, description]) => ({ definition: "D63", name: process, description, input: { process } }));

const SUM = [
  [2, 0, 0, 0],
  [0, 0, 0, 0],
  [0, 0, 0, 0],
  [0, 0, 0, 1],
];

const operators: readonly Case[] = [
  {
    definition: "D64",
    name: "p6-factored",
    description: "a product",
    input: { operator: operator("p6-factored", 0), dimensions: [2, 3] },
  },
  {
    definition: "D64",
    name: "p6-semi",
    description: "a sum of two products",
    input: { operator: operator("p6-semi", 0), dimensions: [2, 3] },
  },
  {
    definition: "D64",
    name: "z9",
    description: "coupled bits, in nats",
    input: { operator: operator("z9-0.5", 0), dimensions: [3, 3], unit: "nats" },
  },
  {
    definition: "D64",
    name: "zero",
    description: "no entropy, rank 0",
    input: {
      operator: [
        [0, 0],
        [0, 0],
      ],
      dimensions: [2, 1],
    },
  },
  failing("D64", "dimensions", "ShapeError", "dimensions that do not multiply to 6", {
    operator: operator("p6-semi", 0),
    dimensions: [2, 2],
  }),
  {
    definition: "D65",
    name: "sum",
    description: "the larger of two products",
    input: { operator: SUM, dimensions: [2, 2] },
  },
  {
    definition: "D65",
    name: "p6-semi",
    description: "no product",
    input: { operator: operator("p6-semi", 1), dimensions: [2, 3] },
  },
  {
    definition: "D65",
    name: "pm",
    description: "nor this",
    input: { operator: operator("pm-1", 4), dimensions: [2, 3] },
  },
  {
    definition: "D66",
    name: "p6-factored",
    description: "1 for a factored process",
    input: { process: "p6-factored", dimensions: [2, 3] },
  },
  {
    definition: "D66",
    name: "p6-semi",
    description: "tokens as at the start",
    input: { process: "p6-semi", dimensions: [2, 3] },
  },
  {
    definition: "D66",
    name: "p6-semi-s",
    description: "marks that depend on the phase, in nats",
    input: { process: "p6-semi-s", dimensions: [2, 3], unit: "nats" },
  },
  {
    definition: "D66",
    name: "z9",
    description: "three blocks, coupled bits",
    input: { process: "z9-0.5", dimensions: [3, 3] },
  },
  {
    definition: "D66",
    name: "pm",
    description: "marks that depend on the capability",
    input: { process: "pm-1", dimensions: [2, 3] },
  },
  {
    definition: "D66",
    name: "leaky",
    description: "stationary tokens",
    input: { process: "leaky-0.3", dimensions: [2, 3], distribution: "stationary" },
  },
  {
    definition: "D66",
    name: "given",
    description: "tokens as given",
    input: { process: "pm-1", dimensions: [2, 3], distribution: [0.5, 0.1, 0.1, 0.1, 0.1, 0.1] },
  },
  failing(
    "D66",
    "stationary",
    "NonUniqueStationaryStateError",
    "a process with two blocks has no stationary state of its own",
    {
      process: "p6-semi",
      dimensions: [2, 3],
      distribution: "stationary",
    },
  ),
  failing("D66", "dimensions", "ShapeError", "dimensions that do not multiply to 9", {
    process: "z9-0.5",
    dimensions: [2, 3],
  }),
];

const tokens: readonly Case[] = [
  {
    definition: "D67",
    name: "golden-even",
    description: "a product in its own basis",
    input: { process: "golden-even", tokenSizes: [2, 2] },
  },
  {
    definition: "D67",
    name: "rebased",
    description: "in another basis",
    input: { process: "golden-even-rebased", tokenSizes: [2, 2] },
  },
  {
    definition: "D67",
    name: "p6-factored",
    description: "a static persona and a phase",
    input: { process: "p6-factored", tokenSizes: [2, 2] },
  },
  {
    definition: "D67",
    name: "p6-semi",
    description: "a shortest word that shows the dependence",
    input: { process: "p6-semi", tokenSizes: [2, 2] },
  },
  {
    definition: "D67",
    name: "p6-semi-rebased",
    description: "the same word in another basis",
    input: { process: "p6-semi-rebased", tokenSizes: [2, 2] },
  },
  {
    definition: "D67",
    name: "z9",
    description: "coupled at the first token",
    input: { process: "z9-0.5", tokenSizes: [2, 2] },
  },
  {
    definition: "D67",
    name: "clocks",
    description: "two clocks from a stationary start",
    input: { process: "clocks", tokenSizes: [2, 2] },
  },
  failing("D67", "clocks-from-00", "UnsupportedError", "from another start ranks do not multiply", {
    process: "clocks-from-00",
    tokenSizes: [2, 2],
  }),
  failing("D67", "sizes", "ShapeError", "sizes that do not multiply to 4", { process: "p6-semi", tokenSizes: [2, 3] }),
  {
    definition: "D68",
    name: "p6-factored",
    description: "nothing",
    input: { process: "p6-factored", tokenSizes: [2, 2], maxLength: 3 },
  },
  {
    definition: "D68",
    name: "p6-semi",
    description: "the parts tell of the persona",
    input: { process: "p6-semi", tokenSizes: [2, 2], maxLength: 4 },
  },
  {
    definition: "D68",
    name: "z9",
    description: "in nats",
    input: { process: "z9-0.5", tokenSizes: [2, 2], maxLength: 4, unit: "nats" },
  },
  {
    definition: "D68",
    name: "pm",
    description: "two tokens and three",
    input: { process: "pm-1", tokenSizes: [2, 3], maxLength: 3 },
  },
  failing("D68", "sizes", "ShapeError", "sizes that do not multiply to 6", {
    process: "pm-1",
    tokenSizes: [2, 2],
    maxLength: 2,
  }),
];

/** The cases of D63 to D68. */
export const discoveryCases: readonly Case[] = [
  ...[...blocks, ...operators].map((each) => ({ tolerance: SOLVED, ...each })),
  ...tokens.map((each) => ({ tolerance: ROUNDING, ...each })),
];
