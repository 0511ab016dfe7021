import { contextPersonas } from "./context-personas.ts";
import { list } from "./descriptions/list.ts";
import { leakySector } from "./leaky-sector.ts";
import { personaMess3 } from "./persona-mess3.ts";
import { personaSegments } from "./persona-segments/definition.ts";
import { personaZ1r } from "./persona-z1r.ts";
import { phaseLockedZ1r } from "./phase-locked-z1r.ts";
import { staticLabels } from "./static-labels.ts";

/**
 * The named families under one name, each a function of its options, and `list()`, which describes them: parameters with their
 * ranges, what is matched, what varies, and closed forms.
 *
 * @example
 * ```ts
 * import { families } from "@semifactor/sfp";
 *
 * expect(families.contextPersonas({ contexts: 4 }).stateDim).toBe(16);
 *
 * const z9 = families.list().find(({ name }) => name === "phaseLockedZ1r");
 * const rate = z9?.quantities({ kappa: 0.5 }).find(({ name }) => name === "entropy rate");
 * expect(rate?.value).toBeCloseTo(0.645698, 6);
 * ```
 */
export const families = Object.freeze({
  contextPersonas,
  leakySector,
  list,
  personaMess3,
  personaSegments,
  personaZ1r,
  phaseLockedZ1r,
  staticLabels,
});
