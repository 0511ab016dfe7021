import { allocate } from "../numeric/allocate.ts";
import { InvalidArgumentError, ShapeError } from "../numeric/errors.ts";

/** The caller's array, or a new one. */
export function outputOf(source: string, name: string, given: Float64Array | undefined, length: number): Float64Array {
  if (given === undefined) return allocate(source, Float64Array, length);
  if (given instanceof Float64Array && given.length === length) return given;
  throw new ShapeError({
    source,
    problem: `out.${name} ${given instanceof Float64Array ? `has ${given.length} entries` : "is no Float64Array"}`,
    remedy: `Give a Float64Array of ${length} entries, or none`,
  });
}

/** Throws if two arrays that are written to have numbers in common. */
export function checkApart(source: string, arrays: Readonly<Record<string, Float64Array | undefined>>): void {
  const written = Object.entries(arrays).flatMap(([name, array]) => (array === undefined ? [] : [{ name, array }]));
  written.forEach(({ name, array }, i) => {
    for (const other of written.slice(i + 1)) {
      const first = array.byteOffset < other.array.byteOffset + other.array.byteLength;
      const second = other.array.byteOffset < array.byteOffset + array.byteLength;
      if (array.buffer !== other.array.buffer || !first || !second) continue;
      throw new InvalidArgumentError({
        source,
        problem: `out.${name} and out.${other.name} overlap`,
        remedy: "Give every result an array of its own",
      });
    }
  });
}
