import type { EngineCheck } from "./engine-check.ts";
import { kernelChecks } from "./kernel-checks.ts";
import { modelChecks } from "./model-checks.ts";

/** Every check of the differential suite. */
export const engineChecks: readonly EngineCheck[] = [...kernelChecks, ...modelChecks];
