/** The named families of processes, by the names under which `families.*` offers them. */
export { personaSegments } from "./persona-segments/definition.ts";
