import { checkInteger } from "../../numeric/options.ts";

/** How far sums over infinitely many mixed states go. */
export interface Limits {
  readonly maxLength: number;
  readonly maxStates: number;
}

/** The limits with their defaults, checked. */
export function readLimits(
  source: string,
  { maxLength = 256, maxStates = 20_000 }: { readonly maxLength?: number; readonly maxStates?: number },
): Limits {
  checkInteger(source, "maxLength", maxLength, 1, 2 ** 20);
  checkInteger(source, "maxStates", maxStates, 1, 2 ** 23);
  return { maxLength, maxStates };
}
