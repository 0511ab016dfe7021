import { type Case, failing, ROUNDING } from "./case.ts";

const GOLDEN = [
  [
    [0.5, 0],
    [1, 0],
  ],
  [
    [0, 0.5],
    [0, 0],
  ],
];
const CONE = [
  [
    [0.5, 0.25],
    [0.25, 0],
  ],
  [
    [0, 0.5],
    [0.25, 0.25],
  ],
];
const IDENTITY = [
  [
    [0.5, 0],
    [0, 0.5],
  ],
  [
    [0.5, 0],
    [0, 0.5],
  ],
];

/** D1 and D2: what is a process. */
const validity: readonly Case[] = [
  {
    definition: "D1",
    name: "hmm-default-initial",
    description: "an HMM starts in its stationary state unless it says otherwise",
    input: { kind: "hmm", operators: GOLDEN },
  },
  {
    definition: "D1",
    name: "ghmm-default-ones",
    description: "rows that sum to 1: the normalizer is all ones",
    input: { kind: "ghmm", operators: GOLDEN, initial: [0.25, 0.75] },
  },
  {
    definition: "D1",
    name: "ghmm-default-normalizer",
    description: "other rows: the normalizer is the right fixed vector, scaled to sum d",
    input: { kind: "ghmm", operators: CONE },
  },
  {
    definition: "D1",
    name: "ghmm-irrational",
    description: "operators given to twelve digits, with a normalizer that is not all ones",
    // golden 17: the eigenvectors are known to the digits of the operators
    input: {
      kind: "ghmm",
      operators: [
        [
          [0.697224362268, 0.116204060378],
          [0.348612181134, 0],
        ],
        [
          [0, 0.232408120756],
          [0.116204060378, 0.464816241512],
        ],
      ],
    },
    tolerance: { absolute: 1e-10, relative: 1e-10 },
  },
  failing("D1", "row-sum", "NotNormalizedError", "G1: a row of the net operator sums to 0.9", {
    kind: "hmm",
    operators: [[[0.5]], [[0.4]]],
    initial: [1],
  }),
  failing("D1", "initial-sum", "NotNormalizedError", "G2: the initial state sums to 0.9", {
    kind: "hmm",
    operators: GOLDEN,
    initial: [0.5, 0.4],
  }),
  failing("D1", "scale", "NotNormalizedError", "G2: initial times normalizer is 2, not the sum of initial", {
    kind: "ghmm",
    operators: CONE,
    normalizer: [3, 2],
    initial: [0.4, 0.4],
  }),
  failing("D1", "not-fixed", "NotNormalizedError", "G1: the normalizer is not fixed", {
    kind: "ghmm",
    operators: CONE,
    normalizer: [1, 1],
    initial: [0.5, 0.5],
  }),
  failing("D1", "negative", "InvalidArgumentError", "an HMM with a negative entry", {
    kind: "hmm",
    operators: [[[1.5]], [[-0.5]]],
    initial: [1],
  }),
  failing("D1", "empty-alphabet", "ShapeError", "no tokens", { kind: "hmm", operators: [], initial: [] }),
  failing("D1", "ragged", "ShapeError", "a row of another length", {
    kind: "hmm",
    operators: [[[0.5, 0.5], [1]]],
    initial: [1, 0],
  }),
  failing("D1", "initial-length", "ShapeError", "three weights for two states", {
    kind: "hmm",
    operators: GOLDEN,
    initial: [1, 0, 0],
  }),
  failing("D1", "no-default", "NonUniqueStationaryStateError", "two closed states: no default initial state", {
    kind: "hmm",
    operators: IDENTITY,
  }),
  {
    definition: "D2",
    name: "hmm",
    description: "non-negative, normalizer all ones",
    input: { operators: GOLDEN, initial: [1, 0], normalizer: [1, 1] },
  },
  {
    definition: "D2",
    name: "cone",
    description: "non-negative, normalizer not all ones",
    input: { operators: CONE, initial: [0.4, 0.4], normalizer: [1.5, 1] },
  },
  {
    definition: "D2",
    name: "unchecked",
    description: "signed: no short word has a negative probability, which proves nothing",
    input: {
      operators: [
        [
          [0.5, 0, 0],
          [-0.25, 0, 0],
          [0, 0, 0],
        ],
        [
          [0.5, 0, 0],
          [0.25, 0.15, 0.2],
          [0, -0.2, 0.15],
        ],
      ],
      initial: [1, 0.5, 0],
      normalizer: [1, 0, 0],
    },
  },
  failing("D2", "negative-token", "InvalidArgumentError", "G3: token 1 has probability -0.2", {
    operators: [[[1.2]], [[-0.2]]],
    initial: [1],
    normalizer: [1],
  }),
  failing("D2", "negative-word", "InvalidArgumentError", "G3: the word 11 has probability -0.125", {
    operators: [
      [
        [0.75, 0],
        [0, 0],
      ],
      [
        [0.5, -0.25],
        [1, 0],
      ],
    ],
    initial: [1, 0],
    normalizer: [1, 1],
  }),
];

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
const beliefs: readonly Case[] = [
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

const ONES = (d: number) => new Array<number>(d).fill(1);

/** D7 to D11: the process as a whole. */
const structure: readonly Case[] = [
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

/** The cases of D1 to D11. */
export const coreCases: readonly Case[] = [...validity, ...beliefs, ...structure].map((each) => ({
  tolerance: ROUNDING,
  ...each,
}));
