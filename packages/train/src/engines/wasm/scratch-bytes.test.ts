import { fc, test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import type { KernelName } from "../../kernels/index.ts";
import { scratchBytes } from "./scratch-bytes.ts";

const gemms: readonly KernelName[] = [
  "linear_forward",
  "linear_transposed_forward",
  "linear_backward_input",
  "linear_transposed_backward_input",
  "linear_backward_weight",
  "linear_transposed_backward_weight",
];
const kernels = fc.constantFrom<KernelName>(
  ...gemms,
  "attention_forward",
  "attention_backward",
  "attention_apply_forward",
  "attention_apply_backward",
  "attention_scores_backward",
  "cross_entropy",
);
const size = fc.integer({ min: 1, max: 600 });
const sizes = fc.record({ rows: size, nIn: size, nOut: size, length: size, dh: size, vocabulary: size });

// That the areas are large enough is tested by every comparison of a kernel with its reference: the word after them is watched there.
describe("scratch memory of a kernel", () => {
  test.prop([kernels, sizes, fc.constantFrom("rows", "nIn", "nOut", "length", "dh", "vocabulary"), fc.nat(50)])(
    "whole words, and never less for a larger size",
    (kernel, args, name, more) => {
      const bytes = scratchBytes(kernel, args);
      expect(bytes % 4).toBe(0);
      expect(bytes).toBeGreaterThan(0);
      expect(scratchBytes(kernel, { ...args, [name]: args[name] + more })).toBeGreaterThanOrEqual(bytes);
    },
  );

  test.prop([fc.constantFrom(...gemms), sizes])(
    "a product is done in blocks: its depth counts up to 256, its height up to 96",
    (kernel, args) => {
      const widest = Math.max(args.rows, args.nIn, args.nOut);
      expect(scratchBytes(kernel, args)).toBeLessThanOrEqual(192 + 4 * 256 * (widest + 7 + 96));
    },
  );

  test.prop([sizes])("backward passes are the products with the factors exchanged", ({ rows, nIn, nOut }) => {
    const forward = (m: number, k: number, n: number) => scratchBytes("linear_forward", { rows: m, nIn: k, nOut: n });
    const args = { rows, nIn, nOut };
    expect(scratchBytes("linear_transposed_forward", args)).toBe(forward(rows, nIn, nOut));
    expect(scratchBytes("linear_backward_input", args)).toBe(forward(rows, nOut, nIn));
    expect(scratchBytes("linear_backward_weight", args)).toBe(forward(nIn, rows, nOut));
    expect(scratchBytes("linear_transposed_backward_weight", args)).toBe(forward(nOut, rows, nIn));
  });

  test("by hand: a 5 x 3 by 3 x 9 product, attention over 5 positions, six logits", () => {
    expect(scratchBytes("linear_forward", { rows: 5, nIn: 3, nOut: 9 })).toBe(192 + 4 * 3 * (16 + 8));
    expect(scratchBytes("attention_forward", { length: 5, dh: 2 })).toBe(192 + 4 * (2 * 8 + 4 * 8 + 5 * 4));
    expect(scratchBytes("attention_backward", { length: 5, dh: 2 })).toBe(192 + 4 * (2 * 8 + 2 * 64 + 3 * 5 * 4));
    expect(scratchBytes("attention_apply_forward", { length: 5, dh: 2 })).toBe(192 + 4 * (64 + 5 * 4));
    expect(scratchBytes("attention_apply_backward", { length: 5, dh: 2 })).toBe(192 + 4 * (2 * 8 + 64 + 5 * 4 + 4 * 8));
    expect(scratchBytes("attention_scores_backward", { length: 5, dh: 2 })).toBe(192 + 4 * (2 * 64 + 2 * 5 * 4));
    for (const kernel of ["attention_backward", "attention_scores_backward"] as const) {
      const recomputed =
        scratchBytes(kernel, { length: 5, dh: 2, softCap: 30 }) - scratchBytes(kernel, { length: 5, dh: 2 });
      expect(recomputed).toBe(4 * (2 * 8 + 4 * 8));
    }
    expect(scratchBytes("cross_entropy", { rows: 9, vocabulary: 6 })).toBe(32);
    expect(scratchBytes("adamw", { n: 100 })).toBe(0);
  });
});
