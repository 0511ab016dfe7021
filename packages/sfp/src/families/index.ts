/** The named families of processes, by the names under which `families.*` offers them. */
export { contextPersonas } from "./context-personas.ts";
export { leakySector } from "./leaky-sector.ts";
export { personaMess3 } from "./persona-mess3.ts";
export { personaSegments } from "./persona-segments/definition.ts";
export { personaZ1r } from "./persona-z1r.ts";
export { phaseLockedZ1r } from "./phase-locked-z1r.ts";
export { staticLabels } from "./static-labels.ts";
