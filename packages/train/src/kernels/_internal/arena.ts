/** The reference arena: every buffer of a plan in one float64 array; integers are kept as numbers. */
export type Arena = Float64Array;

/** Element `index` of an arena; NaN outside it, so that a wrong address shows in every result. */
export function at(arena: Arena, index: number): number {
  return arena[index] ?? Number.NaN;
}

/** `arena[index] += value`. */
export function accumulate(arena: Arena, index: number, value: number): void {
  arena[index] = at(arena, index) + value;
}
