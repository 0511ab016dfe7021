import { describe, expect, test } from "vitest";
import { variants } from "../engines/wasm/_testing/compare-kernel.ts";
import { instantiateKernels, kernelBinary } from "../engines/wasm/kernel-module.ts";
import type { KernelName } from "./index.ts";
import { referenceKernels } from "./reference.ts";

// A loss that is not a number stops a run, which names the first tensor that is not finite: no kernel on the way may turn such a number into another.
// The numbers lie in whole vectors and in the last three places, which have code of their own.
const n = 11;
const places = [0, 2, 7, 8, 10];

type Call = (kernel: KernelName, ...args: readonly number[]) => void;

interface Memory {
  readonly call: Call;
  readonly elements: Float32Array | Float64Array;
  readonly bytes: number;
}

function reference(): Memory {
  const elements = new Float64Array(256);
  return {
    elements,
    bytes: 1,
    call(kernel, ...args) {
      const run: (arena: Float64Array, ...rest: readonly number[]) => void = referenceKernels[kernel];
      run(elements, ...args);
    },
  };
}

function wasm(variant: (typeof variants)[number]): Memory {
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 65536 });
  const kernels = instantiateKernels(new WebAssembly.Module(kernelBinary(variant, false)), memory, 32768);
  return {
    elements: new Float32Array(memory.buffer, 0, 256),
    bytes: 4,
    call: (kernel, ...args) => kernels[kernel]?.(...args),
  };
}

const engines = [
  { engine: "reference", create: reference },
  ...variants.map((variant) => ({ engine: variant, create: () => wasm(variant) })),
];

/** The activations of one input, each with the numbers after its `n`. */
const activations = [
  { name: "gelu", rest: [] },
  { name: "gelu_tanh", rest: [] },
  { name: "silu", rest: [] },
  { name: "relu", rest: [] },
  { name: "soft_cap", rest: [30] },
] as const;

describe.each(engines)("activations ($engine)", ({ create }) => {
  test.each(activations)("$name keeps a NaN, in its place alone", ({ name, rest }) => {
    for (const place of places) {
      const { elements, bytes, call } = create();
      elements.fill(0.5, 16, 16 + n);
      elements[16 + place] = Number.NaN;
      call(`${name}_forward`, 16 * bytes, 64 * bytes, n, ...rest);
      const y = [...elements.subarray(64, 64 + n)];
      expect(y.map((value) => Number.isNaN(value))).toEqual(y.map((_, i) => i === place));
    }
  });

  test.each(activations)(
    "the slope of $name keeps a NaN of the gradient and, but for relu, of the input",
    ({ name, rest }) => {
      for (const place of places) {
        for (const wrong of name === "relu" ? [32] : [32, 16]) {
          const { elements, bytes, call } = create();
          elements.fill(0.5, 16, 16 + n);
          elements.fill(0.25, 32, 32 + n);
          elements[wrong + place] = Number.NaN;
          call(`${name}_backward`, 32 * bytes, 16 * bytes, 64 * bytes, n, ...rest);
          const dX = [...elements.subarray(64, 64 + n)];
          expect(dX.map((value) => Number.isNaN(value))).toEqual(dX.map((_, i) => i === place));
        }
      }
    },
  );

  test.each(activations)("$name of an infinite number is never finite where the activation grows", ({ name, rest }) => {
    const { elements, bytes, call } = create();
    elements.fill(Number.POSITIVE_INFINITY, 16, 16 + n);
    call(`${name}_forward`, 16 * bytes, 64 * bytes, n, ...rest);
    const expected = name === "soft_cap" ? 30 : Number.POSITIVE_INFINITY;
    expect([...elements.subarray(64, 64 + n)]).toEqual(new Array<number>(n).fill(expected));
  });
});
