import { engineChecks } from "../../_testing/engine-checks.ts";
import { createWebgpuEngine } from "../webgpu-engine.ts";

// Entry of the page of ../browser.test.ts.
const engine = createWebgpuEngine();

Object.assign(globalThis, {
  /** The variant of the engine, or why there is none. */
  engineVariant: (): Promise<string> =>
    engine.then(
      ({ variant }) => variant,
      (error: unknown) => `no engine: ${String(error)}`,
    ),
  /** Runs one check; rejects where the engine is wrong. */
  runCheck: async (name: string, tolerances: { readonly kernel: number; readonly model: number }): Promise<void> => {
    const check = engineChecks.find((one) => one.name === name);
    if (check === undefined) throw new Error(`no check ${name}`);
    await check.run(await engine, tolerances);
  },
});
