import { type KernelArguments, random } from "./kernel-arguments.ts";
import { type KernelCase, resultOf } from "./kernel-case.ts";

/** Shapes of a matrix product: smaller than a tile, ragged against tiles of 4, 8, 16, 32 and 64, whole tiles, and one row or column. */
const shapes = [
  { rows: 1, nIn: 1, nOut: 1 },
  { rows: 5, nIn: 3, nOut: 7 },
  { rows: 37, nIn: 19, nOut: 13 },
  { rows: 64, nIn: 32, nOut: 64 },
  { rows: 70, nIn: 33, nOut: 129 },
  { rows: 130, nIn: 67, nOut: 1 },
];
const scale = Math.fround(0.7);

/** Products with w [nIn, nOut] or, transposed, [nOut, nIn]: the arguments are the same. */
export const productForwardCases: readonly KernelCase[] = [
  ...shapes.map(({ rows, nIn, nOut }) => ({
    label: `${rows} x ${nIn} x ${nOut}, bias and residual`,
    args: {
      x: random(1, rows * nIn),
      w: random(2, nIn * nOut),
      bias: random(3, nOut),
      residual: random(4, rows * nOut),
      y: random(5, rows * nOut),
      rows,
      nIn,
      nOut,
      scale,
    },
  })),
  ...shapes.slice(1, 5).map(({ rows, nIn, nOut }) => ({
    label: `${rows} x ${nIn} x ${nOut}, added in place`,
    args: {
      x: random(1, rows * nIn),
      w: random(2, nIn * nOut),
      bias: 0,
      residual: random(4, rows * nOut),
      y: { data: random(4, rows * nOut).data, sameAs: "residual" },
      rows,
      nIn,
      nOut,
      scale,
    },
  })),
  {
    label: "no bias, no residual",
    args: {
      x: random(1, 9 * 10),
      w: random(2, 110),
      bias: 0,
      residual: 0,
      y: random(3, 99),
      rows: 9,
      nIn: 10,
      nOut: 11,
      scale: 1,
    },
  },
];

export const productBackwardInputCases: readonly KernelCase[] = shapes.flatMap(({ rows, nIn, nOut }) =>
  [0, 1].map((accumulate) => ({
    label: `${rows} x ${nIn} x ${nOut}${accumulate === 1 ? ", added" : ""}`,
    args: {
      dY: random(1, rows * nOut),
      w: random(2, nIn * nOut),
      dX: random(3, rows * nIn),
      rows,
      nIn,
      nOut,
      scale,
      accumulate,
    },
  })),
);

export const productBackwardWeightCases: readonly KernelCase[] = shapes.flatMap(({ rows, nIn, nOut }) => {
  const args = {
    x: random(1, rows * nIn),
    dY: random(2, rows * nOut),
    dW: random(3, nIn * nOut),
    dBias: random(4, nOut),
    rows,
    nIn,
    nOut,
    scale,
  };
  const label = `${rows} x ${nIn} x ${nOut}`;
  return [
    { label, args },
    { label: `${label}, no bias`, args: { ...args, dBias: 0 } },
    { label: `${label}, the bias alone`, args: { ...args, dW: 0 } },
  ];
});

/** Attention: grouped heads, windows, caps, and lengths beside the tiles. */
const attentionShapes = [
  { batch: 2, heads: 2, kvHeads: 2, length: 5, dh: 3, window: 0, scale: Math.fround(3 ** -0.5), softCap: 0 },
  { batch: 1, heads: 4, kvHeads: 2, length: 17, dh: 8, window: 0, scale: 0.25, softCap: 0 },
  { batch: 2, heads: 3, kvHeads: 1, length: 9, dh: 5, window: 4, scale: 0.5, softCap: 2 },
  { batch: 1, heads: 2, kvHeads: 2, length: 33, dh: 20, window: 0, scale: 0.25, softCap: 0 },
  { batch: 1, heads: 1, kvHeads: 1, length: 1, dh: 1, window: 1, scale: 1, softCap: 0 },
];
type AttentionShape = (typeof attentionShapes)[number];

const labelOf = ({ batch, heads, kvHeads, length, dh, window, softCap }: AttentionShape): string =>
  `batch ${batch}, ${heads}/${kvHeads} heads, length ${length}, dh ${dh}, window ${window}, cap ${softCap}`;

const queriesOf = ({ batch, length, heads, dh }: AttentionShape): number => batch * length * heads * dh;
const keysOf = ({ batch, length, kvHeads, dh }: AttentionShape): number => batch * length * kvHeads * dh;
const patternsOf = ({ batch, heads, length }: AttentionShape): number => batch * heads * length ** 2;

const forwardArguments = (shape: AttentionShape): KernelArguments => ({
  q: random(1, queriesOf(shape), 2),
  k: random(2, keysOf(shape), 2),
  v: random(3, keysOf(shape)),
  probs: random(4, patternsOf(shape)),
  out: random(5, queriesOf(shape)),
  ...shape,
});

export const attentionForwardCases: readonly KernelCase[] = attentionShapes.map((shape) => ({
  label: labelOf(shape),
  args: forwardArguments(shape),
}));

export const attentionBackwardCases: readonly KernelCase[] = attentionShapes.map((shape) => {
  const forward = forwardArguments(shape);
  return {
    label: labelOf(shape),
    args: {
      ...forward,
      dOut: random(6, queriesOf(shape)),
      probs: resultOf("attention_forward", forward, "probs"),
      dQ: random(7, queriesOf(shape)),
      dK: random(8, keysOf(shape)),
      dV: random(9, keysOf(shape)),
    },
  };
});

export const attentionApplyForwardCases: readonly KernelCase[] = attentionShapes.map((shape) => ({
  label: labelOf(shape),
  args: forwardArguments(shape),
}));

export const attentionApplyBackwardCases: readonly KernelCase[] = attentionShapes.map((shape) => ({
  label: labelOf(shape),
  args: {
    ...forwardArguments(shape),
    dOut: random(6, queriesOf(shape)),
    dProbs: random(7, patternsOf(shape)),
    dV: random(8, keysOf(shape)),
  },
}));

export const attentionScoresBackwardCases: readonly KernelCase[] = attentionShapes.map((shape) => {
  const forward = forwardArguments(shape);
  return {
    label: labelOf(shape),
    args: {
      ...forward,
      dProbs: random(6, patternsOf(shape)),
      probs: resultOf("attention_forward", forward, "probs"),
      dQ: random(7, queriesOf(shape)),
      dK: random(8, keysOf(shape)),
    },
  };
});
