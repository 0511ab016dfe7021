import {
  changeBasis,
  coin,
  createGhmm,
  createHmm,
  evenOnes,
  fanizza,
  goldenMean,
  hmmFromEmissions,
  mess3,
  mixture,
  type Process,
  postQuantum,
  rrxor,
  simpleNonunifilar,
  tensorProduct,
  tomQuantum,
  zeroOneRandom,
} from "@semifactor/ghmm";
import { TURNING } from "./operators.ts";

const golden = goldenMean({ p: 0.5 });
const z1r = zeroOneRandom({ p: 0.5 });

/** Two states of the golden mean process that give all words the same probabilities, and a state that is never reached. */
const redundant = createHmm({
  operators: [
    [
      [0.5, 0, 0, 0],
      [1 / 4, 0, 3 / 4, 0],
      [0.5, 0, 0, 0],
      [0.5, 0, 0, 0.25],
    ],
    [
      [0, 0.5, 0, 0],
      [0, 0, 0, 0],
      [0, 0.5, 0, 0],
      [0, 0, 0, 0.25],
    ],
  ],
  initial: [1 / 6, 1 / 3, 1 / 2, 0],
});

/** Non-negative operators whose net operator has a right fixed vector that is not all ones. */
const cone = createGhmm({
  operators: [
    [
      [0.5, 0.25],
      [0.25, 0],
    ],
    [
      [0, 0.5],
      [0.25, 0.25],
    ],
  ],
  normalizer: [1.5, 1],
  initial: [0.4, 0.4],
});

const turning = createGhmm(TURNING);

/** The processes that vectors refer to, by key. */
export const processTable: Readonly<Record<string, Process>> = {
  "coin-fair": coin({ p: 0.5 }),
  "coin-0.7": coin({ p: 0.7 }),
  "coin-0.3": coin({ p: 0.3 }),
  "coin-0.6": coin({ p: 0.6 }),
  "coin-0.2": coin({ p: 0.2 }),
  golden,
  "golden-from-B": { ...golden, initial: Float64Array.of(0, 1) },
  "golden-redundant": redundant,
  "golden-rebased": changeBasis(golden, [
    [1, 0.5],
    [-1, 2],
  ]),
  even: evenOnes({ p: 0.5 }),
  z1r,
  "z1r-0.3": zeroOneRandom({ p: 0.3 }),
  "z1r-from-S0": { ...z1r, initial: Float64Array.of(1, 0, 0) },
  "z1r-pair": tensorProduct(z1r, z1r),
  rrxor: rrxor({ p1: 0.5, p2: 0.5 }),
  mess3: mess3({ x: 0.15, a: 0.6 }),
  "mess3-sharp": mess3({ x: 0.05, a: 0.85 }),
  sns: simpleNonunifilar({ p: 0.5, q: 0.5 }),
  "bloch-1-1": tomQuantum({ alpha: 1, beta: 1 }),
  "bloch-1-3": tomQuantum({ alpha: 1, beta: 3 }),
  fanizza: fanizza({ alpha: 2000, lambda: 0.49 }),
  "post-quantum": postQuantum({ logAlpha: Math.log(2.7), beta: 0.5 }),
  "either-coin": mixture({ components: [coin({ p: 0.7 }), coin({ p: 0.3 })], weights: [0.6, 0.4] }),
  cone,
  turning,
  "umbrella-hidden": hmmFromEmissions({
    initial: [0.5, 0.5],
    transition: [
      [0.7, 0.3],
      [0.3, 0.7],
    ],
    emission: [
      [0.9, 0.1],
      [0.2, 0.8],
    ],
  }),
  "moore-hidden": hmmFromEmissions({
    initial: [0.6, 0.4],
    transition: [
      [0.7, 0.3],
      [0.4, 0.6],
    ],
    emission: [
      [0.1, 0.4, 0.5],
      [0.6, 0.3, 0.1],
    ],
  }),
  "go-to-0": createHmm({ operators: goTo(0), initial: [0.5, 0.5] }),
  "go-to-1": createHmm({ operators: goTo(1), initial: [0.5, 0.5] }),
};

/** Both states emit both tokens with 1/2 and go to state `to`. */
function goTo(to: number): readonly (readonly (readonly number[])[])[] {
  const row = [0, 1].map((s) => (s === to ? 0.5 : 0));
  return [
    [row, row],
    [row, row],
  ];
}
