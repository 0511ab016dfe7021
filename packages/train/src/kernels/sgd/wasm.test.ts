import { fc, test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import { compareKernel, noise, random, variants } from "../../engines/wasm/_testing/compare-kernel.ts";
import { instantiateKernels, kernelBinary } from "../../engines/wasm/kernel-module.ts";
import { scalarCount, scalarIndex } from "../_internal/optimizer-scalars.ts";

const scalars = new Float32Array(scalarCount);
scalars[scalarIndex.learningRate] = 3e-2;
scalars[scalarIndex.beta1] = 0.9;
scalars[scalarIndex.weightDecay] = 0.1;
scalars[scalarIndex.clipScale] = 0.7;

describe("sgd (wasm)", () => {
  test.prop([fc.integer({ min: 1, max: 70 }), fc.integer(), fc.constantFrom(0, 1), fc.constantFrom(0.01, 1, 100)])(
    "equals the reference",
    (n, seed, decay, scale) => {
      compareKernel(
        "sgd",
        {
          param: random(seed, n, scale),
          grad: random(seed + 1, n),
          m: random(seed + 2, n),
          scalars: { data: scalars },
          n,
          decay,
        },
        5e-7,
      );
    },
  );

  test.each(variants)("an element is updated to the same bits wherever in a range it lies (%s)", (variant) => {
    const memory = new WebAssembly.Memory({ initial: 1, maximum: 65536 });
    const kernels = instantiateKernels(new WebAssembly.Module(kernelBinary(variant, false)), memory, 32768);
    const floats = new Float32Array(memory.buffer);
    const update = (n: number, from: number, count: number): readonly number[] => {
      for (const [start, seed] of [1024, 2048, 3072].entries()) floats.set(noise(start, n), seed);
      floats.set(scalars, 512);
      const at = (start: number) => 4 * (start + from);
      kernels.sgd?.(at(1024), at(2048), at(3072), 4 * 512, count, 1);
      return [...floats.subarray(1024 + from, 1024 + from + count)];
    };
    const whole = update(23, 0, 23);
    for (let from = 0; from < 23; from++) expect(update(23, from, 1)).toEqual(whole.slice(from, from + 1));
    expect(update(23, 3, 18)).toEqual(whole.slice(3, 21));
  });
});
