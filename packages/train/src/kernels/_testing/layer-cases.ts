import { integers, type KernelArguments, random } from "./kernel-arguments.ts";
import { type KernelCase, positive, resultOf } from "./kernel-case.ts";

const tokens = integers([3, 0, 3, 6, 1, 3, 0, 5, 3, 3]);
const embed = { tokens, batch: 2, length: 5, d: 19 };
const table = 7 * 19;

export const embedForwardCases: readonly KernelCase[] = [
  {
    label: "d 19",
    args: { ...embed, wE: random(1, table), wPos: random(2, 6 * 19), out: random(3, 190) },
  },
  { label: "without positions", args: { ...embed, wE: random(1, table), wPos: 0, out: random(3, 190) } },
];

export const embedBackwardCases: readonly KernelCase[] = [
  {
    label: "tokens that repeat and tokens that do not appear",
    args: { ...embed, dOut: random(1, 190), dWE: random(2, table), dWPos: random(3, 6 * 19) },
  },
  { label: "without positions", args: { ...embed, dOut: random(1, 190), dWE: random(2, table), dWPos: 0 } },
  { label: "positions alone", args: { ...embed, dOut: random(1, 190), dWE: 0, dWPos: random(3, 6 * 19) } },
  {
    label: "one token in 70 rows",
    args: {
      tokens: integers(new Int32Array(70).fill(2)),
      batch: 35,
      length: 2,
      d: 5,
      dOut: random(1, 350),
      dWE: random(2, 20),
      dWPos: random(3, 10),
    },
  },
];

/** Shapes of rows: one element, fewer than a row of lanes, more, and across several workgroups. */
const rowShapes = [
  { rows: 1, d: 1 },
  { rows: 7, d: 5 },
  { rows: 19, d: 67 },
  { rows: 70, d: 32 },
];
const eps = 1e-5;

export const layerNormForwardCases: readonly KernelCase[] = rowShapes.flatMap(({ rows, d }) =>
  [random(3, d), 0].map((bias) => ({
    label: `${rows} x ${d}${bias === 0 ? ", no bias" : ""}`,
    args: {
      x: random(1, rows * d, 3),
      gain: random(2, d),
      bias,
      y: random(4, rows * d),
      mean: random(5, rows),
      rstd: random(6, rows),
      rows,
      d,
      eps,
    },
  })),
);

const normBackward = (rows: number, d: number): KernelArguments => {
  const x = random(1, rows * d, 3);
  const gain = random(2, d);
  const outputs = { y: random(3, rows * d), mean: random(4, rows), rstd: random(5, rows) };
  const forward = { x, gain, bias: 0, ...outputs, rows, d, eps };
  return {
    dY: random(6, rows * d),
    x,
    gain,
    mean: resultOf("layer_norm_forward", forward, "mean"),
    rstd: resultOf("layer_norm_forward", forward, "rstd"),
    dX: random(7, rows * d),
    dGain: random(8, d),
    dBias: random(9, d),
    rows,
    d,
  };
};

export const layerNormBackwardCases: readonly KernelCase[] = [
  ...rowShapes.slice(1).map(({ rows, d }) => ({ label: `${rows} x ${d}`, args: normBackward(rows, d) })),
  { label: "the input alone", args: { ...normBackward(19, 67), dGain: 0, dBias: 0 } },
  { label: "the parameters alone", args: { ...normBackward(19, 67), dX: 0 } },
  { label: "no bias", args: { ...normBackward(7, 5), dBias: 0 } },
];

export const rmsNormForwardCases: readonly KernelCase[] = rowShapes.map(({ rows, d }) => ({
  label: `${rows} x ${d}`,
  args: {
    x: random(1, rows * d, 3),
    gain: random(2, d),
    y: random(3, rows * d),
    rstd: random(4, rows),
    rows,
    d,
    eps,
  },
}));

export const rmsNormBackwardCases: readonly KernelCase[] = rowShapes.slice(1).flatMap(({ rows, d }) => {
  const x = random(1, rows * d, 3);
  const gain = random(2, d);
  const forward = { x, gain, y: random(3, rows * d), rstd: random(4, rows), rows, d, eps };
  const rstd = resultOf("rms_norm_forward", forward, "rstd");
  const args = { dY: random(5, rows * d), x, gain, rstd, dX: random(6, rows * d), dGain: random(7, d), rows, d };
  return [
    { label: `${rows} x ${d}`, args },
    { label: `${rows} x ${d}, the input alone`, args: { ...args, dGain: 0 } },
    { label: `${rows} x ${d}, the gain alone`, args: { ...args, dX: 0 } },
  ];
});

export const rotaryCases: readonly KernelCase[] = [0, 1].flatMap((interleaved) =>
  [1, -1].map((direction) => {
    const x = random(1, 2 * 5 * 3 * 7);
    return {
      label: `4 of 7 coordinates, ${interleaved ? "neighbours" : "halves"}, direction ${direction}`,
      args: {
        x,
        table: random(2, 6 * 4),
        y: direction === 1 ? random(3, 210) : { data: x.data, sameAs: "x" },
        batch: 2,
        length: 5,
        heads: 3,
        dh: 7,
        rotaryDim: 4,
        interleaved,
        direction,
      },
    };
  }),
);

export const crossEntropyCases: readonly KernelCase[] = [
  { rows: 9, vocabulary: 5 },
  { rows: 37, vocabulary: 131 },
].flatMap(({ rows, vocabulary }) => {
  const targets = integers(Array.from({ length: rows }, (_, r) => (r % 5 === 4 ? -1 : (r * 7) % vocabulary)));
  const logits = random(1, rows * vocabulary, 9);
  const rest = { logits, targets, weights: positive(2, rows), rowLoss: random(3, rows), rows, vocabulary };
  return [
    { label: `${rows} x ${vocabulary}, some without target`, args: { ...rest, dLogits: random(4, rows * vocabulary) } },
    { label: `${rows} x ${vocabulary}, the loss alone`, args: { ...rest, dLogits: 0 } },
  ];
});
