/**
 * The theorems on factored and semi-factored processes, T10 to T33, as objects that can be run. Needs the optional peer dependency
 * fast-check.
 *
 * @packageDocumentation
 */
export { theorems } from "./list.ts";
