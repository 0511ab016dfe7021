import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fillNormal, finiteDifferences, largestError, type NamedArena, namedArena } from "./_testing/named-call.ts";
import { type KernelName, kernelSignatures } from "./index.ts";

/**
 * Every kernel of the registry is here once: a forward kernel with the backward kernels that differentiate it; a kernel that changes an activation in place, with
 * the one that turns its gradient back; or `no-gradient` (optimizer, copies, sampling; they have tests of their own). Of a forward kernel, the gradient of the
 * argument `x` is the argument `dX` of the backward kernels, that of the output `y` is `dY`.
 */
type Role = ForwardRole | readonly ForwardRole[] | InPlaceRole | "backward" | "no-gradient";

interface ForwardRole {
  readonly backward: readonly KernelName[];
  readonly output: string;
  readonly sizes: (n: Sizes) => Case;
}

interface InPlaceRole {
  readonly backward: readonly KernelName[];
  /** Name of the activation in the forward kernel and of its gradient in the backward kernel. */
  readonly activation: string;
  readonly gradient: string;
  readonly sizes: (n: Sizes) => Case;
  /** Numbers that differ in the backward kernel. */
  readonly backwardNumbers?: Readonly<Record<string, number>>;
}

interface Sizes {
  readonly batch: number;
  readonly length: number;
  readonly small: number;
  readonly wide: number;
  /** Which variant of a kernel that has several. */
  readonly mode: number;
}

interface Case {
  /** Lengths of the differentiated inputs, of the output and of what the backward pass needs. */
  readonly arrays: Readonly<Record<string, number>>;
  readonly numbers: Readonly<Record<string, number>>;
  readonly integers?: Readonly<Record<string, (index: number) => number>>;
}

function linear({ batch, length, small, wide }: Sizes): Case {
  const rows = batch * length;
  return {
    arrays: { x: rows * small, w: small * wide, bias: wide, residual: rows * wide, y: rows * wide },
    numbers: { rows, nIn: small, nOut: wide, scale: 0.7, accumulate: 1 },
  };
}

function elementwise({ small, wide }: Sizes): Case {
  return { arrays: { x: small * wide, y: small * wide }, numbers: { n: small * wide } };
}

/** Attention with and without grouped queries, a window and a cap. */
function attention({ batch, length, small: kvHeads, wide: dh, mode }: Sizes): Case {
  const heads = kvHeads * (mode === 0 ? 1 : 2);
  const keys = batch * length * kvHeads * dh;
  const queries = batch * length * heads * dh;
  return {
    arrays: { q: queries, k: keys, v: keys, probs: batch * heads * length ** 2, out: queries },
    numbers: { ...{ batch, heads, kvHeads, length, dh }, window: mode % 3, scale: 0.6, softCap: mode > 2 ? 1.5 : 0 },
  };
}

const roles: Readonly<Record<KernelName, Role>> = {
  embed_forward: {
    backward: ["embed_backward"],
    output: "out",
    sizes: ({ batch, length, small, wide }) => ({
      arrays: { wE: wide * small, wPos: (length + 1) * small, out: batch * length * small, tokens: batch * length },
      numbers: { batch, length, d: small },
      integers: { tokens: (i) => (i * 7) % wide },
    }),
  },
  layer_norm_forward: {
    backward: ["layer_norm_backward"],
    output: "y",
    sizes: ({ batch, length, wide }) => {
      const rows = batch * length;
      const d = wide + 1;
      return {
        arrays: { x: rows * d, gain: d, bias: d, y: rows * d, mean: rows, rstd: rows },
        numbers: { rows, d, eps: 0.1 },
      };
    },
  },
  linear_forward: { backward: ["linear_backward_input", "linear_backward_weight"], output: "y", sizes: linear },
  linear_transposed_forward: {
    backward: ["linear_transposed_backward_input", "linear_transposed_backward_weight"],
    output: "y",
    sizes: linear,
  },
  attention_forward: [
    { backward: ["attention_backward"], output: "out", sizes: attention },
    { backward: ["attention_scores_backward"], output: "probs", sizes: attention },
  ],
  attention_apply_forward: { backward: ["attention_apply_backward"], output: "out", sizes: attention },
  rms_norm_forward: {
    backward: ["rms_norm_backward"],
    output: "y",
    sizes: ({ batch, length, wide: d }) => {
      const rows = batch * length;
      return { arrays: { x: rows * d, gain: d, y: rows * d, rstd: rows }, numbers: { rows, d, eps: 0.1 } };
    },
  },
  gelu_forward: { backward: ["gelu_backward"], output: "y", sizes: elementwise },
  relu_forward: { backward: ["relu_backward"], output: "y", sizes: elementwise },
  cross_entropy: {
    backward: ["cross_entropy"],
    output: "rowLoss",
    sizes: ({ batch, length, wide }) => {
      const rows = batch * length;
      return {
        arrays: { logits: rows * wide, targets: rows, weights: rows, rowLoss: rows },
        numbers: { rows, vocabulary: wide },
        integers: { targets: (i) => (i % 4 === 3 ? -1 : (i * 5) % wide) },
      };
    },
  },
  silu_forward: { backward: ["silu_backward"], output: "y", sizes: elementwise },
  gelu_tanh_forward: { backward: ["gelu_tanh_backward"], output: "y", sizes: elementwise },
  multiply_forward: {
    backward: ["multiply_backward"],
    output: "y",
    sizes: ({ small, wide }) => {
      const n = small * wide;
      return { arrays: { a: n, b: n, y: n }, numbers: { n } };
    },
  },
  soft_cap_forward: {
    backward: ["soft_cap_backward"],
    output: "y",
    sizes: ({ small, wide }) => ({
      arrays: { x: small * wide, y: small * wide },
      numbers: { n: small * wide, cap: 1.5 },
    }),
  },
  intervene_forward: {
    backward: ["intervene_backward"],
    activation: "x",
    gradient: "d",
    sizes: ({ batch, length, small, wide, mode }) => {
      const n = batch * small * length * wide;
      return {
        // At least width + 1 values, which mode 2 reads.
        arrays: { x: n, values: Math.max(n, wide + 1), strength: batch * length },
        numbers: { batch, groups: small, length, width: wide, mode },
      };
    },
  },
  embed_backward: "backward",
  layer_norm_backward: "backward",
  linear_backward_input: "backward",
  linear_backward_weight: "backward",
  linear_transposed_backward_input: "backward",
  linear_transposed_backward_weight: "backward",
  attention_backward: "backward",
  attention_scores_backward: "backward",
  attention_apply_backward: "backward",
  rms_norm_backward: "backward",
  gelu_backward: "backward",
  relu_backward: "backward",
  silu_backward: "backward",
  gelu_tanh_backward: "backward",
  multiply_backward: "backward",
  soft_cap_backward: "backward",
  intervene_backward: "backward",
  // Linear; that turning back is its adjoint is tested beside it.
  rotary: "no-gradient",
  scale: "no-gradient",
  gather_positions: "no-gradient",
  fill: "no-gradient",
  copy: "no-gradient",
  add: "no-gradient",
  sum_of_squares: "no-gradient",
  clip_scale: "no-gradient",
  adamw: "no-gradient",
  sgd: "no-gradient",
  record_metrics: "no-gradient",
  sample_hmm: "no-gradient",
  reduce_shards: "no-gradient",
};

const gradientName = (name: string): string => `d${name.charAt(0).toUpperCase()}${name.slice(1)}`;

const sizes = fc.record({
  batch: fc.integer({ min: 1, max: 2 }),
  length: fc.integer({ min: 1, max: 4 }),
  small: fc.integer({ min: 1, max: 3 }),
  wide: fc.integer({ min: 1, max: 5 }),
  mode: fc.integer({ min: 0, max: 4 }),
});

const differentiated = Object.entries(roles).flatMap(([name, role]) =>
  typeof role === "string" ? [] : [role].flat().map((single) => ({ name, role: single })),
);
const forwards = differentiated.flatMap(({ name, role }) => ("output" in role ? [{ name, role }] : []));
const inPlace = differentiated.flatMap(({ name, role }) => ("activation" in role ? [{ name, role }] : []));

function kernelOf(name: string): KernelName {
  const kernel = Object.keys(kernelSignatures).find((known): known is KernelName => known === name);
  if (kernel === undefined) throw new Error(`${name} is not in the registry`);
  return kernel;
}

/** Normal draws, or the given integers, in the arrays of a case. */
function fillArrays(arena: NamedArena, { arrays, integers = {} }: Case, seed: number): void {
  for (const [index, array] of Object.keys(arrays).entries()) {
    const values = arena.values(array);
    const integer = integers[array];
    if (integer === undefined) fillNormal(values, seed + index);
    else values.set(values.map((_, i) => integer(i)));
  }
}

describe("gradients of the reference kernels equal central finite differences", () => {
  test.each(forwards)("$name", ({ name, role }) => {
    const kernel = kernelOf(name);
    fc.assert(
      fc.property(sizes, fc.integer({ min: 0, max: 2 ** 31 }), (dimensions, seed) => {
        const sized = role.sizes(dimensions);
        const { arrays, numbers } = sized;
        const gradients = Object.fromEntries(
          role.backward.flatMap((backward) =>
            kernelSignatures[backward].args.flatMap(([argument]) =>
              Object.entries(arrays).flatMap(([input, length]) =>
                gradientName(input) === argument ? [[argument, length] as const] : [],
              ),
            ),
          ),
        );
        const arena = namedArena({ ...arrays, ...gradients });
        fillArrays(arena, sized, seed);
        // Away from the kink of ReLU, where there is no derivative.
        if (kernel === "relu_forward") arena.values("x").set(arena.values("x").map((x) => x + Math.sign(x) * 0.01));

        const upstream = kernel === "cross_entropy" ? arena.values("weights") : arena.values(gradientName(role.output));
        if (kernel !== "cross_entropy") fillNormal(upstream, seed + 99);
        const loss = (): number => {
          arena.call(kernel, numbers);
          return arena.values(role.output).reduce((sum, value, i) => sum + value * (upstream[i] ?? 0), 0);
        };
        const inputs = Object.keys(arrays).filter(
          (input) => gradientName(input) in gradients && gradientName(input) !== gradientName(role.output),
        );
        expect(inputs.length).toBeGreaterThan(0);
        loss();
        for (const backward of role.backward) arena.call(backward, numbers);
        const actual = inputs.map((input) => arena.values(gradientName(input)).slice());
        for (const [index, input] of inputs.entries()) {
          expect(largestError(actual[index] ?? [], finiteDifferences(arena.values(input), loss))).toBeLessThan(1e-6);
        }
      }),
      { numRuns: 12 },
    );
  });

  test.each(inPlace)("$name, in place", ({ name, role }) => {
    const kernel = kernelOf(name);
    fc.assert(
      fc.property(sizes, fc.integer({ min: 0, max: 2 ** 31 }), (dimensions, seed) => {
        const sized = role.sizes(dimensions);
        const { arrays, numbers } = sized;
        const arena = namedArena({ ...arrays, [role.gradient]: arrays[role.activation] ?? 0 });
        fillArrays(arena, sized, seed);
        const activation = arena.values(role.activation);
        const gradient = arena.values(role.gradient);
        fillNormal(gradient, seed + 99);
        const upstream = gradient.slice();
        const loss = (): number => {
          const before = activation.slice();
          arena.call(kernel, numbers);
          const value = activation.reduce((sum, y, i) => sum + y * (upstream[i] ?? 0), 0);
          activation.set(before);
          return value;
        };
        for (const backward of role.backward) arena.call(backward, { ...numbers, ...role.backwardNumbers });
        expect(largestError(gradient, finiteDifferences(activation, loss))).toBeLessThan(1e-6);
      }),
      { numRuns: 30 },
    );
  });

  test("every backward kernel of the registry differentiates some forward kernel", () => {
    const used = new Set<string>(differentiated.flatMap(({ role }) => role.backward));
    const declared = Object.entries(roles).flatMap(([name, role]) => (role === "backward" ? [name] : []));
    expect([...used].filter((name) => name !== "cross_entropy").sort()).toEqual(declared.sort());
    expect(Object.keys(roles).sort()).toEqual(Object.keys(kernelSignatures).sort());
  });
});
