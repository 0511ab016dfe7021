import { adapterNames, type CellName, cellConfig } from "../config.ts";
import type { CellResult, Shift } from "../results.ts";

/** A made-up cell result for the tests of everything that reads results. */
export function syntheticResult(
  cell: CellName,
  seed: number,
  frac: number,
  options: { readonly narrow?: number; readonly smoke?: boolean } = {},
): CellResult {
  const config = cellConfig({ cell, seed, engine: "wasm-simd", smoke: options.smoke ?? false });
  const narrow = options.narrow ?? 0.97;
  const shift = (step: number): Shift => ({
    step,
    narrow: step === 0 ? 0 : narrow,
    held: step === 0 ? 0 : frac,
    frac: step === 0 ? 0 : frac,
    frac50: frac,
    fracE: 0.1,
    klC: 0.004,
    stray: 0.001,
    perContext: Array.from({ length: 12 }, (_, c) => (step === 0 ? 0 : frac + c / 100)),
  });
  const positions = Array.from({ length: 16 }, (_, t) => 1 / (t + 1));
  return {
    config,
    process: {
      noise: 0.0987,
      optimalLoss: 0.75,
      alignmentLoss: 0.36,
      capabilityLoss: 0.39,
      optimalLossByPosition: positions,
    },
    pretrain: {
      steps: config.pretrain.steps,
      curve: [0, 100, 1000].map((step) => ({ step, excess: 1 / (step + 1), standardError: 0.001 })),
      excessLoss: 0.009,
      standardError: 0.0004,
      excessByPosition: positions,
      passesGate: true,
    },
    fineTune: config.narrowSets.flatMap((narrowSet) =>
      adapterNames.map((adapter) => ({
        adapter,
        narrowSet,
        curve: [0, 10, 20].map(shift),
        final: shift(20),
        atGate: narrow >= 0.9 ? shift(10) : null,
        passesNarrowGate: narrow >= 0.9,
      })),
    ),
    probes: (["persona", "phase"] as const).flatMap((target) =>
      ["blocks.0.hook_resid_pre", "blocks.0.hook_resid_post"].map((hook) => ({
        hook,
        target,
        r2: 0.9,
        untrained: 0.1,
        shuffledMean: -0.01,
        shuffledMax: 0,
      })),
    ),
    steering: {
      hook: "blocks.0.hook_resid_post",
      directionNorm: 2,
      alignment: 0.6,
      capability: 0.03,
      q: 0.7,
      qBase: 0.13,
      random: { count: 10, alignment: 0.03, capability: 0.02, q: 0.14, qMax: 0.2 },
    },
  };
}
