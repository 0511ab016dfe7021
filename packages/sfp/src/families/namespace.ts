import { contextPersonas } from "./context-personas.ts";
import { leakySector } from "./leaky-sector.ts";
import { personaMess3 } from "./persona-mess3.ts";
import { personaSegments } from "./persona-segments/definition.ts";
import { personaZ1r } from "./persona-z1r.ts";
import { phaseLockedZ1r } from "./phase-locked-z1r.ts";
import { staticLabels } from "./static-labels.ts";

/**
 * The named families under one name, each a function of its options.
 *
 * @example
 * ```ts
 * import { families } from "@semifactor/sfp";
 *
 * expect(families.contextPersonas({ contexts: 4 }).stateDim).toBe(16);
 * ```
 */
export const families = Object.freeze({
  contextPersonas,
  leakySector,
  personaMess3,
  personaSegments,
  personaZ1r,
  phaseLockedZ1r,
  staticLabels,
});
