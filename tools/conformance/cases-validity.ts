import { type Case, failing } from "./case.ts";
import { CONE, GOLDEN, IDENTITY, TURNING } from "./operators.ts";

/** D1 and D2: what is a process. */
export const validityCases: readonly Case[] = [
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
    input: TURNING,
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
