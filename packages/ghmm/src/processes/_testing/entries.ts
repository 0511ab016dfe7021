import type { Process } from "../../process/process.ts";

/** The entries of the operators that are not zero, as `"token: from->to"`. */
export const entries = (process: Process): Record<string, number> =>
  Object.fromEntries(
    process.alphabet.flatMap((name, x) =>
      Array.from(process.operator(x)).flatMap((value, i) =>
        value === 0 ? [] : [[`${name}: ${Math.floor(i / process.stateDim)}->${i % process.stateDim}`, value] as const],
      ),
    ),
  );
