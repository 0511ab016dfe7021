import { afterAll, beforeAll, describe, test } from "vitest";
import type { Engine } from "../engine.ts";
import type { EngineCheck, Tolerances } from "./engine-check.ts";
import { engineChecks } from "./engine-checks.ts";

/** How far from the reference is right, where nothing else is said. */
export const defaultTolerances: Tolerances = { kernel: 2e-6, model: 1e-4 };

/** The first training run of a software adapter compiles some twenty shaders. */
const testTimeout = 180_000;
/** Disposing waits for what a device still compiles. */
const hookTimeout = 60_000;

/** Options of {@link engineSuite}. */
export interface EngineSuiteOptions {
  /** The engine, or why there is none here: the checks are then skipped and the reason is printed. */
  create(): Promise<Engine | string>;
  /** 2e-6 for kernels and 1e-4 for models by default. */
  readonly tolerances?: Partial<Tolerances>;
  /** Checks to run, all by default. */
  readonly checks?: readonly EngineCheck[];
}

/** Compares an engine with the float64 reference, as tests. */
export function engineSuite(name: string, options: EngineSuiteOptions): void {
  const tolerances = { ...defaultTolerances, ...options.tolerances };
  describe(name, () => {
    let engine: Engine | string = "not created";
    beforeAll(async () => {
      engine = await options.create();
      if (typeof engine === "string") process.stderr.write(`skipped: ${name}: ${engine}\n`);
    }, hookTimeout);
    afterAll(() => {
      if (typeof engine !== "string") engine.dispose();
    }, hookTimeout);
    test.each((options.checks ?? engineChecks).map((check) => [check.name, check] as const))(
      "%s",
      async (_, check) => {
        if (typeof engine !== "string") await check.run(engine, tolerances);
      },
      testTimeout,
    );
  });
}
