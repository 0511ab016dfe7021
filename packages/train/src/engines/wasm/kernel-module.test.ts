import { describe, expect, test } from "vitest";
import { kernelSignatures } from "../../kernels/index.ts";
import { variants } from "./_testing/compare-kernel.ts";
import { hasRelaxedSimd, instantiateKernels, kernelBinary } from "./kernel-module.ts";

describe.each(variants)("the binary %s", (variant) => {
  test("exports every kernel of the signatures, and set_scratch", () => {
    const names = WebAssembly.Module.exports(new WebAssembly.Module(kernelBinary(variant, false))).map(
      ({ name }) => name,
    );
    for (const name of [...Object.keys(kernelSignatures), "set_scratch"]) expect(names).toContain(name);
  });

  test.each([false, true])("links to memory that is shared: %s, and to no other", (shared) => {
    const module = new WebAssembly.Module(kernelBinary(variant, shared));
    const memory = (isShared: boolean) => new WebAssembly.Memory({ initial: 1, maximum: 1, shared: isShared });
    const own = memory(shared);
    instantiateKernels(module, own, 1024).fill?.(64, 2.5, 3);
    expect([...new Float32Array(own.buffer, 60, 5)]).toEqual([0, 2.5, 2.5, 2.5, 0]);
    expect(() => instantiateKernels(module, memory(!shared), 1024)).toThrow(WebAssembly.LinkError);
  });

  test("differs in one byte between plain and shared memory, and is a copy", () => {
    const [plain, shared] = [kernelBinary(variant, false), kernelBinary(variant, true)];
    expect([...plain.keys()].filter((i) => plain[i] !== shared[i])).toHaveLength(1);
    plain.fill(0);
    expect(kernelBinary(variant, false)[1]).toBe(97);
  });
});

test("the relaxed variant compiles exactly where relaxed SIMD is reported", () => {
  expect(WebAssembly.validate(kernelBinary("wasm-relaxed-simd", false))).toBe(hasRelaxedSimd());
  expect(kernelBinary("wasm-relaxed-simd", false)).not.toEqual(kernelBinary("wasm-simd", false));
});
