export { normal, randomBits, uniform } from "./draw.ts";
export { createKey, foldIn, type Key, splitKey } from "./key.ts";
