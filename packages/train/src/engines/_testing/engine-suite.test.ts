import { describe, expect, test } from "vitest";
import { kernelCases } from "../../kernels/_testing/kernel-cases.ts";
import { kernelSignatures } from "../../kernels/index.ts";
import { createReferenceEngine } from "../reference.ts";
import { createWasmEngine } from "../wasm/index.ts";
import { expectClose } from "./engine-check.ts";
import { engineSuite } from "./engine-suite.ts";
import { kernelChecks } from "./kernel-checks.ts";

describe("the suite itself", () => {
  test("every kernel has cases, and a check", () => {
    expect(Object.keys(kernelCases).sort()).toEqual(Object.keys(kernelSignatures).sort());
    expect(Object.values(kernelCases).every((cases) => cases.length > 0)).toBe(true);
    expect(kernelChecks.map(({ name }) => name)).toEqual(Object.keys(kernelSignatures).map((name) => `kernel ${name}`));
  });

  test("a wrong number, a missing one and NaN are seen", () => {
    expect(() => expectClose("x", [1, 2], [1, 2.001], 1e-4)).toThrow("x[1] = 2, expected 2.001");
    expect(() => expectClose("x", [1], [1, 2], 1)).toThrow("x has 1 elements instead of 2");
    expect(() => expectClose("x", [Number.NaN], [0], 1)).toThrow("x[0] = NaN");
    expectClose("x", [1, 2], [1, 2.0001], 1e-4);
  });
});

engineSuite("reference", { create: async () => createReferenceEngine() });
engineSuite("wasm", { create: () => createWasmEngine() });
