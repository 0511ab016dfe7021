import { fc, test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import { compareKernel, noise, random, variants } from "../../engines/wasm/_testing/compare-kernel.ts";
import { instantiateKernels, kernelBinary } from "../../engines/wasm/kernel-module.ts";

const modes = fc.constantFrom(0, 1, 2, 3, 4);

describe("intervene (wasm)", () => {
  test.prop([
    fc.integer({ min: 1, max: 3 }),
    fc.integer({ min: 1, max: 3 }),
    fc.integer({ min: 1, max: 4 }),
    fc.oneof(fc.integer({ min: 1, max: 9 }), fc.constantFrom(32, 67)),
    modes,
    fc.integer(),
    fc.constantFrom(0.25, 1, 50),
  ])("forward and backward equal the reference in every mode", (batch, groups, length, width, mode, seed, scale) => {
    const n = batch * groups * length * width;
    // Strengths 0 and 1 have meanings of their own.
    const strength = { data: noise(seed, batch * length, 2).map((s, i) => (i % 3 === 2 ? s : i % 3)) };
    // A vector of length about 1, as directions are; elsewhere rounding errors of a long sum would be multiplied.
    const values = random(seed + 1, mode === 3 ? n : width + 1, mode === 1 || mode === 2 ? 1 / Math.sqrt(width) : 1);
    const numbers = { batch, groups, length, width, mode };
    compareKernel("intervene_forward", { x: random(seed + 2, n, scale), values, strength, ...numbers }, 1e-6);
    compareKernel("intervene_backward", { d: random(seed + 2, n, scale), values, strength, ...numbers }, 1e-6);
  });
});

describe.each(variants)("bits (%s)", (variant) => {
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 65536 });
  const kernels = instantiateKernels(new WebAssembly.Module(kernelBinary(variant, false)), memory, 32768);
  const words = (start: number, length: number) => new Uint32Array(memory.buffer, start, length);
  const floats = (start: number, length: number) => new Float32Array(memory.buffer, start, length);

  /** One call on x [2, 1, 3, width] at byte 64, values at 8192, strengths at 16384. */
  function call(direction: "forward" | "backward", width: number, mode: number, strength: readonly number[]): void {
    floats(16384, 6).set(strength);
    kernels[`intervene_${direction}`]?.(64, 8192, 16384, 2, 1, 3, width, mode);
  }

  test.prop([fc.integer({ min: 1, max: 9 }), modes, fc.constantFrom("forward", "backward"), fc.constantFrom(0, -0)])(
    "strength 0 leaves every bit, of signed zeros and NaN too",
    (width, mode, direction, zero) => {
      const bits = Uint32Array.from({ length: 6 * width }, (_, i) => [0x80000000, 0x7fc12345, 0xff800000][i % 3] ?? 0);
      words(64, bits.length).set(bits);
      floats(8192, 6 * width + 1).set(noise(mode, 6 * width + 1));
      call(direction, width, mode, new Array<number>(6).fill(zero));
      expect([...words(64, bits.length)]).toEqual([...bits]);
    },
  );

  test.prop([fc.integer({ min: 1, max: 9 }), fc.integer()])(
    "strength 1 writes every bit of a replacement",
    (width, seed) => {
      floats(64, 6 * width).set(noise(seed, 6 * width, 1e6));
      const replacement = noise(seed + 1, 6 * width, 1e-6).map((value, i) => (i === 0 ? -0 : value));
      floats(8192, 6 * width).set(replacement);
      call("forward", width, 3, [1, 1, 1, 1, 1, 1]);
      expect([...words(64, 6 * width)]).toEqual([...words(8192, 6 * width)]);
    },
  );

  test.prop([fc.integer({ min: 1, max: 9 }), fc.integer()])(
    "an added vector is rounded twice: the product, then the sum",
    (width, seed) => {
      const x = noise(seed, 6 * width);
      const v = noise(seed + 1, width);
      const strength = noise(seed + 2, 6, 3);
      floats(64, 6 * width).set(x);
      floats(8192, width).set(v);
      call("forward", width, 0, strength);
      const expected = x.map((value, i) => {
        const product = Math.fround((strength[Math.floor(i / width)] ?? 0) * (v[i % width] ?? 0));
        return Math.fround(value + product);
      });
      expect([...floats(64, 6 * width)]).toEqual(expected);
    },
  );
});
