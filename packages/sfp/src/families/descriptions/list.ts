import { contextPersonasDescription } from "./context-personas.ts";
import type { FamilyDescription } from "./description.ts";
import { leakySectorDescription } from "./leaky-sector.ts";
import { personaMess3Description } from "./persona-mess3.ts";
import { personaSegmentsDescription } from "./persona-segments.ts";
import { personaZ1rDescription } from "./persona-z1r.ts";
import { phaseLockedZ1rDescription } from "./phase-locked-z1r.ts";
import { staticLabelsDescription } from "./static-labels.ts";

const DESCRIPTIONS: readonly FamilyDescription[] = Object.freeze([
  phaseLockedZ1rDescription,
  personaZ1rDescription,
  contextPersonasDescription,
  personaMess3Description,
  staticLabelsDescription,
  leakySectorDescription,
  personaSegmentsDescription,
]);

/** What there is under `families`, described; frozen. */
export function list(): readonly FamilyDescription[] {
  return DESCRIPTIONS;
}
