import type { Theorem } from "@semifactor/ghmm/theorems";

/**
 * All theorems of this package, by number.
 *
 * @example
 * ```ts
 * import { theorems } from "@semifactor/sfp/theorems";
 *
 * expect(theorems.every(({ id }) => /^T\d+$/.test(id))).toBe(true);
 * ```
 */
export const theorems: readonly Theorem<unknown>[] = Object.freeze([]);
