import { createKey, mess3 } from "@semifactor/ghmm";
import { samplerCall } from "../sample-hmm/_testing/sampled-batch.ts";
import { integers, type KernelArguments, random } from "./kernel-arguments.ts";
import { type KernelCase, positive } from "./kernel-case.ts";

/** Learning rate, beta1, beta2, epsilon, weight decay, bias corrections, clip scale, clip, norm, slot. */
const scalars = { data: [0.01, 0.9, 0.99, 1e-8, 0.1, 0.271, 0.0297, 0.7, 1, 3, 2, 0, 0, 0, 0, 0].map(Math.fround) };

/** Values at and beyond where an exponential overflows, and both zeros, among ordinary ones. */
const withExtremes = (seed: number, n: number): { readonly data: readonly number[] } => {
  const extremes = [0, -0, 1e-6, -1e-6, 0.6, -0.63, 5.6, -5.6, 12, -12, 40, -40, 95, -95, 300, -300];
  const { data } = random(seed, n, 4);
  return { data: Array.from(data, (x, i) => Math.fround(extremes[i] ?? x)) };
};

/** The forward and backward case of an activation of one input, with 613 elements and in place. */
export function activationCases(): readonly [forward: readonly KernelCase[], backward: readonly KernelCase[]] {
  const n = 613;
  const x = withExtremes(1, n);
  return [
    [{ label: "613 elements, large and small", args: { x, y: random(2, n), n } }],
    [
      { label: "613 elements, large and small", args: { dY: random(3, n), x, dX: random(4, n), n } },
      { label: "in place", args: { dY: random(5, n), x, dX: { data: random(5, n).data, sameAs: "dY" }, n } },
    ],
  ];
}

const n = 1301;
const elements: KernelArguments = { n };

export const copyCases: readonly KernelCase[] = [
  { label: "1301 floats", args: { ...elements, src: random(1, n), dst: random(2, n) } },
  {
    label: "integers, which as floats are NaN, denormal or infinite",
    args: {
      n: 5,
      src: integers([1, -1, 0x7fc00001, 0x7f800000, -8388608]),
      dst: integers([0, 0, 0, 0, 0]),
    },
  },
];

export const addCases: readonly KernelCase[] = [
  { label: "1301", args: { ...elements, src: random(1, n), dst: random(2, n) } },
];

export const fillCases: readonly KernelCase[] = [
  { label: "the first 1290 of 1301", args: { n: n - 11, value: Math.fround(-0.3), buffer: random(1, n) } },
];

export const scaleCases: readonly KernelCase[] = [
  { label: "1301", args: { ...elements, x: random(1, n), factor: Math.fround(0.7) } },
];

export const multiplyForwardCases: readonly KernelCase[] = [
  { label: "1301", args: { ...elements, a: random(1, n), b: random(2, n), y: random(3, n) } },
];

export const multiplyBackwardCases: readonly KernelCase[] = [
  {
    label: "1301",
    args: { ...elements, dY: random(1, n), a: random(2, n), b: random(3, n), dA: random(4, n), dB: random(5, n) },
  },
  {
    label: "in place",
    args: {
      ...elements,
      dY: random(1, n),
      a: random(2, n),
      b: random(3, n),
      dA: { data: random(1, n).data, sameAs: "dY" },
      dB: random(5, n),
    },
  },
];

export const softCapForwardCases: readonly KernelCase[] = [
  { label: "large and small", args: { ...elements, x: withExtremes(1, n), y: random(2, n), cap: 3 } },
  {
    label: "in place",
    args: { ...elements, x: random(1, n, 90), y: { data: random(1, n, 90).data, sameAs: "x" }, cap: 30 },
  },
];

export const softCapBackwardCases: readonly KernelCase[] = [
  { label: "1301", args: { ...elements, dY: random(1, n), y: random(2, n, 2.9), dX: random(3, n), cap: 3 } },
];

export const sumOfSquaresCases: readonly KernelCase[] = [1, 31, 1025, 20011].map((count) => ({
  label: `${count}`,
  args: { x: random(1, count), out: random(2, 1), n: count },
}));

export const clipScaleCases: readonly KernelCase[] = [1, 2.5, 0, 100].map((clip) => ({
  label: `clip ${clip}`,
  args: { sumsq: { data: [9.5] }, scalars: { data: scalars.data.map((x, i) => (i === 8 ? clip : x)) } },
}));

export const adamwCases: readonly KernelCase[] = [0, 1].map((decay) => ({
  label: `decay ${decay}`,
  args: { ...elements, param: random(1, n), grad: random(2, n), m: random(3, n), v: positive(4, n), scalars, decay },
}));

export const sgdCases: readonly KernelCase[] = [0, 1].map((decay) => ({
  label: `decay ${decay}`,
  args: { ...elements, param: random(1, n), grad: random(2, n), m: random(3, n), scalars, decay },
}));

export const recordMetricsCases: readonly KernelCase[] = [2, 5].map((slots) => ({
  label: `slot 2 of ${slots}`,
  args: {
    rowLoss: positive(1, 2 * 80 + 37),
    weights: random(2, 2 * 80 + 37),
    stride: 80,
    scalars,
    metrics: random(3, 10),
    shards: 3,
    rows: 37,
    slots,
  },
}));

export const reduceShardsCases: readonly KernelCase[] = [
  {
    label: "5 shards of 77, 96 apart",
    args: { first: random(1, 4 * 96 + 77), stride: 96, out: random(2, 77), shards: 5, n: 77 },
  },
];

export const gatherPositionsCases: readonly KernelCase[] = [
  {
    label: "3 of 7 positions, in no order",
    args: {
      src: random(1, 2 * 3 * 7 * 5),
      positions: integers([6, 0, 3]),
      dst: random(2, 2 * 3 * 3 * 5),
      batch: 2,
      groups: 3,
      length: 7,
      width: 5,
      count: 3,
    },
  },
];

const vectors = { batch: 2, groups: 3, length: 5, width: 37 };
const count = 2 * 3 * 5 * 37;
/** Some vectors are left alone, some replaced wholly. */
const strength = { data: [0, 1, 0.5, 0, -2, 1, 0, 0.25, 1, 0] };

export const interveneForwardCases: readonly KernelCase[] = [0, 1, 2, 3, 4].map((mode) => ({
  label: `mode ${mode}`,
  args: { ...vectors, x: random(1, count), values: random(2, mode === 3 ? count : 38), strength, mode },
}));

export const interveneBackwardCases: readonly KernelCase[] = [0, 1, 2, 3, 4].map((mode) => ({
  label: `mode ${mode}`,
  args: { ...vectors, d: random(1, count), values: random(2, mode === 3 ? count : 38), strength, mode },
}));

export const sampleHmmCases: readonly KernelCase[] = [-1, 3].map((bos) => {
  const range = { key: createKey(5), firstIndex: 2 ** 32 - 3, first: 1, batch: 11, length: 13, bos };
  const { buffers, numbers } = samplerCall(mess3({ x: 0.15, a: 0.6 }), range);
  const { source, first, rowStart, last, token, next } = buffers;
  return {
    label: `mess3, first token ${bos}, past the last index`,
    args: {
      source: integers(source),
      first: integers(first),
      rowStart: integers(rowStart),
      last: integers(last),
      token: integers(token),
      next: integers(next),
      tokens: integers(new Int32Array(11 * 13).fill(-9)),
      targets: integers(new Int32Array(11 * 13).fill(-9)),
      weights: random(1, 11 * 13),
      ...numbers,
    },
  };
});
