import fc from "fast-check";
import type { Key } from "../key.ts";

/** Any unsigned 32-bit word. */
export const word = fc.integer({ min: 0, max: 2 ** 32 - 1 });

/** Any key. */
export const anyKey: fc.Arbitrary<Key> = fc.tuple(word, word);
