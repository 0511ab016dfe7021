import { UnsupportedError } from "./errors.ts";

/** A typed array of zeros, or a named error where the host has no room for it. */
export function allocate<T>(source: string, ArrayType: new (length: number) => T, length: number): T {
  try {
    return new ArrayType(length);
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    throw new UnsupportedError(
      {
        source,
        problem: `an array of ${length} numbers does not fit into memory`,
        remedy: "Ask for less at a time",
      },
      { cause },
    );
  }
}
