/**
 * Semi-factored processes: tensor structure, block partitions and the families that test them.
 *
 * @packageDocumentation
 */
export type { ContextPersonasOptions } from "./families/context-personas.ts";
/** The named families under one name: `families.personaSegments({ code: "pairs" })`. */
export * as families from "./families/index.ts";
export type { LeakySector, LeakySectorOptions } from "./families/leaky-sector.ts";
export type { PersonaMess3Options } from "./families/persona-mess3.ts";
export * from "./families/persona-segments/index.ts";
export type { ByPhase, PersonaZ1rOptions, PersonaZ1rVariant } from "./families/persona-z1r.ts";
export type { PhaseLockedZ1rOptions } from "./families/phase-locked-z1r.ts";
export type { StaticLabelsOptions } from "./families/static-labels.ts";
export * from "./structure/index.ts";
